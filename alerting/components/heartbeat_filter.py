"""Who is left out of a heartbeat: it goes through the severity's topic, and so to everybody on it.

What is left out is so by a filter on the message. A mail and a text message have none that works
(`PLAIN_TEXT`), so that people who are told that way always hear it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from alerting.components.receiver_args import ReceiverArgs, ReceiversArgs, heard
from alerting.problems import Problem
from alerting.sns.limits import PLAIN_TEXT, Protocol, filter_problems

_KEY = "AlarmName"


def filter_of(
    spec: ReceiverArgs, severity: str, heartbeats: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """The filter policy of one subscription; None where everything passes.

    A message without an alarm's name, as of a further publisher, passes as it would have
    (SNS developer guide, "Filter policy constraints": values in a list are alternatives).
    """
    given = spec.get("filter")
    if severity not in heartbeats or not _is_left_out(spec):
        return given
    others = [{"anything-but": [heartbeats[severity]]}, {"exists": False}]
    return {**(given or {}), _KEY: others}


def heartbeat_problems(args: ReceiversArgs) -> Iterator[Problem]:
    """Receivers that cannot be left out of a heartbeat, and heartbeats nobody would hear."""
    topics, receivers = args.get("topics", {}), args.get("receivers", {})
    heartbeats = args.get("heartbeats", {})
    for name, spec in receivers.items():
        beating = [severity for severity in heard(spec, topics) if severity in heartbeats]
        if beating and spec.get("protocol") in list(Protocol):
            for problem in _receiver_problems(spec, beating[0], heartbeats):
                yield problem.under("receivers", name)
    for severity in heartbeats:
        who = {name: spec for name, spec in receivers.items() if severity in heard(spec, topics)}
        here = severity not in args.get("heard_elsewhere", ())
        if here and who and all(map(_is_left_out, who.values())):
            yield Problem(
                ("severities", severity, "heartbeat"),
                "would be heard by nobody, and what nobody hears is not counted as delivered; say "
                f"`heartbeat: true` of one of {', '.join(sorted(who))}",
            )


def _is_left_out(spec: ReceiverArgs) -> bool:
    return spec.get("protocol") not in PLAIN_TEXT and not spec.get("heartbeat", False)


def _receiver_problems(
    spec: ReceiverArgs, severity: str, heartbeats: Mapping[str, str]
) -> Iterator[Problem]:
    protocol, given = Protocol(spec["protocol"]), spec.get("filter")
    if protocol in PLAIN_TEXT:
        if spec.get("heartbeat") is False:
            why = f"a filter cannot work on {protocol}, so that {severity}'s heartbeat is heard"
            yield Problem(("heartbeat",), f"cannot be false: {why}")
        return
    if not _is_left_out(spec) or not isinstance(given, Mapping):
        return
    if _speaks_of_alarms(given):
        yield Problem(
            ("filter",),
            f"speaks of {_KEY}, as what leaves the heartbeat {heartbeats[severity]!r} out does; "
            "leave it out there, or not, and say `heartbeat: true`, which leaves the filter alone",
        )
        return
    known = set(filter_problems(protocol, given))
    for problem in filter_problems(protocol, filter_of(spec, severity, heartbeats)):
        if problem not in known:
            together = f"{problem.message}, with {_KEY}, which leaves the heartbeat out"
            yield Problem(problem.path, together)


def _speaks_of_alarms(policy: Mapping[str, Any]) -> bool:
    """Whether a filter policy has a say in which alarms pass, in an `$or` too."""
    branches = policy.get("$or")
    inner = branches if isinstance(branches, list) else []
    return _KEY in policy or any(isinstance(b, Mapping) and _speaks_of_alarms(b) for b in inner)
