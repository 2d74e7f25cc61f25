"""A state machine, run on a clock of one's own.

Source: Amazon States Language specification; Step Functions developer guide, "State machine
structure", "Handling errors", "Quotas" (a standard workflow ends after a year, and at 25,000
entries of its history). Known here is what the machines of this project are made of: Pass, Wait,
Choice, Task, Succeed and Fail, in JSONPath (`definition`). Time passes in Wait states and before
retries alone; a task takes none.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alerting.states.choice import fits
from alerting.states.definition import WAITS, check_definition
from alerting.states.errors import DefinitionError, StateError
from alerting.states.intrinsics import parse
from alerting.states.paths import look_up, put
from alerting.states.timestamps import is_timestamp, moment, timestamp

MAX_STEPS = 25_000
"""States that an execution may enter here; AWS counts what it writes down of each, so that it stops
earlier still."""

_ANY = "States.ALL"


class Status(StrEnum):
    """How an execution stands; AWS's words."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Task:
    """Something an execution wants done."""

    resource: str
    """For example `arn:aws:states:::sns:publish`."""
    parameters: Any
    time: float
    """Epoch seconds."""


Perform = Callable[[Task], Any]
"""Does a task and gives its result; raises `StateError` where it fails."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of an execution."""

    status: Status
    time: float
    """When it ended; of one that still runs, when it will go on."""
    steps: int
    """States entered: what AWS bills."""
    output: Any = None
    error: str = ""
    cause: str = ""


class Machine:
    """A state machine that can be run.

    Raises:
        DefinitionError: anything in the definition is wrong, or not known here.
    """

    def __init__(self, definition: str) -> None:
        try:
            read = json.loads(definition)
        except ValueError as error:
            raise DefinitionError(f"the definition is not JSON: {error}") from None
        check_definition(read)
        self._start: str = read["StartAt"]
        self._states: Mapping[str, Mapping[str, Any]] = read["States"]

    @property
    def resources(self) -> tuple[str, ...]:
        """What its tasks call, each once."""
        found = (state["Resource"] for state in self._states.values() if state["Type"] == "Task")
        return tuple(dict.fromkeys(found))

    def run(self, data: Any, perform: Perform, *, start: float, end: float) -> Execution:
        """One execution.

        Args:
            data: its input.
            perform: does its tasks.
            start: when it starts, in epoch seconds.
            end: up to when it is followed.
        """
        clock, name = start, self._start
        execution = {"Input": data, "StartTime": timestamp(start)}
        for step in range(1, MAX_STEPS + 1):
            state = self._states[name]
            entered = {"Name": name, "EnteredTime": timestamp(clock)}
            context = {"Execution": execution, "State": entered}
            try:
                went = _Visit(state, data, context, perform, clock).go()
            except StateError as error:
                return Execution(Status.FAILED, clock, step, None, error.error, error.cause)
            clock, data = went.time, went.data
            if went.next is None:
                return Execution(Status.SUCCEEDED, clock, step, data)
            if clock > end:
                return Execution(Status.RUNNING, clock, step)
            name = went.next
        return Execution(
            Status.FAILED, clock, MAX_STEPS, None, "States.Runtime", f"{MAX_STEPS} states entered"
        )


@dataclass(frozen=True, slots=True)
class _Went:
    """Where a state leads; None: nowhere, the execution has succeeded."""

    next: str | None
    data: Any
    time: float


@dataclass(frozen=True, slots=True)
class _Visit:
    """One state being entered."""

    state: Mapping[str, Any]
    data: Any
    context: Mapping[str, Any]
    perform: Perform
    time: float

    def go(self) -> _Went:
        state = self.state
        match state["Type"]:
            case "Pass":
                result = state.get("Result", self._parameters(self.data))
                return self._on(self._placed(result))
            case "Wait":
                return self._on(self.data, self._until())
            case "Choice":
                return self._choice()
            case "Task":
                return self._task()
            case "Fail":
                raise StateError(state.get("Error", ""), state.get("Cause", ""))
            case _:
                return _Went(None, self.data, self.time)

    def _on(self, data: Any, time: float | None = None) -> _Went:
        return _Went(self.state.get("Next"), data, self.time if time is None else time)

    def _parameters(self, default: Any) -> Any:
        given = self.state.get("Parameters")
        return default if given is None else filled(given, self.data, self.context)

    def _placed(self, result: Any) -> Any:
        """Where ResultPath wants it; null throws it away."""
        path = self.state.get("ResultPath", "$")
        return self.data if path is None else put(path, self.data, result)

    def _until(self) -> float:
        (field,) = (key for key in WAITS if key in self.state)
        value = self.state[field]
        if field.endswith("Path"):
            value = look_up(value, self.data, self.context)
        if field.startswith("Timestamp"):
            if not is_timestamp(value):
                raise StateError("States.Runtime", f"{value!r} is no timestamp to wait for")
            return max(self.time, moment(value).timestamp())
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise StateError("States.Runtime", f"{value!r} is no number of seconds to wait")
        return self.time + value

    def _choice(self) -> _Went:
        for rule in self.state["Choices"]:
            if fits(rule, self.data, self.context):
                return _Went(rule["Next"], self.data, self.time)
        if "Default" not in self.state:
            raise StateError("States.NoChoiceMatched", "no rule holds, and there is no default")
        return _Went(self.state["Default"], self.data, self.time)

    def _task(self) -> _Went:
        """The task, tried again as Retry says; what Catch knows leads on, the rest fails."""
        parameters, time = self._parameters(self.data), self.time
        tried = [0] * len(self.state.get("Retry", ()))
        while True:
            try:
                result = self.perform(Task(self.state["Resource"], parameters, time))
                break
            except StateError as error:
                pause = self._pause(error.error, tried)
                if pause is None:
                    return self._caught(error, time)
                time += pause
        selector = self.state.get("ResultSelector")
        if selector is not None:
            result = filled(selector, result, self.context)
        return self._on(self._placed(result), time)

    def _pause(self, error: str, tried: list[int]) -> float | None:
        """Seconds before the next try; None where there is none."""
        for at, retrier in enumerate(self.state.get("Retry", ())):
            if not _names(retrier, error):
                continue
            if tried[at] >= retrier.get("MaxAttempts", 3):
                return None
            tried[at] += 1
            rate = retrier.get("BackoffRate", 2.0)
            return retrier.get("IntervalSeconds", 1) * rate ** (tried[at] - 1)
        return None

    def _caught(self, error: StateError, time: float) -> _Went:
        for catcher in self.state.get("Catch", ()):
            if _names(catcher, error.error):
                told = {"Error": error.error, "Cause": error.cause}
                data = put(catcher.get("ResultPath", "$"), self.data, told)
                return _Went(catcher["Next"], data, time)
        raise error


def filled(template: Any, data: Any, context: Mapping[str, Any]) -> Any:
    """A payload template: keys that end in `.$` have what their path or function gives."""
    if isinstance(template, Mapping):
        return {
            key.removesuffix(".$"): parse(value)(data, context)
            if key.endswith(".$")
            else filled(value, data, context)
            for key, value in template.items()
        }
    if isinstance(template, list):
        return [filled(value, data, context) for value in template]
    return template


def _names(handler: Mapping[str, Any], error: str) -> bool:
    """Whether a retrier or catcher is for an error; nothing catches States.Runtime."""
    errors = handler["ErrorEquals"]
    of_task = error not in ("States.Timeout", "States.Runtime")
    return (
        error in errors
        or (_ANY in errors and error != "States.Runtime")
        or ("States.TaskFailed" in errors and of_task)
    )
