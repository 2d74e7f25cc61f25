"""Rules about the keys that topics and queues are encrypted with."""

from collections.abc import Iterator

from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.troubles import troubles

_KEY_SOURCE = "SNS developer guide, Managing Amazon SNS encryption keys and costs"
_LOST = (
    "The alarm turns red and looks healthy, and nothing arrives; the only trace is “Received "
    "error: ... (Service: AWSKMS; Error Code: AccessDeniedException)” in its history. A test "
    "message sent by a person gets through, which hides it."
)


@rule(
    "topic-key-aws-managed",
    Level.ERROR,
    why="alias/aws/sns looks like the obvious choice, and is in the provider's own example.",
    consequence=_LOST,
    fix="Use a customer-managed key that lets cloudwatch.amazonaws.com do kms:GenerateDataKey* "
    "and kms:Decrypt, or no key.",
    source=_KEY_SOURCE,
)
def topic_key_aws_managed(paths: Paths) -> Iterator[Found]:
    """A topic for alarms that is encrypted with AWS's own key for SNS."""
    for trouble in troubles(paths).get("topic-key-aws-managed", ()):
        what = f"{trouble.label} shuts out {listed(trouble.who)}: {trouble.why}."
        yield Found(trouble.about, what)


@rule(
    "topic-key-closed",
    Level.ERROR,
    why="The publisher has to be let in, and with both actions; the account's root in the policy "
    "stands for identities of the account, not for services.",
    consequence=_LOST,
    fix="Allow the service cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt, held to "
    "the topic by kms:EncryptionContext:aws:sns:topicArn.",
    source=_KEY_SOURCE,
)
def topic_key_closed(paths: Paths) -> Iterator[Found]:
    """A topic whose key does not let CloudWatch in, or only half."""
    for trouble in troubles(paths).get("topic-key-closed", ()):
        yield Found(
            trouble.about,
            f"The key {trouble.label} shuts out {listed(trouble.who)}: {trouble.why}.",
        )


@rule(
    "queue-key-aws-managed",
    Level.ERROR,
    why="alias/aws/sqs looks like the obvious choice.",
    consequence="SQS refuses the message; SNS retries and then drops it, or keeps it in the "
    "dead-letter queue. Only the metric NumberOfNotificationsFailed shows it.",
    fix="Use a customer-managed key that lets sns.amazonaws.com do kms:GenerateDataKey* and "
    "kms:Decrypt, or SQS's own encryption (SqsManagedSseEnabled), which needs no grant.",
    source=_KEY_SOURCE,
)
def queue_key_aws_managed(paths: Paths) -> Iterator[Found]:
    """A subscribed queue that is encrypted with AWS's own key for SQS."""
    for trouble in troubles(paths).get("queue-key-aws-managed", ()):
        yield Found(trouble.about, f"{trouble.label} shuts out SNS: {trouble.why}.")


@rule(
    "queue-key-closed",
    Level.ERROR,
    why="SNS writes to the queue in its own name and has to be let into the queue's key.",
    consequence="SQS refuses the message; SNS retries and then drops it, or keeps it in the "
    "dead-letter queue. Only the metric NumberOfNotificationsFailed shows it.",
    fix="Allow the service sns.amazonaws.com kms:GenerateDataKey* and kms:Decrypt.",
    source=_KEY_SOURCE,
)
def queue_key_closed(paths: Paths) -> Iterator[Found]:
    """A subscribed queue whose key does not let SNS in, or only half."""
    for trouble in troubles(paths).get("queue-key-closed", ()):
        yield Found(
            trouble.about,
            f"The key {trouble.label} shuts out {listed(trouble.who)}: {trouble.why}.",
        )


@rule(
    "key-unusable",
    Level.ERROR,
    why="The key was disabled, is waiting to be deleted, is in another Region, or is of a kind "
    "that cannot make data keys.",
    consequence="Nothing can be put into the topic or queue; the failure shows in the alarm's "
    "history (KMSDisabled, KMSInvalidState).",
    fix="Enable the key or cancel its deletion, or use a symmetric key of the same Region.",
    source="KMS developer guide, Key states of AWS KMS keys",
)
def key_unusable(paths: Paths) -> Iterator[Found]:
    """A key on the way of a notification that cannot encrypt."""
    for trouble in troubles(paths).get("key-unusable", ()):
        yield Found(trouble.about, f"{trouble.label}, for {listed(trouble.who)}: {trouble.why}.")


@rule(
    "key-missing",
    Level.ERROR,
    why="The key or its alias was deleted, or its name is misspelt.",
    consequence="Nothing can be put into the topic or queue; the failure shows in the alarm's "
    "history (KMSNotFound).",
    fix="Name a key that exists.",
    source=_KEY_SOURCE,
)
def key_missing(paths: Paths) -> Iterator[Found]:
    """A topic or queue that is encrypted with a key that does not exist."""
    for trouble in troubles(paths).get("key-missing", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


RULES = (
    topic_key_aws_managed,
    topic_key_closed,
    queue_key_aws_managed,
    queue_key_closed,
    key_unusable,
    key_missing,
)
