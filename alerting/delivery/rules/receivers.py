"""Rules about what is behind a subscription."""

from collections.abc import Iterator

from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.troubles import troubles

_FAILED = (
    "SNS retries or gives up, and drops the message or keeps it in the dead-letter queue; only the "
    "metric NumberOfNotificationsFailed shows it."
)


@rule(
    "queue-closed",
    Level.ERROR,
    why="A subscription does not open the queue: its own policy has to, for this topic.",
    consequence=_FAILED,
    fix="Allow the service sns.amazonaws.com sqs:SendMessage on the queue, held to the topic by "
    "aws:SourceArn.",
    source="SNS developer guide, Subscribing an Amazon SQS queue to an Amazon SNS topic",
)
def queue_closed(paths: Paths) -> Iterator[Found]:
    """A subscribed queue whose policy does not let SNS write for this topic."""
    for trouble in troubles(paths).get("queue-closed", ()):
        yield Found(trouble.about, f"{trouble.label}, for {listed(trouble.who)}: {trouble.why}.")


@rule(
    "function-closed",
    Level.ERROR,
    why="The invoke permission is a resource of its own, and for one topic.",
    consequence=_FAILED,
    fix="Add a permission for lambda:InvokeFunction with the principal sns.amazonaws.com and the "
    "topic as its source; where an alarm invokes the function itself, with the principal "
    "lambda.alarms.cloudwatch.amazonaws.com and the alarm as its source.",
    source="Lambda developer guide, Invoking Lambda functions with Amazon SNS notifications; "
    "CloudWatch user guide, Invoke a Lambda function from an alarm",
)
def function_closed(paths: Paths) -> Iterator[Found]:
    """A function that SNS, or an alarm, may not invoke."""
    for trouble in troubles(paths).get("function-closed", ()):
        yield Found(trouble.about, f"{trouble.label}, for {listed(trouble.who)}: {trouble.why}.")


@rule(
    "firehose-role",
    Level.ERROR,
    why="SNS writes to a delivery stream with a role that trusts it and may write there.",
    consequence="SNS refuses a subscription without a role; with a wrong one, every delivery fails "
    "and only the metric NumberOfNotificationsFailed shows it.",
    fix="Give a role that sns.amazonaws.com may assume and that allows firehose:PutRecord and "
    "firehose:PutRecordBatch on the stream.",
    source="SNS developer guide, Prerequisites for subscribing Firehose delivery streams",
)
def firehose_role(paths: Paths) -> Iterator[Found]:
    """A subscription of a delivery stream without a role that can write to it."""
    for trouble in troubles(paths).get("firehose-role", ()):
        whose = "" if trouble.label in trouble.who else f", for {listed(trouble.who)}"
        yield Found(trouble.about, f"{trouble.label}{whose}: {trouble.why}.")


@rule(
    "receiver-missing",
    Level.ERROR,
    why="The queue, function or role was deleted, or its ARN is misspelt.",
    consequence=_FAILED,
    fix="Create it, or name the right one.",
    source="SNS developer guide, Amazon SNS message delivery retries (client-side errors)",
)
def receiver_missing(paths: Paths) -> Iterator[Found]:
    """A subscription whose queue, function or role does not exist."""
    for trouble in troubles(paths).get("receiver-missing", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "receiver-elsewhere",
    Level.ERROR,
    why="Deliveries cross Regions, but not partitions, not between two opt-in Regions, and not to "
    "a function in an opt-in Region.",
    consequence="SNS refuses the subscription or never delivers to it.",
    fix="Use a receiver in the topic's Region.",
    source="SNS developer guide, Sending messages to an Amazon SQS queue or AWS Lambda function in "
    "a different Region",
)
def receiver_elsewhere(paths: Paths) -> Iterator[Found]:
    """A receiver in a place SNS does not deliver to."""
    for trouble in troubles(paths).get("receiver-elsewhere", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "dead-letter-queue",
    Level.WARNING,
    why="It needs a policy for the topic, and a key SNS may use, like any subscribed queue, and "
    "must be in the topic's Region and account.",
    consequence="A message that cannot be delivered is lost instead of kept; only the metric "
    "NumberOfNotificationsFailedToRedriveToDlq shows it.",
    fix="Allow the service sns.amazonaws.com sqs:SendMessage on the queue, held to the topic by "
    "aws:SourceArn.",
    source="SNS developer guide, Amazon SNS dead-letter queues",
)
def dead_letter_queue(paths: Paths) -> Iterator[Found]:
    """A dead-letter queue that cannot take what SNS could not deliver."""
    for trouble in troubles(paths).get("dead-letter-queue", ()):
        whose = "" if trouble.label in trouble.who else f", for {listed(trouble.who)}"
        yield Found(trouble.about, f"{trouble.label}{whose}: {trouble.why}.")


RULES = (
    queue_closed,
    function_closed,
    firehose_role,
    receiver_missing,
    receiver_elsewhere,
    dead_letter_queue,
)
