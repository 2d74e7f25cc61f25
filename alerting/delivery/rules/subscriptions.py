"""Rules about subscriptions."""

from collections.abc import Iterator

from alerting.account import Item
from alerting.delivery.labels import receiver_label
from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.steps import Outcome, outcome_of
from alerting.delivery.troubles import troubles
from alerting.sns.limits import Protocol

_FILTERED = (
    "SNS accepts the message and drops it for this subscription; only the metrics "
    "NumberOfNotificationsFilteredOut... show it."
)


@rule(
    "fifo-mismatch",
    Level.ERROR,
    why="FIFO topics deliver to queues only, standard topics to standard queues.",
    consequence="SNS refuses the subscription.",
    fix="Use a standard topic for people, functions and URLs.",
    source="SNS developer guide, Message ordering and deduplication (FIFO topics)",
)
def fifo_mismatch(paths: Paths) -> Iterator[Found]:
    """A FIFO topic with other than queues subscribed, or a FIFO queue on a standard topic."""
    for trouble in troubles(paths).get("fifo-mismatch", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "subscription-refused",
    Level.ERROR,
    why="The form of an endpoint, raw delivery, the limits of a filter policy are checked by AWS "
    "alone, at the end of a deployment.",
    consequence="SNS refuses the subscription.",
    fix="Keep to what is named.",
    source="SNS API reference, Subscribe and SetSubscriptionAttributes; SNS developer guide, "
    "Filter policy constraints",
)
def subscription_refused(paths: Paths) -> Iterator[Found]:
    """A subscription SNS does not take."""
    for trouble in troubles(paths).get("subscription-refused", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "filter-on-attributes",
    Level.ERROR,
    why="Filters look at message attributes unless told otherwise, and CloudWatch sends none; even "
    "`exists: false` does not match a message that has no attribute at all.",
    consequence=_FILTERED,
    fix="Set FilterPolicyScope to MessageBody.",
    source="SNS developer guide, Subscription filter policy scope; Key matching",
)
def filter_on_attributes(paths: Paths) -> Iterator[Found]:
    """A filter on message attributes, which alarm messages do not have."""
    for trouble in troubles(paths).get("filter-on-attributes", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "filter-on-plain-text",
    Level.ERROR,
    why="CloudWatch sends one body per protocol, and a filter on the body looks at the one of its "
    "subscription: a sentence for people on email and sms.",
    consequence=_FILTERED,
    fix="Take the filter away and use a topic for each severity, or the protocol email-json.",
    source="SNS developer guide, Message filtering (the body has to be a JSON object)",
)
def filter_on_plain_text(paths: Paths) -> Iterator[Found]:
    """A filter on the body of a subscription by email or sms, where the body is plain text."""
    for trouble in troubles(paths).get("filter-on-plain-text", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "filter-matches-nothing",
    Level.ERROR,
    why="A key that alarm messages do not have, a value in the wrong case, a state whose list of "
    "actions does not tell the topic; band alarms have no Trigger.Namespace.",
    consequence=_FILTERED,
    fix='Filter on what an alarm message has, for example {"NewStateValue": ["ALARM"]} or '
    '{"AlarmName": [{"prefix": "prod-"}]}.',
    source="SNS developer guide, Filter policies; CloudWatch user guide, Using Amazon CloudWatch "
    "alarms (format of the notification)",
)
def filter_matches_nothing(paths: Paths) -> Iterator[Found]:
    """A filter on the body that lets no message of any alarm on its topic through."""
    for topic, subscription in paths.subscribed:
        settled = outcome_of(paths.receive(topic, subscription)) is Outcome.BROKEN
        if not settled and paths.drops_everything(topic, subscription):
            alarms = listed(edge.alarm.label for edge in paths.edges_to(topic))
            name = receiver_label(paths.account, subscription)
            what = f"The filter of {name} lets no message of {alarms} through."
            yield Found(subscription, what)


@rule(
    "confirmation-needed",
    Level.NOTE,
    why="Mail addresses and URLs hear nothing before the link that SNS sends them was followed; "
    "the link is good for days only.",
    consequence="Messages are dropped until then, and nothing fails.",
    fix="Have each of them confirm; verify shows who has not.",
    source="SNS API reference, ConfirmSubscription; SNS developer guide, Subscribing to a topic",
)
def confirmation_needed(paths: Paths) -> Iterator[Found]:
    """Who must confirm a subscription, and which topics reach nobody until they do."""
    for topic in paths.topics:
        waiting, heard = _by_confirmation(paths, topic)
        if waiting:
            until = (
                f"only {listed(heard, 8)} hear{'s' if len(heard) == 1 else ''} {topic.label}"
                if heard
                else f"{topic.label} reaches nobody"
            )
            yield Found(topic, f"{listed(waiting, 8)} must confirm; until then {until}.")


def _by_confirmation(paths: Paths, topic: Item) -> tuple[list[str], list[str]]:
    """Labels of the receivers that must confirm, and of those that need not."""
    waiting: list[str] = []
    heard: list[str] = []
    for subscription in paths.account.subscriptions_of(topic):
        outcome = outcome_of(paths.receive(topic, subscription))
        label = receiver_label(paths.account, subscription)
        if outcome is not Outcome.BROKEN:
            (waiting if outcome is Outcome.WAITING else heard).append(label)
    return waiting, heard


@rule(
    "sms-spending-limit",
    Level.NOTE,
    why="An account may send text messages for one dollar a month until AWS raises the limit, and "
    "to verified numbers only while it is in the sandbox.",
    consequence="SNS drops text messages over the limit; only delivery status logs and the metric "
    "SMSMonthToDateSpentUSD show it.",
    fix="Ask for a higher limit and to leave the sandbox, or have a second receiver.",
    source="SNS developer guide, Mobile text messaging (spending quota, SMS sandbox)",
)
def sms_spending_limit(paths: Paths) -> Iterator[Found]:
    """Receivers by sms, which hang on the account's spending limit."""
    found = [s for _, s in paths.subscribed if s.get("Protocol") == Protocol.SMS]
    if found:
        names = [receiver_label(paths.account, subscription) for subscription in found]
        hang = "hangs" if len(names) == 1 else "hang"
        what = f"{listed(names, 8)} {hang} on the account's spending limit for text messages."
        yield Found(found[0] if len(found) == 1 else None, what, label=listed(names, 8))


RULES = (
    fifo_mismatch,
    subscription_refused,
    filter_on_attributes,
    filter_on_plain_text,
    filter_matches_nothing,
    confirmation_needed,
    sms_spending_limit,
)
