"""What is wrong with an alarm that asks for more than one alarm can give."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from alerting.cloudwatch.composite import RuleError, children, parse_rule
from alerting.cloudwatch.limits import alarm_problems, parse_datapoints
from alerting.cloudwatch.regions import region_problems
from alerting.components.alarm_args import AlarmArgs, EscalateArgs, GuardArgs, Side
from alerting.components.alarm_family import (
    FAMILY,
    combined,
)
from alerting.components.alarm_members import (
    datapoints_of,
    guard_alarm,
    second_limit,
)
from alerting.components.declared_alarm import COMBINING
from alerting.components.fleet_problems import fleet_problems
from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn
from alerting.spans import parse_span

_OF_A_METRIC = (
    *("metric", "math", "logs", "log_anomalies", "fleet", "threshold", "band"),
    *("datapoints", "missing", "low_samples", "learn_until"),
    *("only_when", "escalate"),
)
"""What an alarm on other alarms cannot have."""
_LISTS = ("all", "any", "not_")
_INSTANCE_ACTIONS = ("automate", "autoscaling", "swf")
"""Services whose actions composites have not (CloudWatch API reference, PutCompositeAlarm)."""
_HIGHER_IS_STRICTER = {"above": True, "at_least": True, "below": False, "at_most": False}


def combines(alarm: AlarmArgs) -> bool:
    """Whether an alarm is on other alarms."""
    return any(key in alarm for key in COMBINING)


def family_problems(
    alarm: AlarmArgs, *, region: str, topics: Mapping[str, Any], sound: bool
) -> Iterator[Problem]:
    """What is wrong with one alarm's guard, second limit, suppressor and rule.

    Args:
        alarm: the alarm, written out.
        region: the alarms' Region.
        topics: by severity.
        sound: whether nothing else is wrong with it.
    """
    if combines(alarm):
        yield from _combined_problems(alarm)
    if "quiet_while" in alarm:
        yield from _span_problems("quiet_while", alarm["quiet_while"])
    guard, escalate = alarm.get("only_when"), alarm.get("escalate")
    if not combines(alarm) and guard and sound:
        yield from _guard_problems(guard, alarm, region)
    if not combines(alarm) and escalate:
        yield from _escalate_problems(escalate, alarm, topics, sound=sound)
    if combines(alarm) or any(key in alarm for key in FAMILY):
        yield from _composite_action_problems(alarm)
    if not alarm.get("tell", True):
        for key in ("severity", "actions", "escalate", "quiet_while"):
            if key in alarm:
                yield Problem((key,), "is for an alarm that tells somebody, and `tell` is false")


def references(alarm: AlarmArgs) -> Iterator[tuple[tuple[str, ...], str]]:
    """The alarms that one names, each with the path at which it does."""
    for key in _LISTS:
        given: Any = alarm.get(key)
        if isinstance(given, list | tuple):
            for at, ref in enumerate(cast("Sequence[object]", given)):
                yield (key, str(at)), str(ref)
    if "rule" in alarm:
        yield from ((("rule",), ref) for ref in children(combined(alarm)))
    quiet = alarm.get("quiet_while")
    if quiet and "alarm" in quiet:
        yield ("quiet_while", "alarm"), quiet["alarm"]


def _combined_problems(alarm: AlarmArgs) -> Iterator[Problem]:
    for key in _OF_A_METRIC:
        if key in alarm:
            yield Problem((key,), "is for an alarm on a metric, and this one is on other alarms")
    lists = [key for key in _LISTS if key in alarm]
    if "rule" in alarm and lists:
        yield Problem(("rule",), f"already says what {' and '.join(lists)} would")
    for key in lists:
        given: Any = alarm.get(key)
        if not isinstance(given, list | tuple) or not given:
            yield must(key, "a list of at least one alarm", given)
    if "rule" in alarm:
        try:
            parse_rule(str(alarm["rule"]))
        except RuleError as error:
            yield Problem(("rule",), str(error))


def _composite_action_problems(alarm: AlarmArgs) -> Iterator[Problem]:
    if alarm.get("tell_insufficient_data"):
        yield Problem(
            ("tell_insufficient_data",),
            "is never told: an alarm on other alarms has no data that could be missing; treat "
            "missing data as breaching, or tell it of an alarm on the metric alone",
        )
    for action in alarm.get("actions", ()):
        parsed = parse_arn(action) if isinstance(action, str) else None
        if parsed and parsed.service in _INSTANCE_ACTIONS:
            text = "cannot stop or scale anything: an alarm on other alarms has no EC2 and no"
            yield Problem(("actions",), f"{text} Auto Scaling actions, got {action!r}")


def _guard_problems(guard: GuardArgs, alarm: AlarmArgs, region: str) -> Iterator[Problem]:
    if "metric" not in guard or "at_least" not in guard:
        return  # the shape says so
    elsewhere = guard["metric"].get("region", region)
    if elsewhere != region:
        text = f"is {elsewhere}: an alarm cannot be guarded by a metric of another Region than its"
        yield Problem(("only_when", "metric", "region"), f"{text} own, {region}")
    traffic = guard_alarm(guard, alarm)
    for problem in (*alarm_problems(traffic), *region_problems(traffic, region)):
        path = ("at_least",) if problem.path[:1] == ("threshold",) else problem.path
        yield Problem(("only_when", *path), problem.message)


def _escalate_problems(
    escalate: EscalateArgs, alarm: AlarmArgs, topics: Mapping[str, Any], *, sound: bool
) -> Iterator[Problem]:
    if escalate["severity"] not in topics:
        known = ", ".join(sorted(topics))
        yield must("escalate.severity", f"one of {known}", escalate["severity"])
    yield from _span_problems("escalate", escalate)
    if "width" in escalate and "threshold" in escalate:
        yield Problem(("escalate",), "needs one of width and threshold, got both")
    elif "width" in escalate and "band" not in alarm:
        yield Problem(("escalate", "width"), "is of a band, and the alarm has a threshold")
    elif sound:
        second, problems = second_limit(escalate, alarm), list[Problem]()
        for problem in (*alarm_problems(second), *fleet_problems(second)):
            path = problem.path[1:] if problem.path[:1] == ("band",) else problem.path
            problems.append(Problem(("escalate", *path), problem.message))
        yield from problems or _order_problems(second, alarm)


def _order_problems(second: AlarmArgs, first: AlarmArgs) -> Iterator[Problem]:
    """A second limit that is crossed before the first would keep the alarm quiet for ever."""
    if "band" in second and "band" in first:
        own, width = (alarm["band"].get("width", 3) for alarm in (first, second))
        if width < own:
            yield must("escalate.width", f"at least that of the alarm itself, {own:g}", width)
        elif width == own:
            yield from _sooner_problems(second, first)
    elif "band" in first:
        yield from _side_problems(second, first)
    else:
        yield from _threshold_problems(second, first)


def _sooner_problems(second: AlarmArgs, first: AlarmArgs) -> Iterator[Problem]:
    """Of one limit, the one that asks for fewer datapoints is crossed first."""
    own, asked = datapoints_of(first), datapoints_of(second)
    (m, n), (more, of) = (parse_datapoints(text) or (1, 1) for text in (own, asked))
    if (m, n) == (more, of):
        yield Problem(
            ("escalate",), "is the alarm's own limit; say another width, threshold or M/N"
        )
    elif more < m or (more == m and of > n):
        text = f"more than the alarm itself, {own}, where the limit is the same"
        yield must("escalate.datapoints", text, asked)


def _side_problems(second: AlarmArgs, first: AlarmArgs) -> Iterator[Problem]:
    """A threshold on the other side of a band has nothing to do with what the band is about."""
    side = first.get("band", {}).get("side", Side.OUTSIDE)
    for key in second.get("threshold", {}):
        if side != Side.OUTSIDE and (side == Side.ABOVE) != _HIGHER_IS_STRICTER[key]:
            yield Problem(("escalate", "threshold", key), f"is for a band whose side is not {side}")


def _threshold_problems(second: AlarmArgs, first: AlarmArgs) -> Iterator[Problem]:
    ((own_key, own),) = cast("Mapping[str, float]", first.get("threshold", {})).items()
    ((key, figure),) = cast("Mapping[str, float]", second.get("threshold", {})).items()
    higher = _HIGHER_IS_STRICTER[own_key]
    where = f"escalate.threshold.{key}"
    if _HIGHER_IS_STRICTER[key] != higher:
        text = f"is the other direction than the alarm's own, {own_key} {own:g}"
        yield Problem(("escalate", "threshold", key), text)
    elif figure < own if higher else figure > own:
        side = "least" if higher else "most"
        yield must(where, f"at {side} that of the alarm itself, {own:g}", figure)
    elif figure == own and key == own_key:
        yield from _sooner_problems(second, first)
    elif figure == own and key in ("at_least", "at_most"):
        yield must(where, f"beyond that of the alarm itself, {own_key} {own:g}", figure)


def _span_problems(where: str, asked: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("wait", "extension"):
        if key in asked:
            try:
                parse_span(str(asked[key]))
            except ValueError as error:
                yield Problem((where, key), f"is not understood: {error}")
