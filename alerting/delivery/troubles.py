"""The steps that are not OK, gathered by what they are about."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from alerting.account import Item, Ref, Unknown
from alerting.delivery.composites import composite_steps
from alerting.delivery.heartbeats import heartbeat_steps
from alerting.delivery.labels import label_of, receiver_label
from alerting.delivery.paths import Paths
from alerting.delivery.reminders import reminder_steps
from alerting.delivery.steps import Outcome, Step

CANNOT_TELL = "cannot-tell"
"""Stands for the rule of what cannot be told."""


@dataclass(slots=True)
class Trouble:
    """One thing that breaks, or may break, the paths of some alarms or receivers."""

    about: Item | Ref
    why: str
    """Of the first path that meets it."""
    name: str = ""
    """How people call the thing; empty where it is not known which it is."""
    who: list[str] = field(default_factory=list[str])
    """Labels of the alarms or receivers whose paths meet it."""

    @property
    def label(self) -> str:
        """How people call the thing, else whose path it is on."""
        return self.name or ", ".join(self.who)


def troubles(paths: Paths) -> dict[str, list[Trouble]]:
    """By rule id, one trouble for each thing that is wrong; what cannot be told among them."""
    return paths.once(lambda: _gathered(paths), "troubles")


def _gathered(paths: Paths) -> dict[str, list[Trouble]]:
    found: dict[str, dict[object, Trouble]] = {}
    for who, step in _steps(paths):
        if step.outcome not in (Outcome.BROKEN, Outcome.CANNOT_TELL):
            continue
        rule = step.rule if step.outcome is Outcome.BROKEN else CANNOT_TELL
        key = id(step.about) if isinstance(step.about, Item) else step.about
        trouble = found.setdefault(rule, {}).get(key)
        if trouble is None:
            vague = isinstance(step.about, Unknown)
            name = "" if vague else label_of(paths.account, step.about)
            trouble = found[rule][key] = Trouble(step.about, step.why, name)
        if who not in trouble.who[-1:]:
            trouble.who.append(who)
    return {rule: list(by_thing.values()) for rule, by_thing in found.items()}


def _steps(paths: Paths) -> Iterator[tuple[str, Step]]:
    for alarm, step in composite_steps(paths.account):
        yield alarm.label, step
    yield from heartbeat_steps(paths.account)
    yield from reminder_steps(paths)
    for edge in paths.edges:
        yield edge.alarm.label, edge.target.found
        if edge.target.item is not None:
            for step in paths.publish(edge.alarm, edge.target.item):
                yield edge.alarm.label, step
    for topic, subscription in paths.subscribed:
        label = receiver_label(paths.account, subscription)
        steps = (*paths.receive(topic, subscription), *paths.dead_letters(topic, subscription))
        for step in steps:
            yield label, step
    for topic in paths.topics:
        silence = paths.silence(topic)
        if silence is not None:
            yield topic.label, silence
