"""How one reference, one policy and one key are judged."""

from collections.abc import Callable
from dataclasses import replace

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.delivery.policies import Decision, Request, Verdict, decide
from alerting.delivery.requests import KEY_ACTIONS, Place, place
from alerting.delivery.steps import Outcome, Step, outcome_of
from alerting.sns.arn import parse_arn

_USABLE = ("Enabled", "Creating", "Updating")


def reference(given: object) -> Ref:
    """What AWS's data has in the place of a reference, which is text, as one."""
    return given if isinstance(given, str | Unknown) else str(given)


def look_up(
    account: Account, kind: Kind, ref: Ref, step: str, *, owner: Item, missing: str
) -> tuple[Item | None, Step]:
    """The item a reference means; without one, the step says why there is none.

    A thing that is not in the picture is missing only where everything was looked up, and only if
    it would be in this account and Region; otherwise it may well exist.

    Args:
        account: Where to look.
        kind: What is meant.
        ref: How it is referred to.
        step: Name of the step.
        owner: Who refers to it, and is to be changed where it does not exist.
        missing: Id of the rule that reports that.
    """
    items = account.find(kind, ref)
    if items:
        return items[0], Step(step, Outcome.OK, about=items[0])
    if isinstance(ref, Unknown):
        why = f"the {kind} is {ref}"
    elif ref in account.unreadable:
        why = f"the {kind} {ref} could not be read: {account.unreadable[ref]}"
    elif account.whole and _at_home(account, ref):
        return None, Step(step, Outcome.BROKEN, f"there is no {kind} {ref}", missing, about=owner)
    else:
        why = f"the {kind} {ref} is not part of what can be seen here"
    return None, Step(step, Outcome.CANNOT_TELL, why, about=ref)


def _at_home(account: Account, ref: str) -> bool:
    where = place(account, ref)
    return where.account == account.account_id and where.region in ("", account.region)


def unreadable(account: Account, item: Item) -> str:
    """Why something about an item that is there could not be read; empty where it was."""
    reason = account.unreadable.get(item.arn) if isinstance(item.arn, str) else None
    return f"could not be read: {reason}" if reason is not None else ""


def judge_policy(
    account: Account, owner: Item, request: Request, step: str, *, who: str, rule: str
) -> Step:
    """Whether the policy of `owner` lets `request` through, as a step.

    Args:
        account: The picture.
        owner: The item whose `Policy` decides; one without a policy lets no service in.
        request: What is asked for.
        step: Name of the step.
        who: The one who asks, in words.
        rule: Id of the rule that reports a no.
    """
    policy = owner.get("Policy") or None
    if policy is None and (reason := unreadable(account, owner)):
        return Step(step, Outcome.CANNOT_TELL, f"its policy {reason}", about=owner)
    return as_step(decide(policy, request), request, owner, step, who=who, rule=rule)


def as_step(
    decision: Decision, request: Request, owner: Item, step: str, *, who: str, rule: str
) -> Step:
    """A decision about what `who` asks for, as a step."""
    match decision.verdict:
        case Verdict.ALLOWED:
            return Step(step, Outcome.OK, about=owner)
        case Verdict.CANNOT_TELL:
            return Step(step, Outcome.CANNOT_TELL, decision.reason, about=owner)
        case Verdict.MALFORMED:
            return Step(step, Outcome.BROKEN, decision.reason, "policy-malformed", about=owner)
        case Verdict.DENIED | Verdict.NOT_ALLOWED:
            why = f"{who} may not do {request.action}: {decision.reason}"
            return Step(step, Outcome.BROKEN, why, rule, about=owner)


def judge_key(
    account: Account,
    owner: Item,
    ref: Ref,
    request: Callable[[Place, str], Request],
    *,
    service: str,
    region: str,
    who: str,
) -> Step:
    """Whether `who` can use the key of a topic or queue.

    Args:
        account: The picture.
        owner: The topic or queue.
        ref: `KmsMasterKeyId`: an id, an alias, or the ARN of either.
        request: Makes the request for one key and one action.
        service: `sns` or `sqs`.
        region: Where the topic or queue is, and the key has to be.
        who: The one who asks, in words.
    """
    step = f"{owner.kind} key"
    alias = f"alias/aws/{service}"
    managed = f"{alias} lets no other service in, and its policy cannot be changed"
    if isinstance(ref, str) and ref.rsplit(":", 1)[-1] == alias:
        return Step(step, Outcome.BROKEN, managed, f"{owner.kind}-key-aws-managed", about=owner)
    key, found = look_up(account, Kind.KEY, ref, step, owner=owner, missing="key-missing")
    if key is None:
        return found
    if key.get("KeyManager") == "AWS":
        return Step(step, Outcome.BROKEN, managed, f"{owner.kind}-key-aws-managed", about=owner)
    if unusable := _unusable(key, region):
        return Step(step, Outcome.BROKEN, unusable, "key-unusable", about=key)
    where = place(account, key.arn)
    rule = f"{owner.kind}-key-closed"
    steps = [
        judge_policy(account, key, request(where, action), step, who=who, rule=rule)
        for action in KEY_ACTIONS
    ]
    worst = next((s for s in steps if s.outcome is outcome_of(steps)), found)
    half = {s.outcome for s in steps} == {Outcome.OK, Outcome.BROKEN}
    return replace(worst, why=f"half a grant: {worst.why}") if half else worst


def _unusable(key: Item, region: str) -> str:
    state = key.get("KeyState")
    if isinstance(state, str) and state not in _USABLE:
        return f"the key is in state {state}"
    if key.get("Enabled") is False:
        return "the key is disabled"
    spec = key.get("KeySpec") or key.get("CustomerMasterKeySpec")
    if isinstance(spec, str) and spec != "SYMMETRIC_DEFAULT":
        return f"the key is of the kind {spec}, not a symmetric one"
    usage = key.get("KeyUsage")
    if isinstance(usage, str) and usage != "ENCRYPT_DECRYPT":
        return f"the key is for {usage}, not for encryption"
    arn = parse_arn(key.arn) if isinstance(key.arn, str) else None
    if arn and arn.region != region:
        return f"the key is in {arn.region}, not in {region}"
    return ""
