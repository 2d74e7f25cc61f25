"""What made a composite change its state."""

from alerting.cloudwatch.reason import MAX_REASON
from alerting.cloudwatch.state import State
from alerting.cloudwatch.trigger import Child, Trigger

TIME = 1_789_384_732  # 2026-09-14T11:18:52Z
HERE = "arn:aws:cloudwatch:us-east-1:111122223333:alarm"
ONE, TWO = Child(f"{HERE}:one", State.ALARM, TIME), Child(f"{HERE}:two", State.OK, TIME - 60)


def test_the_child_that_changed_is_named_with_its_state_and_the_time():
    assert Trigger(f"{HERE}:both", [ONE]).reason(State.OK) == (
        f"{HERE}:one transitioned to ALARM at Monday 14 September, 2026 11:18:52 UTC"
    )


def test_several_children_follow_each_other():
    reason = Trigger(f"{HERE}:both", [ONE, TWO]).reason(State.ALARM)

    assert reason.startswith(f"{HERE}:one transitioned to ALARM at Monday 14 September, 2026")
    assert reason.endswith(
        f", {HERE}:two transitioned to OK at Monday 14 September, 2026 11:17:52 UTC"
    )


def test_the_first_evaluation_names_the_composite():
    born = Trigger(f"{HERE}:both", [ONE, TWO], created=True)

    assert born.reason(State.OK) == f"{HERE}:both was created and its alarm rule evaluates to OK"


def test_a_reason_keeps_to_its_length():
    reason = Trigger(f"{HERE}:both", [ONE] * 100).reason(State.ALARM)

    assert len(reason) == MAX_REASON
    assert reason.endswith("...")


def test_both_documents_have_every_child():
    trigger = Trigger(f"{HERE}:both", [ONE, TWO])

    assert trigger.reason_data() == {
        "triggeringAlarms": [
            {
                "arn": f"{HERE}:one",
                "state": {"value": "ALARM", "timestamp": "2026-09-14T11:18:52.000+0000"},
            },
            {
                "arn": f"{HERE}:two",
                "state": {"value": "OK", "timestamp": "2026-09-14T11:17:52.000+0000"},
            },
        ]
    }
    assert trigger.triggering_children()[1] == {
        "Arn": f"{HERE}:two",
        "State": {"Value": "OK", "Timestamp": "2026-09-14T11:17:52.000+0000"},
    }
