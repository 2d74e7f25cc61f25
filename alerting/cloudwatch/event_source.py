"""How CloudWatch's events are told from others: user guide, "Alarm events and EventBridge"."""

SOURCE = "aws.cloudwatch"
STATE_CHANGE = "CloudWatch Alarm State Change"
"""The detail-type of an alarm's change of state."""
