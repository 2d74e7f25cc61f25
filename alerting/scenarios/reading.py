"""Reads a scenario file; all that can be said without looking at the alarms is refused here."""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from alerting.cloudwatch import State
from alerting.replay import MetricKey
from alerting.scenarios.mistakes import Mistake, ScenarioError, all_of, did_you_mean
from alerting.scenarios.moments import ZERO, Moment, parse_moment
from alerting.scenarios.node import Node
from alerting.scenarios.scenario import (
    DEFAULT_WITHIN,
    Expectation,
    Field,
    Scenario,
    SeriesSpec,
    Test,
)
from alerting.spans import parse_span

_SCENARIO = ("stack", "alarms", "series", "expect", "only", "tests")
_TEST = ("expect", "only")
_SERIES = ("alarm", "metric", "every", "values", "file", "result", "start")
_METRIC = ("namespace", "name", "dimensions", "statistic")
_EXPECTATION = (
    "alarm",
    "state",
    "at",
    "within",
    "by",
    "times",
    "never",
    "after",
    "before",
    "tells",
    "toldAt",
    "held",
    "reminded",
    "message",
)
_SORTS = ("at", "by", "times", "never")
_MOMENTS = ("at", "by", "after", "before", "toldAt")
_GO_WITH = {
    "within": ("at",),
    "after": ("times", "never"),
    "before": ("times", "never"),
    "tells": ("at", "by", "times"),
    "toldAt": ("at", "by"),
    "held": ("at", "by", "times"),
    "reminded": ("at", "by"),
    "message": ("at", "by"),
}

_T = TypeVar("_T")


