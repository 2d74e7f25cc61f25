"""What the rules say of the good account, with faults and odd values in it."""

from typing import Any

from alerting.account import Account, Unknown
from alerting.delivery import Level, findings
from tests.delivery.good_account import Fault, Parts, account_of, good_parts

UNKNOWN = Unknown(("urn:pulumi:prod::anomaly-alerting::aws:other/other:Other::other",))
ODD: tuple[Any, ...] = (5, "x", True, [1], {"a": 1}, [[]], [{}], None)
"""Values that nothing has."""


def faulty(*faults: Fault, more: Parts | None = None, **of_account: Any) -> Account:
    """The good account, with more parts if asked for, and these faults."""
    parts = good_parts() | (more or {})
    for fault in faults:
        fault(parts)
    return account_of(parts, **of_account)


def serious(account: Account) -> dict[str, Level]:
    """The rules that find more than a note, each with its level."""
    return {f.rule: f.level for f in findings(account) if f.level is not Level.NOTE}
