"""Scenarios in code: `rehearse(program).feed(alarm="cpu-high", values="40 for 2h, 95 for 20m")`."""

import functools
import inspect
import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from alerting.account import Account, Deployment, Item, account_of
from alerting.replay import MetricKey
from alerting.scenarios.mistakes import Mistake, Place, ScenarioError, did_you_mean
from alerting.scenarios.moments import parse_moment
from alerting.scenarios.run import Run, play
from alerting.scenarios.scenario import SeriesSpec
from alerting.scenarios.stage import Stage, once, stack_stage, stamp
from alerting.scenarios.staging import series_of, without_data
from alerting.spans import parse_span, span

Program = Callable[[], Any] | str | os.PathLike[str] | Deployment | Account


class StateChange(NamedTuple):
    """One change of an alarm's state."""

    at: str
    """After the beginning: `2h5m`."""
    state: str
    """The one entered."""


class Held(NamedTuple):
    """One change whose actions a mute rule or an actions suppressor held back."""

    at: str
    """When the alarm changed, after the beginning: `2h5m`."""
    state: str
    """The one entered."""
    by: tuple[str, ...]
    """The mute rules and suppressors, each once, in the order in which they did."""
    until: str
    """When the actions ran, or were dropped, or the data ended."""
    ending: str
    """`ran`; `dropped`, as the alarm changed its state again; or `open`: held at the end."""


class Told(NamedTuple):
    """One message that arrived."""

    at: str
    """After the beginning: `2h5m`; of a message that was held back, when it came in the end."""
    alarm: str
    state: str
    """The one the alarm entered."""
    body: str
    """What the receiver gets, in the form of its protocol."""


def rehearse(
    program: Program,
    *,
    config: Mapping[str, Any] | None = None,
    secret_keys: Collection[str] = (),
    stack: str = "test",
    **record: Any,
) -> "Rehearsal":
    """Run a program without a cloud, to see what its alarms make of metric data.

    The same program with the same config is run once a process, however often it is rehearsed.

    Args:
        program: A callable; the path of a `__main__.py` or of its folder; or what `record` gave.
        config: All the config there is, by full key. Default: of a path whose folder holds
            `Pulumi.STACK.yaml`, what that says; else none.
        secret_keys: Full keys whose values are secret.
        stack: The stack's name.
        record: Further arguments of `alerting.testing.record`.

    Raises:
        BadInput: The stack file cannot be used.
        Exception: Whatever the program raises.
    """
    return Rehearsal(_stage(program, config, secret_keys, stack, record))


