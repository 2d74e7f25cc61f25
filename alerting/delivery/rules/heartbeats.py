"""Rules about alarms that schedules set off to see whether their path works."""

from collections.abc import Iterator

from alerting.account import Item, Kind, Unknown
from alerting.cloudwatch import MissingData
from alerting.cloudwatch.evaluation import Evaluation
from alerting.delivery.heartbeats import beats
from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.rules.second_path import told_topics, watched_topics
from alerting.delivery.troubles import troubles


@rule(
    "heartbeat-role",
    Level.ERROR,
    why="A schedule sets the alarm with a role, which scheduler.amazonaws.com has to be allowed to "
    "take on, and which has to be allowed cloudwatch:SetAlarmState on that alarm.",
    consequence="No beat gets anywhere; only the metric InvocationDroppedCount of AWS/Scheduler "
    "shows it, and the watch on what is delivered.",
    fix="Let scheduler.amazonaws.com assume the role, and allow cloudwatch:SetAlarmState on the "
    "alarm's ARN.",
    source="EventBridge Scheduler user guide, Setting up Amazon EventBridge Scheduler (execution "
    "role)",
)
def heartbeat_role(paths: Paths) -> Iterator[Found]:
    """A schedule whose role may not set the alarm it is to set."""
    for trouble in troubles(paths).get("heartbeat-role", ()):
        yield Found(trouble.about, f"{listed(trouble.who)} is never set off: {trouble.why}.")


@rule(
    "heartbeat-alarm-missing",
    Level.ERROR,
    why="The alarm was renamed or removed, and the schedule names it in its input.",
    consequence="No beat gets anywhere.",
    fix="Build the schedule's input from the name of an alarm that is declared beside it.",
    source="CloudWatch API reference, SetAlarmState (ResourceNotFound)",
)
def heartbeat_alarm_missing(paths: Paths) -> Iterator[Found]:
    """A schedule that sets an alarm that is not there."""
    for trouble in troubles(paths).get("heartbeat-alarm-missing", ()):
        yield Found(trouble.about, f"{trouble.label} sets nothing: {trouble.why}.")


@rule(
    "heartbeat-beats-once",
    Level.WARNING,
    why="Between two beats the alarm has to be in another state: setting it to the one it is in "
    "changes nothing, and only a change runs actions. What brings it back is its next evaluation, "
    "or a second schedule; missing data that is ignored brings nothing back.",
    consequence="The first beat is told, and no other.",
    fix="Let missing data be notBreaching, or add a schedule that sets the alarm to OK.",
    source="CloudWatch API reference, SetAlarmState; CloudWatch user guide, Configuring how "
    "CloudWatch alarms treat missing data",
)
def heartbeat_beats_once(paths: Paths) -> Iterator[Found]:
    """An alarm that schedules set to one state only, and that never leaves it by itself."""
    states: dict[str, set[str]] = {}
    for _, asked in beats(paths.account):
        states.setdefault(asked.alarm, set()).add(asked.state)
    for name, given in states.items():
        for alarm in paths.account.find(Kind.ALARM, name):
            if alarm.get("AlarmRule") is None and len(given) == 1 and _stays(alarm):
                only = next(iter(given))
                yield Found(alarm, f"{alarm.label} is set to {only}, and nothing sets it back.")


def _stays(alarm: Item) -> bool:
    try:
        return Evaluation.of(alarm.data).treat_missing_data is MissingData.IGNORE
    except (KeyError, TypeError, ValueError):  # not known yet
        return False


@rule(
    "heartbeat-unmissed",
    Level.WARNING,
    why="A heartbeat proves nothing to people who are left out of it, and those who hear it get "
    "used to it.",
    consequence="When it stops, nobody notices.",
    fix="Watch NumberOfNotificationsDelivered of the topic, with missing data breaching, over "
    "another topic: `secondPath` does.",
    source="SNS developer guide, Monitoring Amazon SNS topics using CloudWatch",
)
def heartbeat_unmissed(paths: Paths) -> Iterator[Found]:
    """A heartbeat on a topic whose deliveries nobody watches."""
    if any(_is_unknown(alarm) for alarm in paths.account.alarms):
        return
    watched = {
        name
        for alarm in paths.account.alarms
        if alarm.get("TreatMissingData") == MissingData.BREACHING
        for name in watched_topics(alarm, ["NumberOfNotificationsDelivered"])
    }
    for _, asked in beats(paths.account):
        for alarm in paths.account.find(Kind.ALARM, asked.alarm):
            for topic in sorted(told_topics(alarm) - watched):
                yield Found(alarm, f"Nobody is told when the heartbeat stops that {topic} gets.")


def _is_unknown(alarm: Item) -> bool:
    """Whether it is not known yet what an alarm watches."""
    keys = ("Namespace", "MetricName", "Dimensions", "TreatMissingData", "Metrics")
    return any(isinstance(alarm.get(key), Unknown) for key in keys)


RULES = (heartbeat_role, heartbeat_alarm_missing, heartbeat_beats_once, heartbeat_unmissed)
