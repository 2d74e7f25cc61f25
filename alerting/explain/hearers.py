"""Who hears an alarm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import State
from alerting.delivery import NOBODY, Outcome, Route, receiver_label
from alerting.explain.topics import first_stop, tells_a_function

_BEST_FIRST = (
    Outcome.OK,
    Outcome.WAITING,
    Outcome.CANNOT_TELL,
    Outcome.FILTERED,
    Outcome.BROKEN,
)


def best(outcomes: Iterable[Outcome]) -> Outcome:
    """The best of several: what several paths to one receiver come to."""
    return min(outcomes, key=_BEST_FIRST.index)


@dataclass(frozen=True, slots=True)
class Hearer:
    """A receiver at the end of an alarm's paths."""

    name: str
    protocol: str
    outcome: Outcome
    why: str = ""
    """Why the outcome is not OK."""

    @property
    def told(self) -> bool:
        """Whether the notification gets there, as far as can be told here."""
        return self.outcome in (Outcome.OK, Outcome.WAITING, Outcome.CANNOT_TELL)


class Audience:
    """Who is at the end of an account's routes."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._elsewhere: dict[str, list[Item]] = {}
        for subscription in account.of(Kind.SUBSCRIPTION):
            topic = subscription.get("TopicArn")
            if isinstance(topic, str) and not account.find(Kind.TOPIC, topic):
                self._elsewhere.setdefault(topic, []).append(subscription)

    def of(self, route: Route) -> list[Hearer]:
        """The receiver of a route; of a topic that is not in the picture, those declared here."""
        if route.receiver != NOBODY:
            return [Hearer(route.receiver, route.protocol, route.outcome, route.why)]
        if route.topic is not None or not isinstance(route.action, str):
            return []
        return [
            Hearer(
                receiver_label(self._account, subscription),
                str(subscription.get("Protocol")),
                route.outcome,
                route.why,
            )
            for subscription in self._elsewhere.get(route.action, ())
        ]


def hearers(audience: Audience, found: Iterable[Route]) -> dict[State, tuple[Hearer, ...]]:
    """By state the receivers at the end of an alarm's routes, each once, in the order of names."""
    by_state: dict[State, dict[tuple[str, str], list[Hearer]]] = {state: {} for state in State}
    for route in found:
        for hearer in audience.of(route):
            who = hearer.name, hearer.protocol
            by_state[route.state].setdefault(who, []).append(hearer)
    return {
        state: tuple(
            min(group, key=lambda hearer: _BEST_FIRST.index(hearer.outcome))
            for _, group in sorted(by_name.items())
        )
        for state, by_name in by_state.items()
    }


def lost(found: Iterable[Route], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The ends that ALARM does not reach because a path is broken, each with the reason."""
    routes = [route for route in found if route.state is State.ALARM]
    told = {route.receiver for route in routes if route.outcome is not Outcome.BROKEN}
    ends = {
        route.receiver if route.receiver != NOBODY else first_stop(route, names): route.why
        for route in routes
        if route.outcome is Outcome.BROKEN and route.receiver not in told
    }
    return tuple(ends.items())


def unseen(audience: Audience, found: Iterable[Route], names: Mapping[str, str]) -> tuple[str, ...]:
    """What an alarm tells of ALARM and whose hearers cannot be seen from here, in words."""
    dark = (
        f"{'the function' if tells_a_function(route) else 'whoever hears'} "
        f"{first_stop(route, names)}"
        for route in found
        if route.state is State.ALARM
        and route.receiver == NOBODY
        and route.outcome is Outcome.CANNOT_TELL
        and not audience.of(route)
    )
    return tuple(dict.fromkeys(dark))
