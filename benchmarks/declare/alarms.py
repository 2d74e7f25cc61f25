"""The stack that both programs declare: one topic with a key, one mail address, N alarms."""

from typing import Any

ACCOUNT, REGION, PROJECT, STACK = "123456789012", "us-east-1", "anomaly-alerting", "bench"


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
