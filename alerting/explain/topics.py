"""What topics are called."""

from collections.abc import Mapping

from alerting.account import Account, Deployment, Kind
from alerting.delivery import Route
from alerting.delivery.publishing import service_of


def topic_names(deployment: Deployment, account: Account) -> dict[str, str]:
    """The names by ARN, as the program has them; also of topics that exist already."""
    found = {topic.arn: topic.label for topic in account.of(Kind.TOPIC)}
    for component in deployment.of_type("alerting:index:Alarms"):
        topics = component.inputs.get("topics")
        for severity, arn in topics.items() if isinstance(topics, Mapping) else ():
            found.setdefault(arn, severity)
    return {arn: name for arn, name in found.items() if isinstance(arn, str)}


def topic_name(ref: object, names: Mapping[str, str]) -> str:
    """The name of the topic a reference means; of one that nobody names, the one in its ARN."""
    return names.get(ref, ref.rsplit(":", 1)[-1]) if isinstance(ref, str) else str(ref)


def first_stop(route: Route, names: Mapping[str, str]) -> str:
    """What the topic, or the function, is called that the alarm tells."""
    return route.topic.label if route.topic else topic_name(route.action, names)


def tells_a_function(route: Route) -> bool:
    """Whether the alarm invokes a function itself, without a topic."""
    return isinstance(route.action, str) and service_of(route.action) == "lambda"
