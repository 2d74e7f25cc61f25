"""What AWS would answer, a file a service, and what the ledger writes down of it.

One function an operation, called as the operation is: it is given the scribe at work and the
parameters, changes the ledger, and returns what has the shape of AWS's response.
"""

from collections.abc import Mapping
from types import ModuleType

from alerting.account.answers import (
    cloudformation,
    cloudwatch,
    events,
    iam,
    kms,
    lambda_,
    logs,
    scheduler,
    sns,
    sqs,
    stepfunctions,
)

ANSWERS: Mapping[str, ModuleType] = {
    "cloudformation": cloudformation,
    "cloudwatch": cloudwatch,
    "events": events,
    "iam": iam,
    "kms": kms,
    "lambda": lambda_,
    "logs": logs,
    "scheduler": scheduler,
    "sns": sns,
    "sqs": sqs,
    "stepfunctions": stepfunctions,
}
"""By boto3's name of the service."""
