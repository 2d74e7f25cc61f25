"""State machines run on a clock of one's own."""

import json
from typing import Any

import pytest

from alerting.states.errors import DefinitionError, StateError
from alerting.states.machine import MAX_STEPS, Execution, Machine, Status, Task

OVER: dict[str, Any] = {"Type": "Succeed"}
CALL = "arn:aws:states:::sns:publish"


def machine(**states: Any) -> Machine:
    """It starts with the state that is named first."""
    return Machine(json.dumps({"StartAt": next(iter(states)), "States": states}))


def run(given: Machine, data: Any = None, perform: Any = None, **times: float) -> Execution:
    def nothing(task: Task) -> Any:
        raise AssertionError(task)

    return given.run(data, perform or nothing, start=times.get("start", 0), end=1e9)


def test_a_pass_puts_what_it_makes_at_its_place():
    given = machine(
        Make={
            "Type": "Pass",
            "Parameters": {"sum.$": "States.MathAdd($.a, 1)", "plain": "$.a", "list": [{"b": 2}]},
            "ResultPath": "$.deep.made",
            "Next": "Over",
        },
        Over=OVER,
    )
    made = {"sum": 2, "plain": "$.a", "list": [{"b": 2}]}
    assert run(given, {"a": 1}).output == {"a": 1, "deep": {"made": made}}


def test_a_result_replaces_the_data_where_no_place_is_said():
    given = machine(Make={"Type": "Pass", "Result": [1], "End": True})
    assert run(given, {"a": 1}).output == [1]


@pytest.mark.parametrize(
    ("wait", "until"),
    [
        ({"Seconds": 90}, 190),
        ({"SecondsPath": "$.seconds"}, 107),
        ({"Timestamp": "1970-01-01T00:05:00Z"}, 300),
        ({"TimestampPath": "$.when"}, 160),
        ({"Timestamp": "1970-01-01T00:00:10Z"}, 100),
    ],
)
def test_time_passes_while_it_waits(wait: Any, until: float):
    given = machine(Wait={"Type": "Wait", **wait, "Next": "Over"}, Over=OVER)
    data = {"seconds": 7, "when": "1970-01-01T01:02:40+01:00"}
    assert run(given, data, start=100).time == until


def test_an_execution_that_waits_past_the_end_still_runs():
    given = machine(Wait={"Type": "Wait", "Seconds": 60, "Next": "Over"}, Over=OVER)
    assert given.run(None, print, start=0, end=59).status is Status.RUNNING
    assert given.run(None, print, start=0, end=60).status is Status.SUCCEEDED


def test_the_context_tells_input_start_name_and_time_of_entry():
    seen = {"input.$": "$$.Execution.Input.a", "start.$": "$$.Execution.StartTime"}
    here = {"name.$": "$$.State.Name", "entered.$": "$$.State.EnteredTime"}
    given = machine(
        Wait={"Type": "Wait", "Seconds": 60, "Next": "Look"},
        Look={"Type": "Pass", "Parameters": seen | here, "End": True},
    )
    assert run(given, {"a": 1}).output == {
        "input": 1,
        "start": "1970-01-01T00:00:00.000Z",
        "name": "Look",
        "entered": "1970-01-01T00:01:00.000Z",
    }


def task(**more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": CALL, "Next": "Over", **more}


def test_a_task_is_handed_its_parameters_and_its_result_is_kept():
    given = machine(
        Do=task(Parameters={"x.$": "$.a"}, ResultSelector={"y.$": "$.got"}, ResultPath="$.result"),
        Over=OVER,
    )
    asked: list[Task] = []

    def perform(one: Task) -> Any:
        asked.append(one)
        return {"got": 2, "more": 3}

    assert run(given, {"a": 1}, perform).output == {"a": 1, "result": {"y": 2}}
    assert asked == [Task(CALL, {"x": 1}, 0)]


def test_a_result_is_thrown_away_where_its_place_is_null():
    assert run(machine(Do=task(ResultPath=None), Over=OVER), {"a": 1}, lambda _: 2).output == {
        "a": 1
    }


class Failing:
    """Fails some times, and then gives how often it was tried."""

    def __init__(self, times: int, error: str = "States.TaskFailed") -> None:
        self.times, self.error, self.tried = times, error, list[float]()

    def __call__(self, one: Task) -> Any:
        self.tried.append(one.time)
        if len(self.tried) <= self.times:
            raise StateError(self.error, "busy")
        return len(self.tried)


RETRY = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 3, "BackoffRate": 2}]


def test_a_failed_task_is_tried_again_after_pauses_that_grow():
    perform = Failing(3)
    done = run(machine(Do=task(Retry=RETRY), Over=OVER), None, perform)
    assert (done.output, perform.tried, done.time) == (4, [0, 5, 15, 35], 35)


def test_a_task_that_keeps_failing_fails_the_execution():
    done = run(machine(Do=task(Retry=RETRY), Over=OVER), None, Failing(4, "Throttled"))
    assert (done.status, done.error, done.cause) == (Status.FAILED, "Throttled", "busy")


