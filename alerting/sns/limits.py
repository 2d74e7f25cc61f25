"""What SNS accepts: topic names, endpoints by protocol, filters, delivery policies.

Sources: the SNS API reference (Subscribe, SetSubscriptionAttributes), the SNS developer guide
("Message filtering", "Message delivery retries", "Dead-letter queues", "Mobile text messaging").
"""

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn


class Protocol(StrEnum):
    """How a receiver is reached; the values are SNS's own."""

    EMAIL = "email"
    """A plain-text mail; the address must confirm first."""
    EMAIL_JSON = "email-json"
    """The whole SNS envelope by mail; the address must confirm first."""
    SMS = "sms"
    """A text message to a phone number in E.164 form."""
    LAMBDA = "lambda"
    """A function is invoked."""
    SQS = "sqs"
    """A queue gets a message."""
    HTTPS = "https"
    """A URL gets a POST over TLS; it must confirm first unless it does so by itself."""
    HTTP = "http"
    """A URL gets a POST in the clear; prefer https."""
    FIREHOSE = "firehose"
    """A delivery stream gets a record."""


CONFIRMED_BY_HAND = frozenset({Protocol.EMAIL, Protocol.EMAIL_JSON, Protocol.HTTP, Protocol.HTTPS})
"""Protocols that deliver nothing until the other side has confirmed."""
DEAD_LETTERS = frozenset(
    {Protocol.LAMBDA, Protocol.SQS, Protocol.HTTPS, Protocol.HTTP, Protocol.FIREHOSE}
)
"""Protocols that get a dead-letter queue by default."""
RAW = frozenset({Protocol.SQS, Protocol.HTTP, Protocol.HTTPS, Protocol.FIREHOSE})
"""Protocols that can do without the SNS envelope."""
PLAIN_TEXT = frozenset({Protocol.EMAIL, Protocol.SMS})
"""Protocols whose body is a sentence for people, so that a body filter drops every alarm."""
SAME_REGION = frozenset({Protocol.FIREHOSE})
"""Protocols whose endpoint must be in the topic's Region."""

MAX_TOPIC_NAME = 256

