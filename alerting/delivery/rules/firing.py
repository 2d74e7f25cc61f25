"""Rules about what an alarm can ever say."""

from collections.abc import Iterator

from alerting.account import Item, Unknown
from alerting.cloudwatch import MissingData
from alerting.cloudwatch.composite import RuleError, evaluate
from alerting.delivery.composites import rule_of
from alerting.delivery.paths import Paths
from alerting.delivery.possible import Possible
from alerting.delivery.rules.rule import Found, Level, rule


@rule(
    "alarm-cannot-fire",
    Level.ERROR,
    why="A percentage compared with 150, a count with a number below 0, a rate (0 to 1) with a "
    "number of percent; or a metric that comes too seldom for M datapoints to be in sight at "
    "once, while missing ones count as good or change nothing.",
    consequence="The alarm stays green through the incident it was written for.",
    fix="Correct the threshold, or lengthen the period until M of N datapoints can be there.",
    source="CloudWatch user guide, Configuring how CloudWatch alarms treat missing data; the "
    "services' own metric tables",
)
def alarm_cannot_fire(paths: Paths) -> Iterator[Found]:
    """An alarm that can never go to ALARM."""
    for alarm in paths.account.alarms:
        why = _never_fires(alarm)
        if why:
            yield Found(alarm, f"{alarm.label} can never fire: {why}.")


def _never_fires(alarm: Item) -> str:
    if _constant(alarm) is False:
        return "its rule is always false"
    possible = Possible(alarm.data)
    rule, metric = possible.evaluation, possible.watched
    if rule is None or metric is None or rule.treat_missing_data is MissingData.BREACHING:
        return ""
    if possible.crossing is False:
        return _range(possible)
    return _too_seldom(possible, metric.interval)


def _too_seldom(possible: Possible, interval: int | None) -> str:
    """Why datapoints that far apart cannot make the alarm fire; empty where they can."""
    rule, metric, points = possible.evaluation, possible.watched, possible.most_points(interval)
    if rule is None or metric is None or points is None or points >= rule.datapoints_to_alarm:
        return ""
    # `missing` can still fire on fewer datapoints, "prematurely".
    if rule.treat_missing_data in (MissingData.MISSING, MissingData.BREACHING):
        return ""
    return (
        f"{metric.name} has at most {points} datapoint{'' if points == 1 else 's'} in the "
        f"{rule.evaluation_range()} periods of {rule.period} s looked at, "
        f"{rule.datapoints_to_alarm} are needed, and missing ones are {rule.treat_missing_data}"
    )


def _range(possible: Possible) -> str:
    assert possible.watched is not None
    low, high = possible.watched.bounds
    limits = f"from {low:g} to {high:g}" if high < float("inf") else f"never below {low:g}"
    subject = f"the {possible.watched.statistic} of {possible.watched.name}"
    return f"{subject} is {limits}, the threshold {possible.threshold:g}"


def _constant(alarm: Item) -> bool | None:
    """What the rule of a composite always is; None where that hangs on its children."""
    try:
        rule = rule_of(alarm)
    except RuleError:
        return None
    return None if rule is None or isinstance(rule, Unknown) else evaluate(rule, lambda _: None)


@rule(
    "alarm-never-clears",
    Level.WARNING,
    why="A threshold that every value crosses; or missing datapoints that count as breaching under "
    "a metric that comes too seldom for enough good ones to be in sight.",
    consequence="The alarm is red from the first datapoint on, and says nothing from then on: "
    "actions run only when the state changes.",
    fix="Correct the threshold, or lengthen the period.",
    source="CloudWatch user guide, Using Amazon CloudWatch alarms (actions run on changes only)",
)
def alarm_never_clears(paths: Paths) -> Iterator[Found]:
    """An alarm that can never go back to OK."""
    for alarm in paths.account.alarms:
        why = _never_clears(alarm)
        if why:
            yield Found(alarm, f"{alarm.label} can never clear: {why}.")


def _never_clears(alarm: Item) -> str:
    if _constant(alarm) is True:
        return "its rule is always true"
    possible = Possible(alarm.data)
    rule, metric = possible.evaluation, possible.watched
    if rule is None or metric is None or rule.treat_missing_data is MissingData.NOT_BREACHING:
        return ""
    if possible.crossing is True:
        return _range(possible)
    points = possible.most_points(metric.interval)
    if rule.treat_missing_data is MissingData.BREACHING and points is not None:
        filled = rule.evaluation_periods - points
        if filled >= rule.datapoints_to_alarm:
            return (
                f"at least {filled} of {rule.evaluation_periods} datapoints of {metric.name} are "
                "always missing, and missing ones are breaching"
            )
    return ""


@rule(
    "detailed-monitoring",
    Level.NOTE,
    why="An EC2 instance sends a datapoint every five minutes, every minute only with detailed "
    "monitoring, and the alarm needs more of them in sight than five minutes apart can be.",
    consequence="Without detailed monitoring the alarm stays green through the incident it was "
    "written for.",
    fix="Switch detailed monitoring on, or use a period of 300 seconds.",
    source="EC2 user guide, Manage detailed monitoring for your EC2 instances",
)
def detailed_monitoring(paths: Paths) -> Iterator[Found]:
    """An alarm on an EC2 instance that can fire only with detailed monitoring."""
    for alarm in paths.account.alarms:
        possible = Possible(alarm.data)
        metric = possible.watched
        if metric is None or _too_seldom(possible, metric.interval):
            continue
        why = _too_seldom(possible, metric.basic_interval)
        if why:
            yield Found(alarm, f"{alarm.label} needs detailed monitoring: otherwise {why}.")


RULES = (alarm_cannot_fire, alarm_never_clears, detailed_monitoring)
