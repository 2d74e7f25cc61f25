"""A stack with a second path, deployed in memory and replayed."""

from pathlib import Path

import pytest

from alerting.account import Kind
from alerting.rehearsal.rehearse import rehearse
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/second-path"
STUCK = (
    "timestamp,value\n2024-01-01 00:00:00,60\n2024-01-01 00:01:00,1200\n2024-01-02 00:00:00,60\n"
)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    recording = tmp_path_factory.mktemp("recordings") / "stuck.csv"
    recording.write_text(STUCK)
    return rehearse(read_stack("dev", STACK), recordings={"queue-stuck": recording})


def test_the_schedule_and_its_role_are_read_back(rehearsal):
    (schedule,) = rehearsal.account.of(Kind.SCHEDULE)
    (role,) = rehearsal.account.find(Kind.ROLE, schedule.data["Target"]["RoleArn"])
    assert "cloudwatch:SetAlarmState" in str(role.get("Policies"))


def test_the_heartbeat_is_on_the_timeline_and_the_pager_does_not_hear_it(rehearsal):
    beats = [event for event in rehearsal.events if event.alarm.label == "page-heartbeat"]
    assert [event.new for event in beats] == ["OK", "ALARM", "OK", "ALARM", "OK"]
    told = [[d.receiver for d in event.told if d.delivered] for event in beats]
    assert told == [["team-mail"]] * 5
    assert rehearsal.lost == ()
    assert "page-heartbeat" not in rehearsal.untested
