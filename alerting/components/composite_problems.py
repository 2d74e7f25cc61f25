"""What is wrong with alarms that hang on others, seen together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import cast

from alerting.cloudwatch.composite import children
from alerting.cloudwatch.composite_text import MAX_PARENTS, rule_text, size_problems
from alerting.components.alarm_args import AlarmArgs
from alerting.components.alarm_family import MadeAlarm, is_arn
from alerting.components.family_problems import references
from alerting.problems import Problem, must, nearest
from alerting.sns.arn import parse_arn


def composite_problems(
    alarms: Mapping[str, AlarmArgs], made: Mapping[str, MadeAlarm], region: str
) -> Iterator[Problem]:
    """Names of nobody, rules that are too large, and alarms that hang on themselves.

    Args:
        alarms: what is declared, by key.
        made: every alarm that is made of it.
        region: the alarms' Region.
    """
    for key, alarm in alarms.items():
        for path, ref in references(alarm):
            for message in _reference_problems(ref, made, region):
                yield Problem(("alarms", key, *path), message)
    composites = [one for one in made.values() if one.rule is not None]
    for one in composites:
        yield from _rule_problems(one, made)
        yield from _suppressor_problems(one, alarms[one.origin])
    parents = Counter(ref for one in composites if one.rule for ref in children(one.rule))
    for ref, count in parents.items():
        if count > MAX_PARENTS:
            text = f"is a child of {count} composite alarms, at most {MAX_PARENTS} are allowed"
            yield Problem(("alarms", made[ref].origin if ref in made else ref), text)
    yield from _cycle_problems(made)


def _reference_problems(ref: str, made: Mapping[str, MadeAlarm], region: str) -> Iterator[str]:
    arn = parse_arn(ref)
    if arn is None and ref not in made:
        near = nearest(ref, made)
        yield f"there is no alarm {ref!r}" + (f"; did you mean {near!r}?" if near else "")
    elif arn and (arn.service != "cloudwatch" or not arn.resource.startswith("alarm:")):
        yield must("", "the key or the ARN of an alarm", ref).message
    elif arn and arn.region != region:
        yield f"is an alarm in {arn.region}, and those that hang on it are in {region}"


def _rule_problems(one: MadeAlarm, made: Mapping[str, MadeAlarm]) -> Iterator[Problem]:
    assert one.rule is not None
    path = ("alarms", one.origin, *(("rule",) if "rule" in one.alarm else ()))
    text = rule_text(one.rule, lambda ref: made[ref].name if ref in made else ref)
    yield from (Problem(path, message) for message in size_problems(one.rule, text))


def _suppressor_problems(one: MadeAlarm, declared: AlarmArgs) -> Iterator[Problem]:
    """Of what is declared: the suppressors a family makes are none of its own children."""
    alarm = declared["quiet_while"].get("alarm") if "quiet_while" in declared else None
    if alarm is not None and one.suppressor and one.rule and alarm in children(one.rule):
        what = "is an alarm that this one hangs on, and would hold back all that it tells"
        yield Problem(("alarms", one.origin, "quiet_while", "alarm"), f"{what}, got {alarm!r}")


def _cycle_problems(made: Mapping[str, MadeAlarm]) -> Iterator[Problem]:
    hangs_on = {key: [ref for ref in one.hangs_on if not is_arn(ref)] for key, one in made.items()}
    try:
        TopologicalSorter(hangs_on).prepare()
    except CycleError as error:
        # From an alarm to one that hangs on it: the other way round than people follow it.
        cycle = cast("list[str]", error.args[1])[::-1]
        start = made[cycle[0]].origin
        yield Problem(("alarms", start), f"hangs on itself: {' -> '.join(cycle)}")
