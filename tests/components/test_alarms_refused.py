"""Alarms that are refused, before anything is registered."""

import pytest

from alerting import Alarms
from alerting.recording import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
PAGE = "arn:aws:sns:us-east-1:123456789012:alerts-page"
CPU = {"namespace": "AWS/EC2", "name": "CPUUtilization", "dimensions": {"InstanceId": "i-1"}}


def threshold(**more):
    return {"metric": CPU, "threshold": {"above": 80}, **more}


def refusal(alarms, **args):
    """What alarms are refused with; nothing may be registered by then."""
    said = []
    args = {"topics": {"notify": TOPIC}, "region": "us-east-1", **args, "alarms": alarms}

    def program():
        with pytest.raises(ValueError, match=r"^Alarms 'alarms': ") as refused:
            Alarms("alarms", args)
        said.extend(str(refused.value).splitlines())

    assert record(program).resources == ()
    return [line.removeprefix("Alarms 'alarms': ") for line in said]


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        (threshold(band={}), "needs exactly one of threshold and band, got both"),
        ({"metric": CPU}, "needs exactly one of threshold and band, got neither"),
        ({"threshold": {"above": 1}}, "needs exactly one of metric and math, got neither"),
        (threshold(metrik={}), "metrik: is not known; did you mean 'metric'? known are metric, "),
        (
            {"metric": CPU, "band": {"widht": 2}},
            "band.widht: is not known; did you mean 'width'? known are width, side",
        ),
        (
            threshold(metric={**CPU, "perod": 60}),
            "metric.perod: is not known; did you mean 'period'? known are namespace, name, ",
        ),
        (threshold(metric={"namespace": "N"}), "metric.name: is required"),
        (threshold(metric="CPUUtilization"), "metric: must be a map, got 'CPUUtilization'"),
        (
            {"metric": CPU, "band": {"side": "up"}},
            "band.side: must be one of above, below, outside, got 'up'",
        ),
        (
            {"metric": CPU, "band": {"width": float("nan")}},
            "band.width: must be a finite number above 0, got nan",
        ),
        (threshold(missing="no"), "missing: must be one of missing, ignore, breaching, notBreach"),
        (threshold(severity="page"), "severity: must be one of notify, got 'page'"),
        (threshold(datapoints="2/1"), "datapoints: must be at most as many datapoints as periods"),
    ],
)
def test_what_cloudwatch_would_refuse_is_refused_before_anything_is_registered(alarm, said):
    (line,) = refusal({"cpu": alarm})
    assert line.startswith(("alarms.cpu: " if said.startswith("needs") else "alarms.cpu.") + said)


def test_several_topics_need_a_default():
    assert refusal({"cpu": threshold()}, topics={"notify": TOPIC, "page": PAGE}) == [
        "default_severity: is required where there are several topics"
    ]


def test_a_default_there_is_not_is_refused():
    assert refusal({"cpu": threshold()}, default_severity="page") == [
        "default_severity: must be one of notify, got 'page'"
    ]


def test_mistakes_of_several_alarms_are_told_at_once():
    lines = refusal({"a": threshold(datapoints="2/1"), "b": threshold(name="")})
    assert [line.split(": ")[0] for line in lines] == ["alarms.a.datapoints", "alarms.b.name"]