@dataclass(frozen=True)
class Rehearsal:
    """Alarms and the metric data they are fed; nothing in it ever changes."""

    _stage: Stage
    _specs: tuple[SeriesSpec, ...] = ()

    def feed(
        self,
        *,
        alarm: str | None = None,
        metric: Mapping[str, Any] | None = None,
        values: str | None = None,
        file: str | os.PathLike[str] | None = None,
        every: str | None = None,
        start: str = "0",
        result: str | None = None,
    ) -> "Rehearsal":
        """The same with one more series, given as in a scenario file.

        Args:
            alarm: The alarm whose metric this is.
            metric: Instead: `{"namespace", "name", "dimensions", "statistic"}`.
            values: The series as text: `40 for 2h, missing for 30m, 40 to 70 over 1h`.
            file: Instead: a recording, CSV or GetMetricData JSON.
            every: Time between datapoints. Default: the shortest period of the alarms that read
                the series; of a file, the spacing of its rows.
            start: A duration, or an absolute time with its zone.
            result: Which of several series of the file.

        Raises:
            ScenarioError: A name that is not there, or a text that does not parse.
        """
        place = _caller()
        if (alarm is None) == (metric is None) or (values is None) == (file is None):
            raise ScenarioError(
                Mistake(place, "feed needs one of alarm and metric, and one of values and file")
            )
        try:
            spec = SeriesSpec(
                place=place,
                alarm=alarm,
                metric=MetricKey.of(**metric) if metric is not None else None,
                every=parse_span(every) if every is not None else None,
                values=values,
                file=Path(file) if file is not None else None,
                result=result,
                start=parse_moment(start),
            )
        except (TypeError, ValueError) as error:
            raise ScenarioError(Mistake(place, str(error))) from None
        fed = Rehearsal(self._stage, (*self._specs, spec))
        series_of(fed._specs, self._stage)  # what is wrong is said here, not later
        return fed

    def states(self, alarm: str) -> list[str]:
        """The states an alarm enters, in order; before the first it is in INSUFFICIENT_DATA.

        Raises:
            ScenarioError: There is no such alarm, or it is not fed.
        """
        return [change.state for change in self.changes(alarm)]

    def changes(self, alarm: str) -> list[StateChange]:
        """The same with the time of each.

        Raises:
            ScenarioError: There is no such alarm, or it is not fed.
        """
        item, run = self._fed(alarm), self._run
        return [StateChange(span(one.time - run.zero), str(one.new)) for one in run.changes(item)]

    def held(self, alarm: str) -> list[Held]:
        """The changes of an alarm whose actions did not run at once, in order.

        Raises:
            ScenarioError: There is no such alarm, or it is not fed.
        """
        item, run = self._fed(alarm), self._run
        holds = (run.hold(change) for change in run.changes(item))
        return [
            Held(
                span(one.change.time - run.zero),
                str(one.change.new),
                one.by,
                span(one.end - run.zero),
                str(one.ending),
            )
            for one in holds
            if one is not None
        ]

    def told(self, receiver: str) -> list[Told]:
        """What a receiver is told, in order.

        Raises:
            ScenarioError: There is no such receiver, or nothing was fed.
        """
        if receiver not in self._stage.receivers:
            hint = did_you_mean(receiver, self._stage.receivers)
            raise ScenarioError(Mistake(_caller(), f"there is no receiver {receiver!r}{hint}"))
        run = self._run
        return [
            Told(span(one.time - run.zero), one.change.alarm.label, str(one.change.new), one.body)
            for one in run.notes
            if one.delivered and one.delivery.receiver == receiver
        ]

    def _fed(self, alarm: str) -> Item:
        place, stage = _caller(), self._stage
        if alarm not in stage.alarms:
            raise ScenarioError(Mistake(place, stage.no_alarm(alarm)))
        item = stage.alarms[alarm]
        for reason in without_data(item, alarm, stage, self._run.data):
            raise ScenarioError(Mistake(place, reason))
        return item

    @cached_property
    def _run(self) -> Run:
        if not self._specs:
            raise ScenarioError(Mistake(_caller(), "nothing was fed, so nothing can happen"))
        zero, data, warnings = series_of(self._specs, self._stage)
        end = max(series.end for series in data.values())
        return Run(self._stage, zero, end, data, play(self._stage, data), tuple(warnings))


def _stage(
    program: Program,
    config: Mapping[str, Any] | None,
    secret_keys: Collection[str],
    stack: str,
    more: Mapping[str, Any],
) -> Stage:
    if isinstance(program, Account):
        return Stage(stack, program)
    if isinstance(program, Deployment):
        return _of_deployment(program)
    key: tuple[object, ...] = (program,)
    if not callable(program):
        path = Path(program).resolve()
        folder = path if path.is_dir() else path.parent
        if config is None and (folder / f"Pulumi.{stack}.yaml").is_file():
            return stack_stage(stack, folder)
        file = path / "__main__.py" if path.is_dir() else path
        program, key = path, (path, stamp(file))
    what, given = program, dict(config or {})

    def make() -> Stage:
        from alerting.recording import record

        deployment = record(what, config=given, secret_keys=secret_keys, stack=stack, **more)
        return _of_deployment(deployment)

    asked = json.dumps([given, sorted(secret_keys), stack, more], sort_keys=True, default=repr)
    return once((*key, asked), make)


def _of_deployment(deployment: Deployment) -> Stage:
    return Stage(deployment.stack, account_of(deployment))


def _caller() -> Place:
    """The line of the first frame outside this file."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename in (__file__, functools.__file__):
        frame = frame.f_back
    if frame is None:
        return Place(Path("?"), 1)
    file = Path(frame.f_code.co_filename)
    here = Path.cwd()
    return Place(file.relative_to(here) if file.is_relative_to(here) else file, frame.f_lineno)
