"""Resource policies, evaluated the way IAM evaluates them.

Sources: IAM user guide, "Policy evaluation logic" (an explicit deny wins, nothing said is a no) and
"JSON policy elements" (Principal, NotPrincipal, Action, NotAction, Resource, NotResource).

What cannot be decided (an operator not known here, a value not known yet) never becomes a yes or a
no by accident: it makes the answer `CANNOT_TELL`, unless the rest of the policy decides anyway.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from alerting.account import Ref, Unknown
from alerting.delivery.conditions import Context, PolicyError, Value, conditions, pattern
from alerting.delivery.logic import Truth, any_of, negation
from alerting.sns.arn import parse_arn

_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


class Verdict(StrEnum):
    """What a policy says to a request."""

    ALLOWED = "allowed"
    DENIED = "denied"
    """A statement denies it explicitly."""
    NOT_ALLOWED = "not allowed"
    """No statement allows it."""
    CANNOT_TELL = "cannot tell"
    MALFORMED = "malformed"
    """It is not a policy; AWS would not have taken it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, and what it rests on."""

    verdict: Verdict
    reason: str
    """A clause without a full stop: which statement, which condition, which operator."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants to do what to which resource."""

    principal: str | None
    """A service (`cloudwatch.amazonaws.com`), an account id or an IAM ARN; None for a policy
    attached to an identity, which names no principal."""
    action: str
    """For example `sns:Publish`."""
    resource: Ref | None
    """Its ARN; None for a trust policy, which names no resource."""
    context: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Condition keys, in any case. A key that is not here is not in the request."""
    unseen: tuple[str, ...] = ()
    """Keys in lower case, `*` standing for anything, that the real request may carry with a value
    that cannot be seen from here."""


def decide(policy: str | Mapping[str, Any] | Unknown | None, request: Request) -> Decision:
    """What `policy` says to `request`.

    Args:
        policy: A JSON document, the same as a mapping, `Unknown`, or None where there is none.
        request: The request; keys of its context are looked up in any case.
    """
    if policy is None:
        return Decision(Verdict.NOT_ALLOWED, "there is no policy")
    if isinstance(policy, Unknown):
        return Decision(Verdict.CANNOT_TELL, f"the policy is {policy}")
    values = {key.lower(): value for key, value in request.context.items()}
    context = Context(values, request.unseen)
    try:
        statements = statements_of(policy)
        judged = [
            _judge(statement, n, request, context) for n, statement in enumerate(statements, 1)
        ]
    except PolicyError as error:
        return Decision(Verdict.MALFORMED, str(error))
    return _combine(judged)


def statements_of(policy: str | Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The statements of a policy document.

    Raises:
        PolicyError: it is not JSON, or not of the form of a policy.
    """
    document = _read(policy) if isinstance(policy, str) else policy
    if not isinstance(document, Mapping):
        raise PolicyError("the policy is not a JSON object")
    statements = document.get("Statement")
    if isinstance(statements, Mapping | Unknown):
        statements = [statements]
    if not isinstance(statements, list | tuple) or not statements:
        raise PolicyError("the policy has no statements")
    return tuple(_statement(statement) for statement in statements)


def _statement(given: object) -> Mapping[str, Any]:
    if isinstance(given, Unknown):
        return dict.fromkeys(("Effect", "Principal", "Action", "Resource"), given)
    if not isinstance(given, Mapping):
        raise PolicyError("a statement of the policy is not a JSON object")
    effect = given.get("Effect")
    if not isinstance(effect, Unknown) and effect not in ("Allow", "Deny"):
        raise PolicyError(f"Effect must be Allow or Deny, got {effect!r}")
    return given


@lru_cache(maxsize=1024)
def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"the policy is not JSON ({error})") from error


@dataclass(frozen=True, slots=True)
class _Judged:
    """One statement against one request."""

    effect: str | Unknown
    truth: Truth
    name: str
    reason: str = ""
    """Why the truth is not True."""
    passed: int = 0
    """How many elements of the statement matched before one did not: how near a miss it is."""


def _combine(judged: Sequence[_Judged]) -> Decision:
    """IAM's order: an explicit deny, then an allow, then the implicit no."""
    denies = [j for j in judged if j.effect != "Allow"]
    allows = [j for j in judged if j.effect != "Deny"]
    for j in denies:
        if j.truth is True and j.effect == "Deny":
            return Decision(Verdict.DENIED, f"{j.name} denies it")
    doubts = [j for j in denies if j.truth is not False]
    granted = [j for j in allows if j.truth is True and j.effect == "Allow"]
    hopes = [j for j in allows if j.truth is not False]
    if granted and not doubts:
        return Decision(Verdict.ALLOWED, f"{granted[0].name} allows it")
    if hopes:
        doubt = (doubts if granted else hopes)[0]
        return Decision(Verdict.CANNOT_TELL, f"{doubt.name}: {doubt.reason}")
    nearest = max(allows, key=lambda j: j.passed, default=None)
    if nearest is None or nearest.passed == 0:
        return Decision(Verdict.NOT_ALLOWED, "no statement allows it")
    return Decision(
        Verdict.NOT_ALLOWED, f"no statement allows it; {nearest.name} does not: {nearest.reason}"
    )


