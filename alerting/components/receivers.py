"""The people and systems that are told, each with what makes it really deliver."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import cast

import pulumi

from alerting.cloudwatch.limits import tag_problems
from alerting.components._args import refuse, shape_problems
from alerting.components.heartbeat_filter import filter_of, heartbeat_problems
from alerting.components.receiver import Receiver, dead_letter_name, dead_letter_of
from alerting.components.receiver_args import ReceiverArgs, ReceiversArgs, heard
from alerting.components.renames import rename_problems
from alerting.problems import Problem, must
from alerting.sns.limits import Protocol, receiver_problems

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_QUEUE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_MAX_ROLE_NAME = 64
_MAX_STATEMENT_ID = 100
_SUFFIX = 8
"""Characters Pulumi adds to a logical name where it makes a physical one of it."""


class Receivers(pulumi.ComponentResource):
    """Subscriptions by name, with the permissions, roles and dead-letter queues they need.

    Raises:
        ValueError: an endpoint SNS could never deliver to, or a setting that loses messages.
    """

    subscription_arns: pulumi.Output[Mapping[str, str]]
    """ARNs by `RECEIVER-SEVERITY`."""

    def __init__(
        self, name: str, args: ReceiversArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        problems = chain(receivers_problems(args, name=name), unheard_problems(args))
        refuse(f"Receivers {name!r}", problems)
        super().__init__("alerting:index:Receivers", name, {**args}, opts)

        arns: dict[str, pulumi.Output[str]] = {}
        for receiver, spec in args["receivers"].items():
            maker = Receiver(self, name, receiver, spec, args)
            for severity in heard(spec, args["topics"]):
                arns[f"{receiver}-{severity}"] = maker.subscribe(severity)
        self.subscription_arns = pulumi.Output.all(**arns).apply(dict)  # of nothing, a list
        self.register_outputs({"subscription_arns": self.subscription_arns})


def receivers_problems(args: ReceiversArgs, *, name: str = "receivers") -> Iterator[Problem]:
    """Everything that can be told about a set of receivers from its own plain values.

    `name` is that of the component, which some physical names are made from.
    """
    yield from shape_problems(args, ReceiversArgs)
    topics, receivers = args.get("topics", {}), args.get("receivers", {})
    subscriptions: dict[str, str] = {}
    for problem in rename_problems(receivers):
        yield problem.under("receivers")
    yield from _shared_endpoint_problems(receivers, topics)
    yield from heartbeat_problems(args)
    for receiver, spec in receivers.items():
        for problem in _one_receiver_problems(receiver, spec, args, name):
            yield problem.under("receivers", receiver)
        for severity in heard(spec, topics):
            made = f"{receiver}-{severity}"
            if made in subscriptions:
                both = f"and {subscriptions[made]!r} would both make a subscription {made!r}"
                yield Problem(("receivers", receiver), f"{both}; call one differently")
            subscriptions.setdefault(made, receiver)
    yield from tag_problems(args.get("tags"))


def _shared_endpoint_problems(
    receivers: Mapping[str, ReceiverArgs], topics: Mapping[str, object]
) -> Iterator[Problem]:
    """The receivers that would be one subscription to SNS.

    Subscribe gives back the one there is of that topic, protocol and endpoint (SNS API reference).
    Endpoints that are no plain text are the same where they are one object.
    """
    taken: dict[tuple[str, object, str], str] = {}
    for receiver, spec in receivers.items():
        endpoint = cast("object", spec.get("endpoint"))
        if endpoint is None:
            continue
        where = (str(spec.get("protocol")), endpoint if isinstance(endpoint, str) else id(endpoint))
        others = [taken.setdefault((*where, name), receiver) for name in heard(spec, topics)]
        for other in dict.fromkeys(others):
            if other != receiver:
                yield Problem(
                    ("receivers", receiver, "endpoint"),
                    f"is that of {other!r} too, and they hear the same severity: to SNS they are "
                    "one subscription, and removing either would silence both",
                )


def filtered_severities(args: ReceiversArgs) -> list[str]:
    """The severities of which some receiver does not hear everything, because of a filter."""
    heartbeats = args.get("heartbeats", {})
    return [
        severity
        for severity in args["topics"]
        if any(
            severity in heard(spec, args["topics"]) and filter_of(spec, severity, heartbeats)
            for spec in args["receivers"].values()
        )
    ]


def unheard_problems(args: ReceiversArgs) -> Iterator[Problem]:
    """The severities that nobody would hear of."""
    topics, receivers = args.get("topics", {}), args.get("receivers", {})
    elsewhere = args.get("heard_elsewhere", ())
    silent = [
        severity
        for severity in topics
        if severity not in elsewhere
        and not any(severity in heard(spec, topics) for spec in receivers.values())
    ]
    if not receivers and silent:
        yield Problem(("receivers",), "there are none: every alarm would fire unheard")
    else:
        for severity in silent:
            yield Problem(
                ("severities", severity),
                f"is heard by no receiver; add it to one of {', '.join(sorted(receivers))}",
            )


def _one_receiver_problems(
    receiver: str, spec: ReceiverArgs, args: ReceiversArgs, component: str
) -> Iterator[Problem]:
    if not _NAME.fullmatch(receiver):
        yield Problem((), "must be named by 1 to 63 letters, digits, hyphens and underscores")
    yield from receiver_problems(spec, args.get("place", {}).get("region", ""))
    topics = args.get("topics", {})
    for severity in spec.get("severities", ()):
        if severity not in topics:
            yield must("severities", f"some of {', '.join(sorted(topics))}", severity)
    if spec.get("severities") is not None and not spec.get("severities"):
        yield must("severities", f"some of {', '.join(sorted(topics))}", [])
    if "protocol" in spec:
        yield from _physical_name_problems(receiver, spec, args, component)


def _physical_name_problems(
    receiver: str, spec: ReceiverArgs, args: ReceiversArgs, component: str
) -> Iterator[Problem]:
    """The names of what is made beside the subscriptions, where AWS would refuse them."""
    queue = dead_letter_name(args.get("prefix", ""), receiver)
    if dead_letter_of(spec) == "own" and not _QUEUE_NAME.fullmatch(queue):
        allowed = "at most 80 letters, digits, hyphens and underscores"
        yield Problem(("dead_letter",), f"would be called {queue!r}, and a queue has {allowed}")
    role = f"{component}-{receiver}-role"
    own_role = spec["protocol"] == Protocol.FIREHOSE and "role" not in spec
    if own_role and len(role) + _SUFFIX > _MAX_ROLE_NAME:
        yield Problem((), f"has too long a name: {_too_long('role', role, _MAX_ROLE_NAME)}")
    if spec["protocol"] == Protocol.LAMBDA:
        for severity in heard(spec, args.get("topics", {})):
            statement = f"{component}-{receiver}-{severity}-invoke"
            if len(statement) + _SUFFIX > _MAX_STATEMENT_ID:
                why = _too_long("permission", statement, _MAX_STATEMENT_ID)
                yield Problem((), f"has too long a name: {why}")


def _too_long(kind: str, logical: str, limit: int) -> str:
    name = f"{logical}-{'x' * (_SUFFIX - 1)}"
    return f"its {kind} would be called {name!r}, over {limit} characters"
