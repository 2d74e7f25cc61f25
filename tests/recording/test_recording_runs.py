"""A run comes to an end, or is an error; and no run sees another."""

import asyncio
import gc
import itertools
import time

import pulumi
import pulumi_aws as aws
import pytest

from alerting import recording
from alerting.account.deployment import Resource
from alerting.recording import RecordingError, record


def test_a_name_used_twice_is_refused():
    def program():
        aws.sns.Topic("t")
        aws.sns.Topic("t")

    with pytest.raises(RecordingError, match=r"two resources have the URN .*Topic::t: give one"):
        record(program)


def test_a_failing_creator_fails_the_run():
    def creator(resource):
        raise OSError(f"no room for {resource.name}")

    with pytest.raises(OSError, match="no room for t"):
        record(lambda: aws.sns.Topic("t"), creator=creator)


def test_what_a_program_raises_is_raised():
    def program():
        aws.sns.Topic("t")
        raise ZeroDivisionError("by hand")

    with pytest.raises(ZeroDivisionError, match="by hand"):
        record(program)


def test_a_failure_nobody_awaits_is_raised():
    def program():
        aws.sns.Topic("t").arn.apply(lambda arn: arn["no such thing"])

    with pytest.raises(TypeError, match="string indices"):
        record(program)


def test_what_follows_from_a_failure_is_not_told_of(caplog):
    """Every resource that waits for the failed one fails too, and asyncio would log each."""

    def program():
        topic = aws.sns.Topic("t")
        aws.sns.Topic("t")
        for i in range(3):
            aws.sqs.Queue(f"q{i}", name=topic.name, tags={"arn": topic.arn})

    gc.freeze()  # or it would look through everything the tests before have left
    try:
        with pytest.raises(RecordingError):
            record(program)
        gc.collect()
    finally:
        gc.unfreeze()
    assert not caplog.records


def test_a_failing_assertion_in_an_apply_is_raised():
    def check(arn):
        assert arn == "something else"

    with pytest.raises(AssertionError):
        record(lambda: aws.sns.Topic("t").arn.apply(check))


def test_an_output_that_never_resolves_is_an_error(monkeypatch):
    monkeypatch.setattr(recording, "_SETTLE_SECONDS", 0.1)

    def program():
        never = asyncio.get_running_loop().create_future()
        aws.sns.Topic("t", display_name=pulumi.Output.from_input(never))

    with pytest.raises(RecordingError, match=r"the program does not end: for 0\.1 s nothing was"):
        record(program)


def test_a_program_that_only_takes_its_time_is_waited_for(monkeypatch):
    monkeypatch.setattr(recording, "_SETTLE_SECONDS", 0.3)

    async def slowly():
        await asyncio.sleep(0.15)
        return "later"

    def program():
        for i in range(3):
            aws.sns.Topic(f"t{i}", display_name=pulumi.Output.from_input(slowly()))

    assert len(record(program).resources) == 3


def test_two_runs_in_one_process_do_not_see_each_other():
    def first():
        pulumi.export("first", pulumi.Config("p").get("key"))
        aws.sns.Topic("t")

    def second():
        pulumi.export("second", pulumi.Config("p").get("key", "nothing"))

    one = record(first, config={"p:key": "value"}, stack="a")
    two = record(second, stack="b", project="p")
    assert (one.exports, one.stack) == ({"first": "value"}, "a")
    assert (two.exports, two.stack) == ({"second": "nothing"}, "b")
    assert two.resources == ()


def test_a_run_after_a_failed_one_is_a_run_like_any_other():
    with pytest.raises(RecordingError):
        record(lambda: [aws.sns.Topic("t"), aws.sns.Topic("t")])
    assert [r.name for r in record(lambda: aws.sns.Topic("t")).resources] == ["t"]


def test_what_is_declared_is_recorded_in_the_order_of_the_program():
    names = [f"topic-{number}" for number in range(30)]
    delays = itertools.cycle([0.002, 0.0])

    def create(_: Resource) -> None:
        time.sleep(next(delays))

    made = record(lambda: [aws.sns.Topic(name) for name in names], creator=create)
    assert [resource.name for resource in made.resources] == names


def test_recording_works_below_a_running_event_loop():
    async def caller():
        return record(lambda: aws.sns.Topic("t"))

    assert [r.name for r in asyncio.run(caller()).resources] == ["t"]


def test_errors_come_through_below_a_running_event_loop():
    async def caller():
        return record(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(caller())