def _judge(
    statement: Mapping[str, Any], number: int, request: Request, context: Context
) -> _Judged:
    sid = statement.get("Sid")
    name = f"statement {sid!r}" if isinstance(sid, str) and sid else f"statement {number}"
    effect = statement["Effect"]
    truth: Truth = True
    reason = f"its Effect is {effect}" if isinstance(effect, Unknown) else ""
    passed = 0
    for element, why in (
        (_principal(statement, request), lambda: "the principal it names"),
        (_action(statement, request), lambda: f"the actions it names are not {request.action}"),
        (_resource(statement, request), lambda: "it is for another resource"),
        *conditions(statement.get("Condition"), context),
    ):
        if element is False:
            return _Judged(effect, False, name, why(), passed)
        if element is None:
            truth, reason = None, reason or why()
        passed += 1
    return _Judged(effect, truth, name, reason, passed)


def _principal(statement: Mapping[str, Any], request: Request) -> Truth:
    if request.principal is None:
        return True
    if "Principal" in statement:
        return _names_principal(statement["Principal"], request.principal)
    if "NotPrincipal" in statement:
        return negation(_names_principal(statement["NotPrincipal"], request.principal))
    raise PolicyError("a statement has neither Principal nor NotPrincipal")


def _names_principal(element: object, principal: str) -> Truth:
    if isinstance(element, Unknown):
        return None
    if element == "*":
        return True
    if not isinstance(element, Mapping):
        raise PolicyError(f"Principal must be * or an object, got {element!r}")
    return any_of(
        _is_principal(str(kind), value, principal)
        for kind, given in element.items()
        for value in _values(given, f"Principal.{kind}")
    )


def _is_principal(kind: str, value: str | Unknown, principal: str) -> Truth:
    if isinstance(value, Unknown):
        return None
    is_service = principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))
    match kind:
        case "AWS":
            # An anonymous or any-account grant reaches services too: the policy a new topic has
            # grants `"AWS": "*"`, and alarms publish through it.
            named = value == principal or value in _whole_account(principal)
            return value == "*" or (named and not is_service)
        case "Service":
            return None if "*" in value else is_service and value == principal
        case "Federated" | "CanonicalUser":
            return False
        case _:
            return None


def _whole_account(principal: str) -> tuple[str, ...]:
    """The names by which a policy means everybody in the principal's account."""
    if principal.isdigit():
        return (principal, *(f"arn:{p}:iam::{principal}:root" for p in _PARTITIONS))
    arn = parse_arn(principal)
    return (arn.account, f"arn:{arn.partition}:iam::{arn.account}:root") if arn else ()


def _action(statement: Mapping[str, Any], request: Request) -> Truth:
    for key, negated in (("Action", False), ("NotAction", True)):
        if key in statement:
            named = any_of(
                None
                if isinstance(value, Unknown)
                else bool(pattern(value.casefold()).fullmatch(request.action.casefold()))
                for value in _values(statement[key], key)
            )
            return negation(named) if negated else named
    raise PolicyError("a statement has neither Action nor NotAction")


def _resource(statement: Mapping[str, Any], request: Request) -> Truth:
    if request.resource is None:
        return True
    for key, negated in (("Resource", False), ("NotResource", True)):
        if key in statement:
            named = any_of(
                _is_resource(value, request.resource) for value in _values(statement[key], key)
            )
            return negation(named) if negated else named
    raise PolicyError("a statement has neither Resource nor NotResource")


def _is_resource(named: str | Unknown, resource: Ref) -> Truth:
    if named == "*":
        return True
    if isinstance(named, Unknown) or isinstance(resource, Unknown) or "${" in named:
        return None
    # A wildcard stays within its part of the ARN; in the last part written it takes the rest.
    parts = named.split(":", 5)
    given = resource.split(":", len(parts) - 1)
    return len(parts) == len(given) and all(
        pattern(p).fullmatch(g) for p, g in zip(parts, given, strict=True)
    )


def _values(given: object, element: str) -> list[str | Unknown]:
    values: list[str | Unknown] = []
    for value in given if isinstance(given, list | tuple) else (given,):
        if not isinstance(value, str | Unknown):
            raise PolicyError(f"{element} must be text, got {value!r}")
        values.append(value)
    return values
