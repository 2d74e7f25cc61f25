"""Rules about topics."""

from collections.abc import Iterator

from alerting.account import Item
from alerting.delivery.paths import Paths
from alerting.delivery.policies import Verdict, decide
from alerting.delivery.requests import manage, place
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.troubles import troubles


@rule(
    "topic-without-subscription",
    Level.ERROR,
    why="A topic is a severity: what it hears of must reach somebody.",
    consequence="SNS accepts every message and drops it; neither CloudWatch nor SNS reports "
    "anything.",
    fix="Subscribe a receiver to the topic.",
    source="SNS developer guide, Message delivery (a publish succeeds without subscriptions)",
)
def topic_without_subscription(paths: Paths) -> Iterator[Found]:
    """A topic for alarms that nobody is subscribed to."""
    for trouble in troubles(paths).get("topic-without-subscription", ()):
        topic = trouble.about
        edges = paths.edges_to(topic) if isinstance(topic, Item) else ()
        alarms = [edge.alarm.label for edge in edges]
        tells = f"; {listed(alarms)} would tell it" if alarms else ""
        yield Found(trouble.about, f"Nobody is subscribed to {trouble.label}{tells}.")


@rule(
    "topic-policy-closed",
    Level.ERROR,
    why="A policy of one's own replaces the one a new topic has, which let every alarm of the "
    "account publish; or it is held to another account, Region, alarm or partition.",
    consequence="CloudWatch's publish is refused. The alarm turns red and looks healthy; the only "
    "trace is “Failed to execute action ... is not authorized to perform: SNS:Publish” in its "
    "history.",
    fix="Allow the service cloudwatch.amazonaws.com sns:Publish on the topic, held to this "
    "account by aws:SourceAccount; take alarms out of denying statements.",
    source="CloudWatch user guide, Notifying users on alarm changes; SNS developer guide, Example "
    "cases for Amazon SNS access control",
)
def topic_policy_closed(paths: Paths) -> Iterator[Found]:
    """A topic whose policy does not let CloudWatch publish for an alarm that tells it."""
    for trouble in troubles(paths).get("topic-policy-closed", ()):
        yield Found(
            trouble.about,
            f"The policy of {trouble.label} shuts out {listed(trouble.who)}: {trouble.why}.",
        )


@rule(
    "policy-malformed",
    Level.ERROR,
    why="A quoting mistake in a policy that is written as text.",
    consequence="AWS refuses the policy, and what it was to allow stays forbidden.",
    fix="Make the document with a JSON writer, and give each statement Effect, Principal, Action "
    "and Resource.",
    source="IAM user guide, JSON policy element reference",
)
def policy_malformed(paths: Paths) -> Iterator[Found]:
    """A policy on the way of a notification that is not a policy."""
    for trouble in troubles(paths).get("policy-malformed", ()):
        yield Found(trouble.about, f"The policy of {trouble.label} is no policy: {trouble.why}.")


@rule(
    "topic-owner-locked-out",
    Level.WARNING,
    why="A policy of one's own replaces the one a new topic has, which also let the owner's "
    "account manage it.",
    consequence="Only identities whose own IAM policy allows it can still manage the topic; after "
    "an explicit deny nobody can.",
    fix="Allow arn:PARTITION:iam::ACCOUNT:root the sns actions on the topic.",
    source="SNS developer guide, Example cases for Amazon SNS access control (default policy)",
)
def topic_owner_locked_out(paths: Paths) -> Iterator[Found]:
    """A topic whose own policy no longer lets its owner change it."""
    for topic in paths.topics:
        policy = topic.get("Policy")
        if not policy:
            continue
        decision = decide(policy, manage(place(paths.account, topic.arn)))
        if decision.verdict in (Verdict.DENIED, Verdict.NOT_ALLOWED):
            yield Found(
                topic,
                f"The policy of {topic.label} does not let the owner's account manage it: "
                f"{decision.reason}.",
            )


RULES = (
    topic_without_subscription,
    topic_policy_closed,
    policy_malformed,
    topic_owner_locked_out,
)
