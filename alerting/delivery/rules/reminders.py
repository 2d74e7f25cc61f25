"""Rules about state machines that tell of alarms again."""

from collections.abc import Iterator

from alerting.account import Item, Kind
from alerting.delivery.filters import passes
from alerting.delivery.labels import receiver_label
from alerting.delivery.paths import Paths
from alerting.delivery.reminders import Trial, trials
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.troubles import troubles
from alerting.states.started import started_by_alarms


@rule(
    "reminder-closed",
    Level.ERROR,
    why="A state machine publishes with its role: that one, the topic's policy and the policy of "
    "the topic's key have to allow it, whatever they allow CloudWatch.",
    consequence="The execution fails, and nobody hears the reminder; the metric ExecutionsFailed "
    "of AWS/States shows it.",
    fix="Allow the role sns:Publish on the topic, kms:GenerateDataKey and kms:Decrypt on its key, "
    "and let the account of the role in by both their policies.",
    source="Step Functions developer guide, Integrate Amazon SNS with Step Functions; SNS "
    "developer guide, Key management",
)
def reminder_closed(paths: Paths) -> Iterator[Found]:
    """A state machine that alarms start, and that may not publish to the topic it is to tell."""
    for trouble in troubles(paths).get("reminder-closed", ()):
        yield Found(trouble.about, f"{listed(trouble.who)} gets nothing through: {trouble.why}.")


@rule(
    "reminder-not-started",
    Level.ERROR,
    why="EventBridge starts a state machine with the role of the rule's target, which "
    "events.amazonaws.com has to be allowed to take on, and which has to be allowed "
    "states:StartExecution on the machine.",
    consequence="No alarm is reminded of; the metric FailedInvocations of AWS/Events shows it.",
    fix="Let events.amazonaws.com assume the role, and allow states:StartExecution on the "
    "machine's ARN.",
    source="EventBridge user guide, Using IAM roles to send events to targets",
)
def reminder_not_started(paths: Paths) -> Iterator[Found]:
    """An event rule whose target's role may not start the state machine."""
    for trouble in troubles(paths).get("reminder-not-started", ()):
        yield Found(trouble.about, f"{listed(trouble.who)} is never started: {trouble.why}.")


@rule(
    "reminder-of-nothing",
    Level.WARNING,
    why="The rule lists alarms by name, and an alarm was renamed or removed, or is in another "
    "Region.",
    consequence="Nobody is reminded of anything by this rule.",
    fix="Build the pattern from the names of alarms that are declared beside it.",
    source="CloudWatch user guide, Alarm events and EventBridge",
)
def reminder_of_nothing(paths: Paths) -> Iterator[Found]:
    """An event rule that starts a state machine for alarms of which none is there."""
    if any(not isinstance(alarm.get("AlarmName"), str) for alarm in paths.account.alarms):
        return
    for trial in trials(paths):
        if not trial.alarms:
            started = trial.started
            what = f"{started.rule.label} picks no alarm that is there for {started.item.label}."
            yield Found(started.rule, what)


@rule(
    "reminder-filtered",
    Level.NOTE,
    why="A reminder says NewStateValue, AlarmName and the like as an alarm's own message does, but "
    "has no Trigger, and its OldStateValue is ALARM.",
    consequence="The receiver hears of the ALARM, and of no reminder.",
    fix="Where reminders are wanted, let the filter ask for what they have: NewStateValue, "
    "AlarmName.",
    source="SNS developer guide, Amazon SNS message filtering",
)
def reminder_filtered(paths: Paths) -> Iterator[Found]:
    """A receiver whose filter drops the reminders of a topic."""
    for trial in trials(paths):
        for said in trial.published[:1]:
            for topic in paths.account.find(Kind.TOPIC, said.topic):
                deaf = list(_deaf(paths, topic, said.bodies["default"]))
                if deaf:
                    what = f"{listed(deaf)} is told of no reminder of {_label(trial)}: the filter "
                    yield Found(topic, f"{what}drops them.")


@rule(
    "reminder-unread",
    Level.NOTE,
    why="Only Pass, Wait, Choice, Task, Succeed and Fail in JSONPath are known here, and of tasks "
    "DescribeAlarms and SNS's Publish.",
    consequence="What it tells people is not part of what is shown here.",
    fix="Look at its executions in Step Functions.",
    source="Amazon States Language specification",
)
def reminder_unread(paths: Paths) -> Iterator[Found]:
    """A state machine that alarms start, and of which it cannot be told what it does."""
    _, unread = started_by_alarms(paths.account)
    for why in unread:
        yield Found(None, f"{why[0].upper()}{why[1:]}.")


def _deaf(paths: Paths, topic: Item, body: str) -> Iterator[str]:
    for subscription in paths.account.subscriptions_of(topic):
        found = paths.body_filter(subscription)
        drops = found is not None and passes(*found, body=body) is False
        if drops and not paths.drops_everything(topic, subscription):
            yield receiver_label(paths.account, subscription)


def _label(trial: Trial) -> str:
    return listed(alarm.label for alarm in trial.alarms)


RULES = (
    reminder_closed,
    reminder_not_started,
    reminder_of_nothing,
    reminder_filtered,
    reminder_unread,
)
