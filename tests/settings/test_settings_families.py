"""Families of alarms and alarms on others, as a stack file says them."""

import pytest

from alerting.components.alarm_family import made_alarms

ERRORS = {"namespace": "Shop", "name": "Errors", "statistic": "Sum"}
REQUESTS = {"namespace": "Shop", "name": "Requests", "statistic": "Sum"}
X = {"metric": ERRORS, "band": {"width": 2}}
GUARD = {"metric": REQUESTS, "atLeast": 100}
TOPICS = {"notify": "", "page": ""}
SEVERITIES = {"notify": {}, "page": {}}


@pytest.fixture
def made(parsed):
    """The alarms that are made of some, by key."""

    def make(changes):
        settings = parsed({"severities": SEVERITIES, **changes})
        return made_alarms(settings.alarms_args(TOPICS))

    return make


def test_a_family_is_a_few_lines(made):
    alarm = {
        **X,
        "onlyWhen": GUARD,
        "escalate": {"width": 4, "datapoints": "5/5", "severity": "page"},
        "quietWhile": "cpu",
    }
    assert {one.key: (one.severity, one.name) for one in made({"alarms/x": alarm}).values()} == {
        "cpu": ("notify", "dev-cpu"),
        "x": ("notify", "dev-x-alert"),
        "x-band": (None, "dev-x-band"),
        "x-volume": (None, "dev-x-volume"),
        "x-escalated": ("page", "dev-x-escalated-alert"),
        "x-escalated-band": (None, "dev-x-escalated-band"),
        "x-quiet": (None, "dev-x-quiet"),
    }


@pytest.mark.parametrize("quiet", ["cpu", {"alarm": "cpu"}, {"alarm": "cpu", "wait": "1m"}])
def test_a_suppressor_is_a_name_or_a_map(quiet, made):
    suppressor = made({"alarms/x": {**X, "quietWhile": quiet}})["x"].suppressor
    assert suppressor is not None
    assert (suppressor.alarm, suppressor.wait, suppressor.extension) == ("cpu", 60, 60)


def test_alarms_on_others(made):
    found = made({"alarms/x": X, "alarms/both": {"all": ["cpu"], "not": ["x"], "tell": False}})
    assert found["both"].hangs_on == ("cpu", "x")
    assert found["both"].severity is None


def test_a_preset_of_a_set_has_a_family(made):
    escalate = {"threshold": {"above": 99}, "severity": "page"}
    watched = {"kind": "ec2", "id": "i-1", "alarms": {"cpu": {"escalate": escalate}}}
    found = made({"watch/web": watched, "alarms/both": {"all": ["web-cpu", "web-cpu-escalated"]}})
    assert found["web-cpu-threshold"].origin == found["web-cpu"].origin == "web-cpu"
    assert found["web-cpu-escalated"].severity == "page"


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        (
            {**X, "onlyWhen": {"metric": {**REQUESTS, "region": "eu-west-1"}, "atLeast": 1}},
            "x.onlyWhen.metric.region: is eu-west-1: an alarm cannot be guarded by a metric of "
            "another Region than its own, us-east-1",
        ),
        ({**X, "onlyWhen": {"metric": REQUESTS}}, "x.onlyWhen.atLeast: is required"),
        ({**X, "onlyWhen": {**GUARD, "above": 1}}, "x.onlyWhen.above: is not known; known are"),
        ({**X, "escalate": {"width": 4}}, "x.escalate.severity: is required"),
        (
            {**X, "escalate": {"threshold": {"atLeast": float("inf")}, "severity": "page"}},
            "x.escalate.threshold.atLeast: must be a finite number, got inf",
        ),
        ({**X, "quietWhile": "cpus"}, "x.quietWhile.alarm: there is no alarm 'cpus'; did you mean"),
        ({**X, "quietWhile": 3}, "x.quietWhile: must be a map, got 3"),
        ({**X, "quietWhile": {"wait": "1m"}}, "x.quietWhile.alarm: is required"),
        (
            {"all": ["cpu"], "quietWhile": "cpu"},
            "x.quietWhile.alarm: is an alarm that this one hangs on",
        ),
        ({"not": ["cpus"]}, "x.not.0: there is no alarm 'cpus'; did you mean 'cpu'?"),
        ({"all": "cpu"}, "x.all: must be a list, got 'cpu'"),
        ({"rule": "ALARM(cpu) AND"}, "x.rule: needs TRUE, FALSE, NOT, ( or a function"),
        ({"any": ["x"]}, "x: hangs on itself: x -> x"),
        (
            {**X, "tell": False, "actions": ["arn:aws:sns:us-east-1:123456789012:more"]},
            "x.actions: is for an alarm that tells somebody, and `tell` is false",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(alarm, said, mistakes):
    (line,) = mistakes({"severities": SEVERITIES, "alarms/x": alarm})
    assert line.startswith(f"alarms.{said}")


def test_a_set_says_it_at_the_preset(mistakes):
    watched = {"kind": "ec2", "id": "i-1", "alarms": {"cpu": {"quietWhile": "cpus"}}}
    (line,) = mistakes({"watch/web": watched})
    assert line.startswith("watch.web.alarms.cpu.quietWhile.alarm: there is no alarm 'cpus'")
