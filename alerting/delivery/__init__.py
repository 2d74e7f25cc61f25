"""Is someone listening? The paths from alarms to receivers, judged. Pure: data in, data out."""

from alerting.delivery.courier import Courier, Delivery, courier
from alerting.delivery.labels import receiver_label
from alerting.delivery.routes import NOBODY, Route, routes
from alerting.delivery.rules import RULES, Finding, Level, Rule, findings
from alerting.delivery.steps import Outcome, Step

__all__ = [
    "NOBODY",
    "RULES",
    "Courier",
    "Delivery",
    "Finding",
    "Level",
    "Outcome",
    "Route",
    "Rule",
    "Step",
    "courier",
    "findings",
    "receiver_label",
    "routes",
]