_TOPIC_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_TOPIC_NAME}}}")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAIL = re.compile(rf"[^\s@<>,;\"]+@{_LABEL}(?:\.{_LABEL})+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_ROLE = re.compile(r"role/.+")
_RESOURCES = {
    Protocol.LAMBDA: (re.compile(r"function:[\w-]+(:[\w$-]+)?", re.ASCII), "function:NAME"),
    Protocol.SQS: (re.compile(r"[\w-]+(\.fifo)?", re.ASCII), "NAME"),
    Protocol.FIREHOSE: (re.compile(r"deliverystream/[\w.-]+", re.ASCII), "deliverystream/NAME"),
}
"""Protocols whose endpoint is an ARN (of the service of the same name): its resource, and how that
is shown."""


def topic_name_problems(path: str, name: object) -> Iterator[Problem]:
    """A standard topic's name: 1-256 letters, digits, hyphens, underscores."""
    if isinstance(name, str) and name.endswith(".fifo"):
        yield Problem(
            tuple(path.split(".")),
            "must be a standard topic: a FIFO topic reaches queues only, never a person",
        )
    elif isinstance(name, str) and not _TOPIC_NAME.fullmatch(name):
        yield must(path, "1 to 256 letters, digits, hyphens and underscores", name)


def topic_arn_problems(path: str, arn: object, region: str) -> Iterator[Problem]:
    """An existing topic: a standard one in the alarms' Region."""
    if not isinstance(arn, str):
        return
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "sns" or ":" in parsed.resource:
        yield must(path, "the ARN of an SNS topic (arn:aws:sns:REGION:ACCOUNT:NAME)", arn)
        return
    if parsed.resource.endswith(".fifo"):
        yield from topic_name_problems(path, parsed.resource)
    if parsed.region != region:
        yield must(path, f"in {region}: an alarm's topic is in the alarm's own Region", arn)


def encryption_problems(path: str, encryption: object, region: str) -> Iterator[Problem]:
    """`own`, `none` or the ARN of a customer-managed key of the topic's Region."""
    if not isinstance(encryption, str) or encryption in ("own", "none"):
        return
    if encryption.endswith("alias/aws/sns"):
        yield Problem(
            tuple(path.split(".")),
            "must not be alias/aws/sns: the policy of that key cannot be changed and does not let "
            "CloudWatch in, so every notification would be lost without a sound; say own, none or "
            "the ARN of a key of yours",
        )
        return
    parsed = parse_arn(encryption)
    if (
        parsed is None
        or parsed.service != "kms"
        or not parsed.resource.startswith(("key/", "alias/"))
    ):
        yield must(path, "own, none or a key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)", encryption)
    elif parsed.region != region:
        yield must(path, f"a key in {region}, the topic's Region", encryption)


def endpoint_problems(protocol: Protocol, endpoint: object, region: str) -> Iterator[Problem]:
    """Whether SNS could deliver to `endpoint`; what is not plain text is not judged."""
    path = "endpoint"
    if isinstance(endpoint, int | float):
        hint = ' (quote it: "+15550100"; unquoted, YAML reads a number)'
        if protocol is Protocol.SMS:
            yield must(path, f"a phone number in E.164 form{hint}", endpoint)
        else:
            yield must(path, "text", endpoint)
        return
    if not isinstance(endpoint, str):
        return
    match protocol:
        case Protocol.EMAIL | Protocol.EMAIL_JSON:
            if not _MAIL.fullmatch(endpoint):
                yield must(path, "a mail address, for example oncall@example.com", endpoint)
        case Protocol.SMS:
            if not _PHONE.fullmatch(endpoint):
                yield must(path, 'a phone number in E.164 form, for example "+15550100"', endpoint)
        case Protocol.HTTP | Protocol.HTTPS:
            yield from _url_problems(protocol, endpoint)
        case Protocol.LAMBDA | Protocol.SQS | Protocol.FIREHOSE:
            yield from _arn_problems(protocol, endpoint, region)


def _url_problems(protocol: Protocol, endpoint: str) -> Iterator[Problem]:
    try:
        url = urlsplit(endpoint)
        host = url.hostname
    except ValueError:
        url, host = None, None
    if url is None or url.scheme != protocol or not host or any(c.isspace() for c in endpoint):
        yield must("endpoint", f"a URL that starts with {protocol}://", endpoint)


def _arn_problems(protocol: Protocol, endpoint: str, region: str) -> Iterator[Problem]:
    resource, shown = _RESOURCES[protocol]
    parsed = parse_arn(endpoint)
    if (
        parsed is None
        or parsed.service != protocol
        or not (parsed.region and parsed.account)
        or not resource.fullmatch(parsed.resource)
    ):
        form = f"arn:aws:{protocol}:REGION:ACCOUNT:{shown}"
        yield must("endpoint", f"an ARN of {protocol} ({form})", endpoint)
    elif protocol is Protocol.SQS and parsed.resource.endswith(".fifo"):
        yield must("endpoint", "a standard queue: the topics are standard topics", endpoint)
    elif protocol in SAME_REGION and parsed.region != region:
        yield must("endpoint", f"in {region}: SNS writes to Firehose in its own Region", endpoint)


def receiver_problems(args: Mapping[str, Any], region: str) -> Iterator[Problem]:
    """Everything that can be told about one receiver from its own plain values.

    `args` are a `ReceiverArgs` of `alerting.components`.
    """
    try:
        protocol = Protocol(args.get("protocol", ""))
    except ValueError:
        return  # refused as a value of no enum; nothing else can be told without it
    yield from endpoint_problems(protocol, args.get("endpoint"), region)
    if args.get("raw") and protocol not in RAW:
        yield Problem(("raw",), f"cannot be had on {protocol}; SNS has it for {_listed(RAW)}")
    if args.get("filter") is not None:
        yield from filter_problems(protocol, args["filter"])
    yield from _dead_letter_problems(protocol, args.get("dead_letter"), region)
    role = args.get("role")
    if role is not None and protocol is not Protocol.FIREHOSE:
        yield Problem(("role",), f"belongs to firehose, not to {protocol}")
    elif isinstance(role, str):
        parsed = parse_arn(role)
        if parsed is None or parsed.service != "iam" or not _ROLE.fullmatch(parsed.resource):
            yield must("role", "the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)", role)
    web = protocol in (Protocol.HTTP, Protocol.HTTPS)
    for key in ("delivery", "throttle", "auto_confirms"):
        if args.get(key) is not None and not web:
            yield Problem((key,), f"belongs to http and https, not to {protocol}")
    if web and isinstance(args.get("delivery"), Mapping):
        yield from delivery_problems(args["delivery"])
    throttle = args.get("throttle", 1)
    if web and (isinstance(throttle, bool) or not isinstance(throttle, int) or throttle < 1):
        yield must("throttle", "a whole number of messages a second, at least 1", throttle)
    if args.get("queue_policy") is not None and protocol is not Protocol.SQS:
        yield Problem(("queue_policy",), f"belongs to sqs, not to {protocol}")


def _dead_letter_problems(protocol: Protocol, given: object, region: str) -> Iterator[Problem]:
    if given in (None, "none"):
        return
    if protocol not in DEAD_LETTERS:
        yield Problem(
            ("dead_letter",), f"cannot be had on {protocol}; SNS has it for {_listed(DEAD_LETTERS)}"
        )
    elif given != "own":
        parsed = parse_arn(str(given))
        if parsed is None or parsed.service != "sqs":
            yield must("dead_letter", "own, none or the ARN of an SQS queue", given)
        elif parsed.region != region:
            yield must("dead_letter", f"a queue in {region}, the topic's Region", given)
        elif parsed.resource.endswith(".fifo"):
            yield must("dead_letter", "a standard queue: the topics are standard topics", given)


def filter_problems(protocol: Protocol, policy: object) -> Iterator[Problem]:
    """A filter on the message body: where it can work, and SNS's limits on it."""
    if protocol in PLAIN_TEXT:
        yield Problem(
            ("filter",),
            f"cannot work on {protocol}: the filter sees the plain text that {protocol} gets, so "
            "every alarm message would be dropped; give the receiver severities instead"
            + (", or use email-json" if protocol is Protocol.EMAIL else ""),
        )
        return
    if not isinstance(policy, Mapping) or not policy:
        yield must("filter", "a map from a key of the alarm message to a list of values", policy)
        return
    if len(policy) > 5:
        yield must("filter", "at most 5 keys", len(policy))
    combinations = 1
    for path, values, depth in _leaves(policy, (), 1):
        if not isinstance(values, list) or not values:
            yield must(".".join(("filter", *path)), "a list of values, for example [ALARM]", values)
        else:
            combinations *= len(values) * depth
    if combinations > 150:
        yield must("filter", "at most 150 combinations of values", combinations)
    if len(json.dumps(policy, default=str)) > 256 * 1024:
        yield must("filter", "at most 256 KB", "more")


def _leaves(
    policy: Mapping[Any, Any], path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], Any, int]]:
    for key, value in policy.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, str(key)), depth + 1)
        else:
            yield (*path, str(key)), value, depth


