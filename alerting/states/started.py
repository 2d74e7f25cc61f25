"""The state machines of an account that CloudWatch's events start.

Played are machines whose tasks are DescribeAlarms and SNS's Publish; one that wants anything else,
or has something in its definition that is not known here, is not, with a reason.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from alerting.account.model import Account, Item, Kind, Unknown
from alerting.cloudwatch.event_source import SOURCE
from alerting.events.pattern import matches, read_pattern
from alerting.events.transformer import TransformerError, handed
from alerting.states.errors import DefinitionError, StateError
from alerting.states.machine import Execution, Machine, Task

_UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading something raises that has not the shape of AWS's API; our own errors among them."""
_LOOK, _TELL = ":::aws-sdk:cloudwatch:describeAlarms", ":::sns:publish"


@dataclass(frozen=True, slots=True)
class Published:
    """What a Publish task says."""

    time: float
    topic: str
    """ARN."""
    subject: str
    bodies: Mapping[str, str]
    """By protocol; `default` for those without one of their own."""

    @property
    def count(self) -> tuple[int, int] | None:
        """Which reminder it is of how many, as its message says; None where it does not."""
        try:
            told = json.loads(self.bodies["default"])["Reminder"]
            return int(told["Number"]), int(told["Of"])
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Run:
    """What an execution published, and how it ended."""

    published: tuple[Published, ...]
    execution: Execution


Look = Callable[[Mapping[str, Any], float], Any]
"""Answers DescribeAlarms: given its parameters and the time in epoch seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Started:
    """An event rule, one of its targets, and the machine that is started."""

    rule: Item
    target: Mapping[str, Any]
    item: Item
    pattern: Mapping[str, Any]
    machine: Machine

    def picks(self, event: Mapping[str, Any]) -> bool:
        """Whether an event starts the machine."""
        return matches(self.pattern, event)

    def run(self, event: Mapping[str, Any], look: Look, *, start: float, end: float) -> Run:
        """One execution.

        Args:
            event: what starts it.
            look: answers DescribeAlarms.
            start: when, in epoch seconds.
            end: up to when it is followed.

        Raises:
            TransformerError: the target asks for what the event does not have.
        """
        published: list[Published] = []

        def perform(task: Task) -> Any:
            if task.resource.endswith(_LOOK):
                return look(task.parameters, task.time)
            published.append(_published(task))
            return {"MessageId": str(len(published))}

        try:
            given = handed(self.target, event)
        except _UNREADABLE as error:
            raise TransformerError(str(error)) from error
        execution = self.machine.run(given, perform, start=start, end=end)
        return Run(tuple(published), execution)


def started_by_alarms(account: Account) -> tuple[tuple[Started, ...], tuple[str, ...]]:
    """The machines that alarms start, and of those that cannot be played why.

    What is not known yet is among neither.
    """
    found: list[Started] = []
    unread: list[str] = []
    for rule in account.of(Kind.EVENT_RULE):
        for target in _targets(rule):
            for item in account.find(Kind.STATE_MACHINE, target.get("Arn")):
                try:
                    found += _started(rule, target, item)
                except _UNREADABLE as error:
                    unread.append(f"the state machine {item.label}, by {rule.label}: {error}")
    return tuple(found), tuple(unread)


def _targets(rule: Item) -> Iterator[Mapping[str, Any]]:
    listed = rule.get("Targets")
    for target in listed if isinstance(listed, list | tuple) else ():
        if isinstance(target, Mapping):
            yield target


def _started(rule: Item, target: Mapping[str, Any], item: Item) -> Iterator[Started]:
    """Nothing where the rule is off, picks nothing of CloudWatch's, or is not known yet."""
    pattern, definition = rule.get("EventPattern"), item.get("definition")
    unknown = any(isinstance(one, Unknown) for one in (pattern, definition, *_leaves(target)))
    if pattern is None or unknown or rule.get("State") == "DISABLED":
        return
    read = read_pattern(pattern)
    if "source" in read and not matches({"source": read["source"]}, {"source": SOURCE}):
        return
    machine = Machine(str(definition))
    for resource in machine.resources:
        if not resource.endswith((_LOOK, _TELL)):
            raise DefinitionError(f"its task {resource} is not known here")
    yield Started(rule, target, item, read, machine)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    else:
        yield value


def _published(task: Task) -> Published:
    """What a task publishes.

    Raises:
        StateError: it is nothing that SNS takes.
    """
    said = task.parameters if isinstance(task.parameters, Mapping) else {}
    topic, message = said.get("TopicArn"), said.get("Message")
    bodies: Any = {"default": message}
    if said.get("MessageStructure") == "json":
        with suppress(ValueError):
            bodies = json.loads(str(message))
    sound = isinstance(bodies, Mapping) and isinstance(bodies.get("default"), str)
    if not isinstance(topic, str) or not sound:
        raise StateError("Sns.InvalidParameterException", "a topic and a message are wanted")
    return Published(task.time, topic, str(said.get("Subject", "")), bodies)
