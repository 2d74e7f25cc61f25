"""CloudWatch's own rules, as plain functions on plain data."""

from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.state import MissingData, State, next_state

__all__ = ["Comparison", "MissingData", "State", "next_state"]