def delivery_problems(policy: Mapping[str, Any]) -> Iterator[Problem]:
    """An HTTP retry policy (`healthyRetryPolicy`): the bounds SNS documents."""
    for key, value in policy.items():
        if key == "backoffFunction":
            allowed = ("linear", "arithmetic", "geometric", "exponential")
            if value not in allowed:
                yield must("delivery.backoffFunction", f"one of {', '.join(allowed)}", value)
            continue
        bounds = _RETRY_BOUNDS.get(key)
        if bounds is None:
            known = ", ".join((*_RETRY_BOUNDS, "backoffFunction"))
            yield Problem(("delivery", key), f"is not a key of a retry policy; known are {known}")
        elif (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not bounds[0] <= value <= bounds[1]
        ):
            yield must(f"delivery.{key}", f"a whole number from {bounds[0]} to {bounds[1]}", value)
    low, high = policy.get("minDelayTarget", 20), policy.get("maxDelayTarget", 20)
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield must("delivery.minDelayTarget", f"at most maxDelayTarget ({high})", low)


_RETRY_BOUNDS = {
    "minDelayTarget": (1, 3600),
    "maxDelayTarget": (1, 3600),
    "numRetries": (0, 100),
    "numNoDelayRetries": (0, 100),
    "numMinDelayRetries": (0, 100),
    "numMaxDelayRetries": (0, 100),
}


def _listed(protocols: frozenset[Protocol]) -> str:
    return ", ".join(p for p in Protocol if p in protocols)
