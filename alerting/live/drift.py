"""What differs between what a stack declares and what its account holds."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alerting.account.model import Account, Item, Kind, Unknown
from alerting.delivery import Finding, Level, receiver_label
from alerting.live.declared import Declared
from alerting.live.differences import Difference, differences
from alerting.live.pairing import Pair
from alerting.live.surroundings import KINDS as SURROUNDINGS

MISSING, UNSUBSCRIBED, CHANGED, EXTRA = (
    "drift-missing",
    "drift-unsubscribed",
    "drift-changed",
    "drift-extra",
)
"""Ids of what is found, beside the rules'."""

_DEPLOY = "Run `pulumi up`."
_DEPLOY_ANYWAY = "Run `pulumi up`; where it sees nothing to do, `pulumi refresh` first."
_RESTORE = "Run `pulumi refresh`, then `pulumi up`: Pulumi still takes it as deployed."
_LOSS = {
    Kind.ALARM: "Nothing watches its metric.",
    Kind.TOPIC: "Its alarms publish to nothing, which only their history shows.",
    Kind.KEY: "CloudWatch cannot encrypt, so every notification of the topic is lost.",
    Kind.QUEUE: "What is sent there is lost.",
    Kind.MUTE_RULE: "Its alarms tell when they should be quiet.",
    Kind.FUNCTION: "It cannot be invoked.",
    Kind.ROLE: "The service that is to take it on can do nothing.",
}
_KEYS = (Kind.TOPIC, Kind.QUEUE)
_LONGEST = 60


def drift(declared: Declared, live: Account, pairs: Sequence[Pair]) -> list[Finding]:
    """What is missing and what was changed, in the order of declaration, then what was added."""
    found: list[Finding] = []
    for pair in pairs:
        if pair.live is not None:
            found += _changed(declared, live, pair, pairs)
        elif _is_missing(declared, live, pair.declared):
            found.append(_missing(declared, live, pair.declared))
    return [*found, *_extra(live, pairs)]


def untold(declared: Declared, live: Account, pairs: Sequence[Pair]) -> dict[str, str]:
    """The declared things that cannot be found because nobody here knows their names, and why."""
    why = "its name in AWS was made up when it was deployed, and only the state has it"
    return {
        f"the {pair.declared.kind} {pair.declared.label}": why
        for pair in pairs
        if pair.live is None
        and pair.declared.kind in (Kind.ALARM, Kind.TOPIC)
        and not _is_missing(declared, live, pair.declared)
        and not _unreadable(live, pair.declared)
    }


def _is_missing(declared: Declared, live: Account, item: Item) -> bool:
    if _unreadable(live, item) or item.kind in SURROUNDINGS:
        return False
    if item.kind is Kind.SUBSCRIPTION:
        return bool(live.find(Kind.TOPIC, item.get("TopicArn"))) or declared.is_found(item)
    return declared.is_found(item) or declared.is_new(item)


def _unreadable(live: Account, item: Item) -> str:
    """Why a declared thing cannot be seen; of a subscription, its topic's list counts."""
    refs = [item.arn, item.get("TopicArn")]
    if item.kind is Kind.MUTE_RULE:
        refs.append(f"{str(item.arn).split(':alarm-mute-rule:', 1)[0]}:alarm-mute-rule:*")
    reasons = (live.unreadable.get(ref) for ref in refs if isinstance(ref, str))
    return next(filter(None, reasons), "")


def _missing(declared: Declared, live: Account, item: Item) -> Finding:
    new = declared.is_new(item)
    fix = _DEPLOY if new else _RESTORE if declared.state is not None else _DEPLOY_ANYWAY
    if item.kind is Kind.SUBSCRIPTION:
        topics = live.find(Kind.TOPIC, item.get("TopicArn"))
        topic = topics[0].label if topics else "its topic"
        cause = "never deployed" if new else "unsubscribed, or never deployed"
        if not new and str(item.get("Protocol")).startswith("email"):
            cause += " (one click on a mail's last link unsubscribes)"
        return Finding(
            UNSUBSCRIBED,
            Level.ERROR,
            item,
            item.label,
            f"{item.label} ({item.get('Protocol')}) is not subscribed to {topic}: {cause}.",
            f"{item.label} hears nothing of {topic}.",
            fix,
        )
    cause = "it was never deployed" if new else "deleted by hand, or never deployed"
    what = f"The {item.kind} {item.label} is not there: {cause}."
    return Finding(MISSING, Level.ERROR, item, item.label, what, _LOSS.get(item.kind, ""), fix)


def _changed(
    declared: Declared, live: Account, pair: Pair, pairs: Sequence[Pair]
) -> Iterator[Finding]:
    ours, theirs = pair.declared, pair.live
    assert theirs is not None
    if theirs.get("PendingConfirmation") == "true":
        return  # SNS does not list the settings of a subscription that is not confirmed
    found = differences(ours, theirs, partial=theirs.arn in live.unreadable)
    if ours.kind in _KEYS:
        found += _key_difference(declared, live, pair, pairs)
    if not found:
        return
    said = "; ".join(_in_words(difference) for difference in found[:3])
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    yield Finding(
        CHANGED,
        Level.ERROR,
        theirs,
        ours.label,
        f"The {ours.kind} {ours.label} is not as declared: {said}{more}.",
        "It was changed by hand, or the program was changed and not deployed.",
        "Run `pulumi refresh`, then `pulumi up`; or declare what is wanted.",
    )


def _key_difference(
    declared: Declared, live: Account, pair: Pair, pairs: Sequence[Pair]
) -> list[Difference]:
    """Whether another key encrypts than the declared one; one is known by id, alias or ARN."""
    ours, theirs = (
        pair.declared.get("KmsMasterKeyId"),
        pair.live and pair.live.get("KmsMasterKeyId"),
    )
    if isinstance(ours, Unknown) or (not ours and not theirs):
        return []
    if ours and theirs:
        wanted = {id(key) for key in declared.account.find(Kind.KEY, ours)}
        known = {id(one.live) for one in pairs if id(one.declared) in wanted}
        known |= {id(key) for key in live.find(Kind.KEY, ours)}
        held = live.find(Kind.KEY, theirs)
        seen = ours == theirs or any(id(key) in known for key in held)
        if seen or str(theirs) in live.unreadable:
            return []
    return [("KmsMasterKeyId", ours or None, theirs or None)]


def _extra(live: Account, pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Who hears a declared topic without being declared: chat services subscribe by themselves."""
    known = {id(pair.live) for pair in pairs if pair.live is not None}
    topics = {id(pair.live) for pair in pairs if pair.declared.kind is Kind.TOPIC}
    for topic in live.of(Kind.TOPIC):
        if id(topic) not in topics:
            continue
        for item in live.subscriptions_of(topic):
            if id(item) not in known:
                yield Finding(
                    EXTRA,
                    Level.NOTE,
                    item,
                    item.label,
                    f"Somebody else is subscribed to {topic.label}: "
                    f"{receiver_label(live, item)} ({item.get('Protocol')}).",
                    "They hear everything that is told to the topic.",
                    "Declare the receiver, or unsubscribe it.",
                )


def _in_words(difference: Difference) -> str:
    path, ours, theirs = difference
    if theirs is None and isinstance(ours, Mapping):
        return f"{path} is gone"
    if ours is None and isinstance(theirs, Mapping):
        return f"{path} was added"
    return f"{path} is {_shown(theirs)}, declared is {_shown(ours)}"


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, float):
        return f"{value:g}"
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
