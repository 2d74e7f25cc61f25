"""From an alarm's event to a state machine, and from that to the topics it tells.

What a role may do is said by its own policies and by the resource's. Within one account either is
enough for a topic; a key's policy has to let the account or the role in, and across accounts both
have to allow it (IAM user guide, "Policy evaluation logic"; KMS developer guide, "Key policies").
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from alerting.account import Account, Item, Kind, Unknown
from alerting.delivery import requests
from alerting.delivery.judging import as_step, look_up, reference, unreadable
from alerting.delivery.policies import Decision, Request, Verdict, decide, statements_of
from alerting.delivery.requests import Place, place
from alerting.delivery.roles import identity_policy, role_steps
from alerting.delivery.steps import Outcome, Step
from alerting.states.started import Started

RULE = "reminder-closed"
_WHO = "Step Functions"
_STRANGER = "arn:aws:iam::000000000000:role/stranger"
_FULL_ACCESS = ("AdministratorAccess", "PowerUserAccess", "AmazonSNSFullAccess")


def start_steps(account: Account, started: Started) -> Iterator[Step]:
    """Whether EventBridge gets to start a machine."""
    yield from role_steps(
        account,
        started.target.get("RoleArn"),
        requests.take_on(requests.EVENTS, place(account, started.rule.arn)),
        [requests.start(place(account, started.item.arn))],
        owner=started.rule,
        who="EventBridge",
        rule="reminder-not-started",
        missing="reminder-not-started",
        full_access=("AWSStepFunctionsFullAccess",),
    )


def machine_steps(account: Account, machine: Item, topic: Item) -> Iterator[Step]:
    """Whether a state machine gets through to a topic: its role, the topic's policy, its key."""
    there, ref = place(account, topic.arn), machine.get("roleArn")
    trust = requests.take_on(requests.STATES, place(account, machine.arn))
    yield from role_steps(account, ref, trust, (), owner=machine, who=_WHO, rule=RULE, missing=RULE)
    found = account.find(Kind.ROLE, reference(ref))
    if not found:
        return
    role, here = found[0], place(account, found[0].arn)
    if unreadable(account, role) or unreadable(account, topic):
        why = "what it may do, or whom the topic lets in, could not be read"
        yield Step("topic policy", Outcome.CANNOT_TELL, why, about=topic)
        return
    request = requests.tell(here, there)
    same = here.account == there.account
    yield _allowed(role, topic, request, "topic policy", same_account=same)
    if key := topic.get("KmsMasterKeyId"):
        yield from _key(
            account,
            role,
            topic,
            reference(key),
            lambda key, action: requests.seal(here, there, key, action),
        )


def _key(
    account: Account,
    role: Item,
    topic: Item,
    ref: str | Unknown,
    request: Callable[[Place, str], Request],
) -> Iterator[Step]:
    """A key that nobody can use is reported of the alarms that tell the topic."""
    if isinstance(ref, str) and ref.rsplit(":", 1)[-1] == "alias/aws/sns":
        return  # its policy lets in whoever of the account may publish
    key, found = look_up(account, Kind.KEY, ref, "topic key", owner=topic, missing="key-missing")
    if key is None or key.get("KeyManager") == "AWS":
        yield replace(found, outcome=Outcome.OK) if key else found
        return
    for action in requests.KEY_ACTIONS:
        where = place(account, key.arn)
        same = where.account == place(account, role.arn).account
        asked = request(where, action)
        yield _allowed(role, key, asked, "topic key", same_account=same)


def _allowed(
    role: Item, resource: Item, request: Request, name: str, *, same_account: bool
) -> Step:
    """Whether a role may do something to a resource.

    Args:
        role: The role.
        resource: A topic or a key.
        request: What it wants, as the role.
        name: Of the step.
        same_account: Whether both are of one account.
    """
    own = decide(identity_policy(role, _FULL_ACCESS), replace(request, principal=None))
    theirs = decide(resource.get("Policy") or None, request)
    for decision, about in ((own, role), (theirs, resource)):
        if decision.verdict in (Verdict.DENIED, Verdict.MALFORMED):
            return _step(decision, request, about, name)
    own_is_enough = same_account and resource.kind is Kind.TOPIC
    if own_is_enough and theirs.verdict is Verdict.NOT_ALLOWED:
        return _step(own, request, role, name)
    if theirs.verdict is not Verdict.ALLOWED:
        return _step(theirs, request, resource, name)
    if same_account and own.verdict is not Verdict.ALLOWED and _lets_in_itself(resource, request):
        return Step(name, Outcome.OK, about=resource)
    return _step(own, request, role, name)


def _lets_in_itself(resource: Item, request: Request) -> bool:
    """Whether a statement names the role, or lets in whoever asks, rather than the role's account.

    The latter leaves it to IAM who of the account may.
    """

    def allows(statement: Mapping[str, Any], principal: str | None) -> bool:
        asked = replace(request, principal=principal)
        return decide({"Statement": [statement]}, asked).verdict is Verdict.ALLOWED

    return any(
        allows(one, request.principal)
        and (not allows(one, f"{request.principal}-another") or allows(one, _STRANGER))
        for one in statements_of(resource.get("Policy"))
    )


def _step(decision: Decision, request: Request, about: Item, name: str) -> Step:
    return as_step(decision, request, about, name, who="the role", rule=RULE)