def test_only_the_errors_a_retrier_names_are_tried_again():
    retry = [{**RETRY[0], "ErrorEquals": ["Throttled"]}]
    perform = Failing(1, "Gone")
    assert run(machine(Do=task(Retry=retry), Over=OVER), None, perform).status is Status.FAILED
    assert len(perform.tried) == 1


def test_what_is_caught_leads_on():
    catch = [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.why", "Next": "Lost"}]
    given = machine(
        Do=task(Catch=catch), Over=OVER, Lost={"Type": "Fail", "Error": "Lost", "Cause": "gone"}
    )
    done = run(given, {}, Failing(1, "Busy"))
    assert (done.status, done.error, done.cause, done.steps) == (Status.FAILED, "Lost", "gone", 2)


def test_nothing_catches_a_path_that_leads_nowhere():
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Over"}]
    done = run(machine(Do=task(Parameters={"x.$": "$.no"}, Catch=catch), Over=OVER), {})
    assert (done.status, done.error) == (Status.FAILED, "States.Runtime")


def test_without_a_rule_that_holds_and_a_default_an_execution_fails():
    rule = {"Variable": "$.a", "NumericEquals": 2, "Next": "Over"}
    given = machine(Which={"Type": "Choice", "Choices": [rule]}, Over=OVER)
    assert run(given, {"a": 2}).status is Status.SUCCEEDED
    assert run(given, {"a": 1}).error == "States.NoChoiceMatched"


def test_a_loop_without_an_end_is_stopped_as_aws_stops_it():
    given = machine(Again={"Type": "Pass", "Next": "Again"})
    done = run(given)
    assert (done.status, done.steps) == (Status.FAILED, MAX_STEPS)


@pytest.mark.parametrize("seconds", ["5", -1, 1.5, True, None])
def test_what_is_no_number_of_seconds_cannot_be_waited_for(seconds: Any):
    given = machine(Wait={"Type": "Wait", "SecondsPath": "$.s", "Next": "Over"}, Over=OVER)
    assert run(given, {"s": seconds}).error == "States.Runtime"


def test_the_resources_are_those_of_its_tasks():
    assert machine(Do=task(), Over=OVER).resources == (CALL,)


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ({"A": {"Type": "Map", "End": True}}, "type 'Map' is not known"),
        ({"A": {"Type": "Parallel", "Branches": [], "End": True}}, "type 'Parallel'"),
        ({"A": {"Type": "Succeed", "OutputPath": "$.a"}}, "OutputPath of Succeed is not known"),
        ({"A": {"Type": "Pass", "InputPath": "$.a", "End": True}}, "InputPath of Pass"),
        ({"A": {"Type": "Pass", "Assign": {}, "End": True}}, "Assign of Pass"),
        ({"A": {"Type": "Pass"}}, "exactly one of Next and End"),
        ({"A": {"Type": "Pass", "Next": "B"}}, "no state 'B'"),
        ({"A": {"Type": "Pass", "End": True, "ResultPath": "$$.x"}}, "cannot be put at"),
        ({"A": {"Type": "Wait", "End": True}}, "exactly one of Seconds"),
        ({"A": {"Type": "Wait", "Seconds": 1, "SecondsPath": "$.a", "End": True}}, "exactly one"),
        ({"A": {"Type": "Choice", "Default": "A"}}, "lacks Choices"),
        ({"A": {"Type": "Task", "End": True}}, "lacks Resource"),
        ({"A": {**task(TimeoutSeconds=5), "Next": "A"}}, "TimeoutSeconds of Task"),
        (
            {
                "A": {
                    **task(),
                    "Next": "A",
                    "Retry": [{"ErrorEquals": [], "JitterStrategy": "FULL"}],
                }
            },
            "JitterStrategy of Retry",
        ),
        ({"A": {"Type": "Pass", "Parameters": {"a.$": 1}, "End": True}}, "a path or a function"),
        ({"A": {"Type": "Pass", "Parameters": {"a.$": "$.b[*]"}, "End": True}}, "goes on after"),
        ({}, "has no states"),
    ],
)
def test_what_is_wrong_or_not_known_is_refused_when_it_is_read(states: Any, message: str):
    with pytest.raises(DefinitionError, match=message.replace("(", r"\(").replace("$", r"\$")):
        Machine(json.dumps({"StartAt": "A", "States": states}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"States": {}}', "lacks StartAt"),
        ('{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}', "StartAt is 'B'"),
        ('{"StartAt": "A", "States": {}, "TimeoutSeconds": 1}', "TimeoutSeconds of the definition"),
        ('{"StartAt": "A", "States": {}, "QueryLanguage": "JSONata"}', "JSONata is not known"),
    ],
)
def test_what_is_no_definition_is_refused(text: str, message: str):
    with pytest.raises(DefinitionError, match=message):
        Machine(text)
