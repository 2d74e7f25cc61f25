"""The provider double and the account: their own rules, each shown firing. Needs no CLI."""

import functools

import pytest

from alerting.account.model import Unknown
from alerting.account.row import Call
from alerting.account.table import ROWS
from alerting.rehearsal.cloud import memory_cloud
from tests.engine.account import Account
from tests.engine.faults import Refusal, Refuse, Throttle
from tests.engine.provider import schema
from tests.engine.provider.sameness import keep_spelling, same
from tests.engine.soundness import Watch

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def _problems(token: str, **inputs: object) -> dict[str, str]:
    return dict(schema.problems(token, inputs))


def test_a_property_pulumi_aws_does_not_have_is_refused() -> None:
    assert _problems(ALARM, perod=60) == {"perod": "is no property of MetricAlarmArgs"}


def test_a_nested_property_pulumi_aws_does_not_have_is_refused() -> None:
    query = {"id": "m1", "retrunData": True}
    assert list(_problems(ALARM, metricQueries=[query])) == ["metricQueries[0].retrunData"]


def test_a_required_property_that_is_missing_is_told() -> None:
    found = _problems(SUBSCRIPTION, topic="arn", protocol="email")
    assert found == {"endpoint": "is required by TopicSubscriptionArgs"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("period", "300", "must be of type int"),
        ("threshold", True, "must be a number"),
        ("alarmActions", "arn", "must be a list"),
        ("alarmActions", [7], "must be of type str"),
        ("dimensions", ["a"], "must be a map"),
        ("metricQueries", ["m1"], "must be an object"),
        ("actionsEnabled", "true", "must be of type bool"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: object, told: str) -> None:
    (problem,) = _problems(ALARM, **{name: value}).values()
    assert told in problem


def test_what_is_not_known_yet_has_any_type() -> None:
    assert _problems(ALARM, period=Unknown(), alarmActions=[Unknown()], threshold=80) == {}


@pytest.mark.parametrize("token", ROWS)
def test_a_row_speaks_of_properties_that_pulumi_aws_has(token: str) -> None:
    row, known = ROWS[token], set(schema.properties(token))
    assert row.replaced_by <= known
    assert set(row.defaults) <= known
    assert row.named is None or row.named in known


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}'),
        (["x", "y"], ["y", "x"]),
        ({"returnData": False, "label": None}, {}),
        (None, False),
        (300, 300.0),
    ],
)
def test_what_means_the_same_is_no_change(old: object, new: object) -> None:
    assert same(old, new)
    assert keep_spelling({"key": old}, {"key": new}) == {"key": old}


@pytest.mark.parametrize(
    ("old", "new"), [("a", "b"), ('{"a": 1}', '{"a": 2}'), ([{"id": "a"}], [{"id": "b"}]), (0, 1)]
)
def test_what_means_something_else_is_a_change(old: object, new: object) -> None:
    assert not same(old, new)


def test_a_refusal_can_come_before_or_after_the_deed() -> None:
    call = Call("sns", "subscribe")
    with pytest.raises(Refusal):
        Refuse("subscribe", "Denied", "no").before(call, "urn")
    late = Refuse("subscribe", "InternalError", "perhaps", done=True, times=1)
    late.before(call, "urn")
    with pytest.raises(Refusal):
        late.after(call, "urn")
    late.after(call, "urn")


def test_a_throttle_lets_through_so_many_a_second() -> None:
    throttle, call = (
        Throttle("put_metric_alarm", per_second=2),
        Call("cloudwatch", "put_metric_alarm"),
    )
    throttle.before(call, "")
    throttle.before(call, "")
    with pytest.raises(Refusal, match="Rate exceeded"):
        throttle.before(call, "")


def test_an_alarm_that_loses_its_actions_on_the_way_is_noticed() -> None:
    with memory_cloud() as cloud:
        account = Account(cloud)
        ask = functools.partial(account.answer, region="us-east-1", urn="")
        alarm = {
            "AlarmName": "busy",
            "Namespace": "AWS/EC2",
            "MetricName": "CPUUtilization",
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 80,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        topic = cloud.client("sns").create_topic(Name="alerts")["TopicArn"]
        ask(Call("cloudwatch", "put_metric_alarm", {**alarm, "AlarmActions": [topic]}))
        watch = Watch(account)
        watch.begin()
        ask(Call("sns", "delete_topic", {"TopicArn": topic}))
        ask(Call("cloudwatch", "put_metric_alarm", alarm))
        ask(Call("cloudwatch", "delete_alarms", {"AlarmNames": ["busy"]}))
        with pytest.raises(AssertionError):
            watch.end()
    assert watch.lost == [
        f"busy tells a topic that is gone: ['{topic}']",
        f"busy tells [], not ['{topic}']",
        "busy is gone",
    ]
