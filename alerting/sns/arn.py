"""Amazon Resource Names, taken apart."""

import re
from typing import NamedTuple

# The account is "aws" in managed policies and "ec2" in actions (arn:aws:automate:REGION:ec2:stop).
_ARN = re.compile(r"arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):([0-9]{12}|aws|ec2|):(.+)")


class Arn(NamedTuple):
    """`arn:partition:service:region:account:resource`."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(("arn", *self))


def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN; None where the text is not one."""
    match = _ARN.fullmatch(text)
    return Arn(*match.groups()) if match else None
