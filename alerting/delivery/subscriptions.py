"""A subscription: what SNS takes, what its filter drops, who still has to confirm it."""

from collections.abc import Iterator, Mapping
from typing import Any

from alerting.account import Account, Item, Ref, Unknown
from alerting.delivery.filter_form import ATTRIBUTES, BODY, FilterError, parse_filter
from alerting.delivery.requests import place
from alerting.delivery.steps import Outcome, Step
from alerting.sns.limits import (
    CONFIRMED_BY_HAND,
    PLAIN_TEXT,
    RAW,
    Protocol,
    endpoint_problems,
)


def subscription_steps(account: Account, topic: Item, subscription: Item) -> tuple[Step, ...]:
    """Whether SNS takes a subscription, lets alarm messages into it, and has it confirmed."""
    protocol = subscription.get("Protocol")
    if isinstance(protocol, Unknown):
        why = f"its protocol is {protocol}"
        return (Step("subscription", Outcome.CANNOT_TELL, why, about=subscription),)
    protocol = str(protocol)
    return (
        _accepted(account, topic, subscription, protocol),
        _filter(subscription, protocol),
        _confirmation(account, topic, subscription, protocol),
    )


def endpoint(subscription: Item) -> Ref:
    """Where a subscription delivers to."""
    given = subscription.get("Endpoint")
    return given if isinstance(given, str | Unknown) else Unknown()


def filter_of(subscription: Item) -> tuple[Mapping[str, Any], str] | None:
    """The filter policy of a subscription and its scope; None where everything passes.

    Raises:
        FilterError: it is none that SNS would have taken.
        LookupError: policy or scope are not known.
    """
    policy = subscription.get("FilterPolicy")
    scope = subscription.get("FilterPolicyScope") or ATTRIBUTES
    if not policy:
        return None
    if isinstance(policy, Unknown) or isinstance(scope, Unknown):
        raise LookupError(
            f"its filter policy is {policy if isinstance(policy, Unknown) else scope}"
        )
    parsed = parse_filter(policy, scope)
    return (parsed, scope) if parsed else None


def is_fifo(item: Item | None, ref: Ref) -> bool:
    """Whether a topic or queue is a FIFO one."""
    declared = item.get("FifoTopic") if item else None
    by_name = isinstance(ref, str) and ref.endswith(".fifo")
    return str(declared).lower() == "true" or by_name


def _accepted(account: Account, topic: Item, subscription: Item, protocol: str) -> Step:
    """Whether SNS takes the subscription at all."""
    name, to = "subscription", endpoint(subscription)
    if is_fifo(topic, topic.arn) and protocol != Protocol.SQS:
        why = f"a FIFO topic delivers to queues only, not by {protocol}"
        return Step(name, Outcome.BROKEN, why, "fifo-mismatch", about=subscription)
    if protocol == Protocol.SQS and is_fifo(None, to) and not is_fifo(topic, topic.arn):
        why = "a standard topic cannot deliver to a FIFO queue"
        return Step(name, Outcome.BROKEN, why, "fifo-mismatch", about=subscription)
    if protocol == "application":
        why = "platform endpoints (mobile push) are not looked at"
        return Step(name, Outcome.CANNOT_TELL, why, about=subscription)
    for why in _refusals(account, topic, subscription, protocol, to):
        return Step(name, Outcome.BROKEN, why, "subscription-refused", about=subscription)
    return Step(name, Outcome.OK, about=subscription)


def _refusals(
    account: Account, topic: Item, subscription: Item, protocol: str, to: Ref
) -> Iterator[str]:
    known = next((p for p in Protocol if p == protocol), None)
    if known is None:
        yield f"SNS has no protocol {protocol!r}"
        return
    raw = subscription.get("RawMessageDelivery")
    if str(raw).lower() == "true" and known not in RAW:
        yield f"raw delivery cannot be had on {known}"
    region = place(account, topic.arn).region
    if isinstance(to, str) and not (known is Protocol.SQS and is_fifo(topic, topic.arn)):
        yield from (f"its endpoint {p.message}" for p in endpoint_problems(known, to, region))


def _filter(subscription: Item, protocol: str) -> Step:
    """Whether a subscription's filter can let any alarm message through, its values aside."""
    name = "filter"
    try:
        found = filter_of(subscription)
    except LookupError as doubt:
        return Step(name, Outcome.CANNOT_TELL, str(doubt), about=subscription)
    except FilterError as error:
        why = f"its filter policy is refused: {error}"
        return Step(name, Outcome.BROKEN, why, "subscription-refused", about=subscription)
    if found is None:
        return Step(name, Outcome.OK, about=subscription)
    policy, scope = found
    keys = ", ".join(map(str, policy))
    if scope != BODY:
        why = f"it filters on the message attributes {keys}, and alarm messages carry none"
        return Step(name, Outcome.BROKEN, why, "filter-on-attributes", about=subscription)
    if protocol in PLAIN_TEXT:
        why = f"it filters on {keys} in the body, and by {protocol} the body is plain text"
        return Step(name, Outcome.BROKEN, why, "filter-on-plain-text", about=subscription)
    return Step(name, Outcome.OK, about=subscription)


def _confirmation(account: Account, topic: Item, subscription: Item, protocol: str) -> Step:
    """Whether somebody still has to confirm; only a subscription read from AWS says so itself."""
    name = "confirmation"
    pending = str(subscription.get("PendingConfirmation")).lower()
    if subscription.arn == "PendingConfirmation":  # what ListSubscriptionsByTopic has as the ARN
        pending = "true"
    if pending == "false":
        return Step(name, Outcome.OK, about=subscription)
    to = place(account, endpoint(subscription)).account
    foreign = to != place(account, topic.arn).account
    if pending == "true":
        why = "it has not been confirmed"
    elif protocol in CONFIRMED_BY_HAND:
        why = "it has to be confirmed once it is deployed"
    elif foreign:
        why = f"it has to be confirmed by account {to}, whose {protocol} endpoint it is"
    else:
        return Step(name, Outcome.OK, about=subscription)
    return Step(name, Outcome.WAITING, why, about=subscription)