def read_scenario(file: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        ScenarioError: with every mistake that can be seen without the stack, each with its line.
    """
    return _Reader().scenario(Node.load(file))


class _Reader:
    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []

    def scenario(self, node: Node) -> Scenario:
        fields = node.fields("a scenario", _SCENARIO)
        stack, alarms = fields.get("stack"), fields.get("alarms")
        about = stack or alarms or node
        if (stack is None) == (alarms is None):
            self._mistakes.append(
                Mistake(about.place, "must have one of stack (a stack's name) and alarms (a file)")
            )
        scenario = Scenario(
            file=node.file,
            stack=stack.text("stack") if stack else None,
            alarms=_beside(alarms, "alarms") if alarms else None,
            place=about.place,
            series=tuple(self._series(node, fields)),
            tests=tuple(self._tests(node, fields)),
        )
        all_of(self._mistakes)
        return scenario

    def _attempt(self, make: Callable[[Node], _T], node: Node) -> Iterable[_T]:
        try:
            return (make(node),)
        except ScenarioError as error:
            self._mistakes += error.mistakes
            return ()

    def _series(self, node: Node, fields: dict[str, Node]) -> Iterable[SeriesSpec]:
        if "series" not in fields:
            self._mistakes.append(Mistake(node.place, "has no series: no alarm would see any data"))
            return
        items = fields["series"].items("series")
        if not items:
            self._mistakes.append(Mistake(fields["series"].place, "series is empty"))
        for item in items:
            yield from self._attempt(_series, item)

    def _tests(self, node: Node, fields: dict[str, Node]) -> Iterable[Test]:
        tests = fields.get("tests")
        if tests is None:
            yield from self._test("", node, fields)
            return
        for key in ("expect", "only"):
            if key in fields:
                place = fields[key].place
                self._mistakes.append(Mistake(place, f"{key} stands in each of tests, or alone"))
        named = tests.fields("tests")
        if not named:
            self._mistakes.append(Mistake(tests.place, "tests is empty: nothing would be tested"))
        for name, test in named.items():
            for known in self._attempt(lambda one: one.fields("a test", _TEST), test):
                yield from self._test(name, test, known)

    def _test(self, name: str, node: Node, fields: dict[str, Node]) -> Iterable[Test]:
        if "expect" not in fields:
            where = f"test {name!r}" if name else "the scenario"
            self._mistakes.append(
                Mistake(node.place, f"{where} has no expect: nothing would be tested")
            )
            return
        items = fields["expect"].items("expect")
        if not items:
            self._mistakes.append(
                Mistake(fields["expect"].place, "expect is empty: nothing would be tested")
            )
        found = [one for item in items for one in self._attempt(_expectation, item)]
        only = fields["only"].flag("only") if "only" in fields else False
        yield Test(name, fields["expect"].place if not name else node.place, tuple(found), only)


def _series(node: Node) -> SeriesSpec:
    fields = node.fields("a series", _SERIES)
    _exactly_one(node, fields, "alarm", "metric")
    _exactly_one(node, fields, "values", "file")
    if "result" in fields and "file" not in fields:
        raise fields["result"].wrong("result names a series of a file")
    every = _span(fields["every"], "every") if "every" in fields else None
    if every is not None and every <= 0:
        raise fields["every"].must_be("above 0")
    values = fields.get("values")
    return SeriesSpec(
        place=node.place,
        alarm=fields["alarm"].text("alarm") if "alarm" in fields else None,
        metric=_metric(fields["metric"]) if "metric" in fields else None,
        every=every,
        values=values.text("values") if values else None,
        values_place=values.place if values else None,
        file=_beside(fields["file"], "file") if "file" in fields else None,
        result=fields["result"].text("result") if "result" in fields else None,
        start=_moment(fields["start"], "start") if "start" in fields else ZERO,
    )


def _beside(node: Node, what: str) -> Path:
    """A path, which is meant from where the scenario stands."""
    return Path(os.path.normpath(node.file.parent / node.text(what)))


def _metric(node: Node) -> MetricKey:
    fields = node.fields("a metric", _METRIC)
    for key in ("namespace", "name"):
        if key not in fields:
            raise node.wrong(f"a metric needs its {key}")
    dimensions = fields["dimensions"].fields("dimensions") if "dimensions" in fields else {}
    return MetricKey.of(
        fields["namespace"].text("namespace"),
        fields["name"].text("name"),
        {name: value.text(f"dimension {name}") for name, value in dimensions.items()},
        fields["statistic"].text("statistic") if "statistic" in fields else "Average",
    )


def _expectation(node: Node) -> Expectation:
    fields = node.fields("an expectation", _EXPECTATION)
    if "alarm" not in fields:
        raise node.wrong("an expectation needs its alarm")
    sorts = [key for key in _SORTS if key in fields]
    if len(sorts) != 1:
        got = " and ".join(sorts) or "none"
        raise node.wrong(f"an expectation has exactly one of at, by, times and never, got {got}")
    (sort,) = sorts
    if sort == "never" and "state" in fields:
        raise fields["state"].wrong("never names the state itself, as in never: ALARM")
    if sort != "never" and "state" not in fields:
        raise node.wrong(f"{sort} needs the state that is entered, as in state: ALARM")
    for key, partners in _GO_WITH.items():
        if key in fields and sort not in partners:
            raise fields[key].wrong(f"{key} goes with {' and '.join(partners)}, not with {sort}")
    times = fields["times"].count("times") if sort == "times" else None
    for key in ("tells", "held"):
        if times == 0 and key in fields:
            raise fields[key].wrong(
                f"no change, so nobody is told; {key} does not go with times: 0"
            )
    if "toldAt" in fields and "tells" in fields and not fields["tells"].items("tells"):
        raise fields["toldAt"].wrong(
            "nobody is told at any time; toldAt does not go with tells: []"
        )
    moments = {key: _moment(fields[key], key) for key in _MOMENTS if key in fields}
    return Expectation(
        place=node.place,
        alarm=fields["alarm"].text("alarm"),
        state=_state(fields["never" if sort == "never" else "state"]),
        at=moments.get("at"),
        within=_span(fields["within"], "within") if "within" in fields else DEFAULT_WITHIN,
        by=moments.get("by"),
        times=times,
        never=sort == "never",
        after=moments.get("after"),
        before=moments.get("before"),
        tells=_tells(fields["tells"]) if "tells" in fields else None,
        told_at=moments.get("toldAt"),
        held=fields["held"].text("held") if "held" in fields else None,
        reminded=fields["reminded"].count("reminded") if "reminded" in fields else None,
        message=_message(fields["message"]) if "message" in fields else {},
    )


def _tells(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.text("a receiver") for one in node.items("tells")))


def _message(node: Node) -> dict[str, Field]:
    fields = node.fields("message")
    if not fields:
        raise node.wrong("message is empty: nothing would be tested")
    return {name: _field(one) for name, one in fields.items()}


def _field(node: Node) -> Field:
    value = node.value()
    if not isinstance(value, dict):
        return Field(value)
    pattern = node.fields("a field of the message", ("matches",)).get("matches")
    if pattern is None:
        raise node.wrong("a field of the message is a value or {matches: ...}")
    try:
        re.compile(pattern.text("matches"))
    except re.error as error:
        raise pattern.wrong(f"matches is no regular expression: {error}") from None
    return Field(matches=pattern.text("matches"))


def _state(node: Node) -> State:
    text = node.text("a state")
    if text not in list(State):
        raise node.wrong(f"there is no state {text!r}{did_you_mean(text, State)}")
    return State(text)


def _span(node: Node, what: str) -> int:
    text = node.text(what)
    try:
        return parse_span(text)
    except ValueError as error:
        raise node.wrong(f"{what}: {text!r}: {error}") from None


def _moment(node: Node, what: str) -> Moment:
    text = node.text(what)
    try:
        return parse_moment(text)
    except ValueError as error:
        raise node.wrong(f"{what}: {text!r}: {error}") from None


def _exactly_one(node: Node, fields: dict[str, Node], one: str, other: str) -> None:
    if (one in fields) == (other in fields):
        got = "both" if one in fields else "none"
        raise node.wrong(f"a series has exactly one of {one} and {other}, got {got}")
