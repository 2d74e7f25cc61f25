"""The stack that both programs declare: one topic with a key, one mail address, N alarms."""

from typing import Any

ACCOUNT, REGION, PROJECT, STACK = "123456789012", "us-east-1", "anomaly-alerting", "bench"


TAG = "alarms"
"""The tag that says how many alarms the state machines are to have that are found by it."""


def machines(count: int) -> list[str]:
    """ARNs of state machines that have as many alarms, four each."""
    prefix = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:machine-"
    return [f"{prefix}{index:05}" for index in range(count // 4)]


def listing(count: str) -> list[dict[str, Any]]:
    """What the Tagging API answers, asked for that tag."""
    return [{"resourceArn": arn, "tags": {TAG: count}} for arn in machines(int(count))]


def alarms(count: int) -> dict[str, Any]:
    """As many alarms on EC2 CPUUtilization, an instance each, in the form of a stack file."""
    return {
        f"cpu-{index:05}": {
            "metric": {
                "namespace": "AWS/EC2",
                "name": "CPUUtilization",
                "dimensions": {"InstanceId": f"i-{index:017}"},
            },
            "threshold": {"above": 80},
        }
        for index in range(count)
    }
