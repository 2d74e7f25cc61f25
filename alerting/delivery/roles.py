"""Roles that a service takes on: whether it may, and whether the role may do what is wanted."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from alerting.account import Account, Item, Kind, Unknown
from alerting.delivery.judging import as_step, look_up, reference, unreadable
from alerting.delivery.policies import Request, decide
from alerting.delivery.steps import Outcome, Step

_FULL_ACCESS = ("AdministratorAccess", "PowerUserAccess")
"""Managed policies of AWS's that allow everything looked at here."""


def role_steps(
    account: Account,
    ref: object,
    trust: Request,
    wanted: Iterable[Request],
    *,
    owner: Item,
    who: str,
    rule: str,
    missing: str,
    full_access: Iterable[str] = (),
) -> Iterator[Step]:
    """Whether a service can do something with a role.

    Args:
        account: The picture.
        ref: The role's ARN.
        trust: The service takes the role on.
        wanted: What it does then.
        owner: Who names the role.
        who: The service, in words.
        rule: Id of the rule that reports what is not allowed.
        missing: Id of the rule that reports that there is no such role.
        full_access: Names of AWS's managed policies that allow it.
    """
    role, found = look_up(account, Kind.ROLE, reference(ref), "role", owner=owner, missing=missing)
    yield found
    if role is None:
        return
    trusts = decide(role.get("AssumeRolePolicyDocument") or None, trust)
    yield as_step(trusts, trust, role, "role trust", who=who, rule=rule)
    if reason := unreadable(account, role):
        yield Step("role policy", Outcome.CANNOT_TELL, f"what it may do {reason}", about=role)
        return
    policy = identity_policy(role, (*_FULL_ACCESS, *full_access))
    for request in wanted:
        decision = decide(policy, request)
        yield as_step(decision, request, role, "role policy", who="the role", rule=rule)


def identity_policy(
    role: Item, full_access: Iterable[str]
) -> str | Mapping[str, Any] | Unknown | None:
    """All policies of a role as one: a deny in any of them counts.

    Args:
        role: The role.
        full_access: Names of AWS's managed policies that allow all that is asked for.
    """
    inline, attached = role.get("Policies") or {}, role.get("AttachedPolicies") or ()
    if isinstance(inline, Unknown) or isinstance(attached, Unknown):
        return Unknown()
    statements: list[object] = []
    for document in inline.values() if isinstance(inline, Mapping) else [inline]:
        if isinstance(document, str):
            try:
                document = json.loads(document)
            except (ValueError, RecursionError):
                return document
        found = document.get("Statement") if isinstance(document, Mapping) else document
        statements += found if isinstance(found, list | tuple) else [found]
    ends = tuple(f":policy/{name}" for name in full_access)
    for arn in attached if isinstance(attached, list | tuple) else [attached]:
        full = isinstance(arn, str) and arn.endswith(ends)
        # What another managed policy says is not in the picture.
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        statements.append(everything if full else Unknown())
    return {"Statement": statements} if statements else None
