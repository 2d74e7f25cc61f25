"""Rules about mute rules."""

from collections.abc import Iterator

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import State
from alerting.cloudwatch.mute_schedule import Cron, MuteScheduleError
from alerting.delivery.mutes import is_for_ever, is_learning, names_in, schedule_of
from alerting.delivery.paths import Paths
from alerting.delivery.publishing import actions
from alerting.delivery.queries import is_band
from alerting.delivery.rules.rule import Found, Level, listed, rule

_MAX_ALARMS, _MAX_NAME = 100, 255


@rule(
    "mute-rule-refused",
    Level.ERROR,
    why="The schedule is a small language of its own, which nothing checks before AWS.",
    consequence="CloudWatch refuses the rule, and the alarms tell in the middle of the work.",
    fix="cron(...) with five fields or at(yyyy-MM-ddThh:mm), PT1M to P15D, an IANA time zone; "
    "dates with cron only; at most 100 alarms in a rule and 255 characters in its name.",
    source="CloudWatch API reference, PutAlarmMuteRule, Schedule, MuteTargets",
)
def mute_rule_refused(paths: Paths) -> Iterator[Found]:
    """A mute rule in a form CloudWatch does not take."""
    for one in paths.account.of(Kind.MUTE_RULE):
        yield from (Found(one, f"The mute rule {one.label}: {why}.") for why in _refusals(one))


def _refusals(one: Item) -> Iterator[str]:
    name, schedule = one.get("Name"), schedule_of(one)
    if isinstance(schedule, MuteScheduleError):
        if "is not known" not in str(schedule):
            yield str(schedule)
    elif not isinstance(schedule.opens, Cron) and (schedule.starts or schedule.expires):
        yield "it opens once, and has a start or expire date, which are for cron"
    if len(names_in(one)) > _MAX_ALARMS:
        yield f"it names {len(names_in(one))} alarms, at most {_MAX_ALARMS} are taken"
    if isinstance(name, str) and len(name) > _MAX_NAME:
        yield f"its name has {len(name)} characters, at most {_MAX_NAME} are taken"


@rule(
    "mute-rule-without-alarm",
    Level.WARNING,
    why="The alarm was renamed or removed, or the name has a slip.",
    consequence="The alarm that was meant tells in the middle of the work, or CloudWatch refuses "
    "the rule.",
    fix="Name alarms that exist, as CloudWatch knows them: names, not ARNs.",
    source="CloudWatch API reference, MuteTargets (the names must match existing alarms)",
)
def mute_rule_without_alarm(paths: Paths) -> Iterator[Found]:
    """A mute rule that names an alarm that is not there."""
    account = paths.account
    for one in account.of(Kind.MUTE_RULE):
        names = names_in(one)
        absent = [name for name in names if not _named(account, name)]
        # In a recording, what is not declared may well exist; a rule over nothing declared is odd.
        if absent and (account.whole or (account.alarms and absent == names)):
            yield Found(
                one, f"The mute rule {one.label} names {listed(absent)}, which is not there."
            )


@rule(
    "alarm-muted-for-ever",
    Level.ERROR,
    why="A rule whose windows follow one another without a gap, and that does not expire.",
    consequence="Nobody is ever told, and the alarm looks fine on every dashboard.",
    fix="Let the windows be shorter than the time from one to the next, or give the rule an expire "
    "date; to tell nobody, leave the actions out.",
    source="CloudWatch user guide, Alarm Mute Rules",
)
def alarm_muted_for_ever(paths: Paths) -> Iterator[Found]:
    """An alarm whose actions a mute rule holds back at all times."""
    for one in paths.account.of(Kind.MUTE_RULE):
        if not is_for_ever(one):
            continue
        for name in names_in(one):
            for alarm in _named(paths.account, name):
                if actions(alarm, State.ALARM):
                    yield Found(
                        alarm, f"The mute rule {one.label} holds back {alarm.label} for ever."
                    )


@rule(
    "band-tells-while-it-learns",
    Level.NOTE,
    why="CloudWatch learns a metric's weeks from up to two weeks of it; a young band is wrong "
    "often. Other alarms of the stack wait for that.",
    consequence="It tells from its first day on, as soon as there is a band.",
    fix="Give it a learnUntil too, unless its metric is known to CloudWatch already.",
    source="CloudWatch user guide, Using CloudWatch anomaly detection",
)
def band_tells_while_it_learns(paths: Paths) -> Iterator[Found]:
    """A band alarm without learning mode beside ones with it."""
    learning = [one for one in paths.account.of(Kind.MUTE_RULE) if is_learning(one)]
    waiting = {name for one in learning for name in names_in(one)}
    if not waiting:
        return
    for alarm in paths.account.alarms:
        if is_band(alarm) and actions(alarm, State.ALARM) and alarm.get("AlarmName") not in waiting:
            yield Found(alarm, f"{alarm.label} is on a band and does not wait until it is learned.")


def _named(account: Account, name: str) -> list[Item]:
    return [alarm for alarm in account.find(Kind.ALARM, name) if alarm.get("AlarmName") == name]


RULES = (
    mute_rule_refused,
    mute_rule_without_alarm,
    alarm_muted_for_ever,
    band_tells_while_it_learns,
)
