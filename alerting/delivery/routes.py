"""Who is told what: from an alarm to each receiver, with a verdict on every step."""

from collections.abc import Iterator
from dataclasses import dataclass

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch import State
from alerting.delivery.labels import receiver_label
from alerting.delivery.paths import Edge, Paths
from alerting.delivery.publishing import Target
from alerting.delivery.steps import Outcome, Step, outcome_of
from alerting.sns.limits import Protocol

NOBODY = "(nobody)"
"""The receiver of a route that ends before one."""


@dataclass(frozen=True, slots=True)
class Route:
    """The path of one alarm's notification of one state to one receiver."""

    alarm: Item
    state: State
    """The state whose list of actions the route starts from."""
    action: Ref
    topic: Item | None
    """None where the action is no topic, or one that cannot be seen."""
    subscription: Item | None
    protocol: str
    """Of the subscription; `lambda` where an alarm invokes a function itself, else empty."""
    receiver: str
    """How people call the receiver; never a secret endpoint."""
    steps: tuple[Step, ...]
    """In the order in which a notification meets them."""
    dead_letters: tuple[Step, ...] = ()
    """About the dead-letter queue; they do not count for the outcome."""

    @property
    def outcome(self) -> Outcome:
        """How the route ends."""
        return outcome_of(self.steps)

    @property
    def deciding(self) -> Step | None:
        """The step that makes the outcome what it is; None where all is well."""
        outcome = self.outcome
        if outcome is Outcome.OK:
            return None
        return next(step for step in self.steps if step.outcome is outcome)

    @property
    def why(self) -> str:
        """Why the outcome is not OK; empty where it is."""
        step = self.deciding
        return step.why if step else ""


def routes(account: Account) -> tuple[Route, ...]:
    """All routes of an account: alarms in their order, each with its states and receivers.

    Actions that tell nobody (EC2, Auto Scaling, Systems Manager) give no route.
    """
    return all_routes(Paths(account))


def all_routes(paths: Paths) -> tuple[Route, ...]:
    """All routes of an account that has been looked at already."""
    return tuple(route for edge in paths.edges for route in routes_of(paths, edge))


@dataclass(frozen=True, slots=True)
class End:
    """Where something an alarm tells ends up, for every message alike."""

    topic: Item | None
    subscription: Item | None
    protocol: str
    receiver: str
    steps: tuple[Step, ...]
    """A filter is only judged as far as its values do not matter."""


def ends(paths: Paths, alarm: Item, target: Target) -> Iterator[End]:
    """All receivers of one target of an alarm; one end at `NOBODY` where there are none."""
    begin, item = (_switched_on(alarm), target.found), target.item
    if item is None:
        yield End(None, None, "", NOBODY, begin)
        return
    published = (*begin, *paths.publish(alarm, item))
    if item.kind is Kind.FUNCTION:
        yield End(None, None, Protocol.LAMBDA, item.label, published)
        return
    silence = paths.silence(item)
    if silence is not None:
        yield End(item, None, "", NOBODY, (*published, silence))
    for subscription in paths.account.subscriptions_of(item):
        protocol = str(subscription.get("Protocol"))
        label = receiver_label(paths.account, subscription)
        steps = (*published, *paths.receive(item, subscription))
        yield End(item, subscription, protocol, label, steps)


def routes_of(paths: Paths, edge: Edge) -> Iterator[Route]:
    """The routes that start with one edge, one for each receiver."""
    for end in ends(paths, edge.alarm, edge.target):
        topic, subscription, steps, letters = end.topic, end.subscription, end.steps, ()
        if topic and subscription:
            letters = paths.dead_letters(topic, subscription)
            steps = tuple(
                _filtered(paths, topic, subscription, edge)
                if step.name == "filter" and step.outcome is Outcome.OK
                else step
                for step in steps
            )
        yield Route(
            edge.alarm,
            edge.state,
            edge.target.action,
            topic,
            subscription,
            end.protocol,
            end.receiver,
            steps,
            letters,
        )


def _switched_on(alarm: Item) -> Step:
    enabled = alarm.get("ActionsEnabled", True)
    if isinstance(enabled, Unknown):
        why = "whether its actions are enabled is not known yet"
        return Step("alarm", Outcome.CANNOT_TELL, why, about=alarm)
    if str(enabled).lower() == "false":
        why = "its actions are switched off"
        return Step("alarm", Outcome.BROKEN, why, "alarm-actions-off", about=alarm)
    return Step("alarm", Outcome.OK, about=alarm)


def _filtered(paths: Paths, topic: Item, subscription: Item, edge: Edge) -> Step:
    name = "filter"
    match paths.passes(subscription, edge.alarm, edge.state):
        case True:
            return Step(name, Outcome.OK, about=subscription)
        case None:
            why = "its filter asks for values that only the message itself will have"
            return Step(name, Outcome.CANNOT_TELL, why, about=subscription)
        case False if paths.drops_everything(topic, subscription):
            why = "its filter lets no message of any alarm on the topic through"
            return Step(name, Outcome.BROKEN, why, "filter-matches-nothing", about=subscription)
        case False:
            why = f"its filter does not let {edge.state} of this alarm through"
            return Step(name, Outcome.FILTERED, why, about=subscription)
