"""Rules about alarms that watch the delivery of alarms."""

from collections.abc import Collection, Iterator, Mapping

from alerting.account import Item, Unknown
from alerting.cloudwatch import State
from alerting.delivery.labels import receiver_label
from alerting.delivery.paths import Paths
from alerting.delivery.publishing import actions, service_of
from alerting.delivery.queries import queries
from alerting.delivery.rules.rule import Found, Level, rule
from alerting.delivery.subscriptions import endpoint

_ABOUT_DELIVERY = (
    "NumberOfNotificationsDelivered",
    "NumberOfNotificationsFailed",
    "NumberOfNotificationsFailedToRedriveToDlq",
    "NumberOfNotificationsFilteredOut-InvalidAttributes",
    "NumberOfNotificationsFilteredOut-InvalidMessageBody",
    "NumberOfNotificationsFilteredOut-NoMessageAttributes",
    "NumberOfNotificationsRedrivenToDlq",
)


def watched_topics(alarm: Item, metrics: Collection[str] = _ABOUT_DELIVERY) -> frozenset[str]:
    """Names of the topics whose deliveries an alarm watches, by some of SNS's metrics."""
    stats = (query.get("MetricStat") for query in queries(alarm) or ())
    inner = (stat.get("Metric") for stat in stats if isinstance(stat, Mapping))
    return frozenset(
        topic
        for metric in (alarm.data, *inner)
        if isinstance(metric, Mapping) and metric.get("Namespace") == "AWS/SNS"
        if str(metric.get("MetricName")) in metrics
        for topic in _topic_names(metric.get("Dimensions"))
    )


def _topic_names(dimensions: object) -> Iterator[str]:
    for dimension in dimensions if isinstance(dimensions, list | tuple) else ():
        if isinstance(dimension, Mapping) and dimension.get("Name") == "TopicName":
            value = dimension.get("Value")
            if isinstance(value, str):
                yield value


def told_topics(alarm: Item) -> frozenset[str]:
    """Names of the topics an alarm tells of ALARM, as far as they are known."""
    told = (ref for ref in actions(alarm, State.ALARM) if not isinstance(ref, Unknown))
    return frozenset(ref.rsplit(":", 1)[-1] for ref in told if service_of(ref) == "sns")


@rule(
    "second-path-same-topic",
    Level.ERROR,
    why="The alarm about a topic's deliveries tells the same topic.",
    consequence="What keeps messages of the topic from being delivered keeps this one too.",
    fix="Tell another topic, which reaches somebody in another way.",
    source="SNS developer guide, Monitoring Amazon SNS topics using CloudWatch",
)
def second_path_same_topic(paths: Paths) -> Iterator[Found]:
    """An alarm that tells of a topic's failures through that topic only."""
    for alarm in paths.account.alarms:
        watched, told = watched_topics(alarm), told_topics(alarm)
        unknown = any(isinstance(ref, Unknown) for ref in actions(alarm, State.ALARM))
        if watched and told and told <= watched and not unknown:
            yield Found(alarm, f"{alarm.label} tells of {', '.join(sorted(told))} through itself.")


@rule(
    "second-path-same-receivers",
    Level.WARNING,
    why="The second topic is heard by nobody but those whom the first one fails to reach, or only "
    "in the same way: by mail where the first one is mail.",
    consequence="What breaks the first path, such as a full mailbox or a spent limit for text "
    "messages, breaks the second one with it.",
    fix="Let the second path end at somebody else, and in another way.",
    source="SNS developer guide, Amazon SNS message delivery retries",
)
def second_path_same_receivers(paths: Paths) -> Iterator[Found]:
    """A second path that leads to the receivers of the first, or to the same kind only."""
    topics = {str(topic.arn).rsplit(":", 1)[-1]: topic for topic in paths.topics}
    seen: set[tuple[str, str]] = set()
    for alarm in paths.account.alarms:
        told = told_topics(alarm)
        for pair in ((one, other) for one in watched_topics(alarm) for other in sorted(told)):
            first, second = (topics.get(name) for name in pair)
            if pair in seen or first is None or second is None or first is second:
                continue
            seen.add(pair)
            why = _same(paths, first, second)
            if why:
                told_over = f"{second.label} is told when {first.label} fails"
                yield Found(second, f"{told_over}, and {why}.")


def _same(paths: Paths, first: Item, second: Item) -> str:
    """How the second topic leads where the first one does; empty where it does not."""
    one, other = (
        {
            (str(item.get("Protocol")), _end(paths, item))
            for item in paths.account.subscriptions_of(topic)
        }
        for topic in (first, second)
    )
    if not one or not other:
        return ""  # nobody is subscribed, as another rule says
    if other <= one:
        return "nobody hears it who does not hear the other"
    kinds = {protocol for protocol, _ in one | other}
    return f"both are heard by {kinds.pop()} alone" if len(kinds) == 1 else ""


def _end(paths: Paths, subscription: Item) -> str:
    to = endpoint(subscription)
    return to if isinstance(to, str) else receiver_label(paths.account, subscription)


RULES = (second_path_same_topic, second_path_same_receivers)
