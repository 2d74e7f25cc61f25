import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from alerting.account import Account, Item, Kind
from alerting.scenarios.fluent import StateChange, rehearse
from alerting.scenarios.mistakes import ScenarioError

runs: list[str] = []


def program() -> None:
    """A raw Pulumi program: an alarm, a topic, a subscription."""
    runs.append("run")
    topic = aws.sns.Topic("alerts", name="alerts")
    aws.sns.TopicSubscription(
        "oncall", topic=topic.arn, protocol="email", endpoint="oncall@example.com"
    )
    aws.cloudwatch.MetricAlarm(
        "queue-old",
        name="queue-old-1",
        namespace="AWS/SQS",
        metric_name="ApproximateAgeOfOldestMessage",
        dimensions={"QueueName": "jobs"},
        statistic="Maximum",
        period=60,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        threshold=900,
        comparison_operator="GreaterThanOrEqualToThreshold",
        alarm_actions=[topic.arn],
    )
    pulumi.export("topic", topic.arn)


def test_a_program_is_fed_and_asked():
    fed = rehearse(program).feed(alarm="queue-old", values="0 for 10m, 1000 for 5m, 0 for 10m")
    assert fed.states("queue-old") == ["OK", "ALARM", "OK"]
    assert fed.changes("queue-old")[1] == StateChange("12m", "ALARM")
    (told,) = fed.told("oncall")
    assert (told.at, told.alarm, told.state) == ("12m", "queue-old", "ALARM")
    assert "has entered the ALARM state" in told.body


def test_an_alarm_answers_to_its_physical_name_too():
    fed = rehearse(program).feed(alarm="queue-old-1", values="0 for 10m")
    assert fed.states("queue-old-1") == fed.states("queue-old") == ["OK"]


def test_a_second_rehearsal_does_not_run_the_program_again():
    rehearse(program)
    before = len(runs)
    rehearse(program).feed(alarm="queue-old", values="0 for 10m")
    assert len(runs) == before
    rehearse(program, stack="other")
    assert len(runs) == before + 1


def test_a_rehearsal_never_changes():
    quiet = rehearse(program).feed(alarm="queue-old", values="0 for 10m")
    loud = quiet.feed(alarm="queue-old", values="1000 for 10m", start="10m")
    assert quiet.states("queue-old") == ["OK"]
    assert loud.states("queue-old") == ["OK", "ALARM"]


def test_a_program_file_brings_the_config_of_its_stack():
    fed = rehearse("__main__.py", stack="dev").feed(
        alarm="cpu-high", values="40 for 2h, 95 for 20m"
    )
    assert fed.states("cpu-high") == ["OK", "ALARM"]
    assert [one.state for one in fed.told("oncall-mail")][:2] == ["OK", "ALARM"]


def test_a_metric_and_a_recording_can_be_given(tmp_path: Path):
    file = tmp_path / "age.csv"
    file.write_text("timestamp,value\n2024-01-01 00:00:00,0\n2024-01-01 00:01:00,0\n")
    metric = {
        "namespace": "AWS/SQS",
        "name": "ApproximateAgeOfOldestMessage",
        "dimensions": {"QueueName": "jobs"},
        "statistic": "Maximum",
    }
    assert rehearse(program).feed(metric=metric, file=file).states("queue-old") == ["OK"]


def test_an_account_can_be_rehearsed():
    account = Account(
        "111122223333",
        "us-east-1",
        (
            Item(
                Kind.ALARM,
                "arn:aws:cloudwatch:us-east-1:111122223333:alarm:busy",
                json.loads(
                    '{"AlarmName": "busy", "Namespace": "Shop", "MetricName": "Busy", '
                    '"Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1, '
                    '"ComparisonOperator": "GreaterThanThreshold"}'
                ),
            ),
        ),
    )
    assert rehearse(account).feed(alarm="busy", values="2 for 2m").states("busy") == ["ALARM"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda r: r.feed(alarm="queue-odd", values="0 for 1m"), "did you mean 'queue-old'"),
        (lambda r: r.feed(alarm="queue-old", values="0 fro 1m"), "expected for or to"),
        (lambda r: r.feed(alarm="queue-old"), "one of values and file"),
        (lambda r: r.feed(values="0 for 1m"), "one of alarm and metric"),
        (lambda r: r.feed(alarm="queue-old", values="0 for 1m", every="1x"), "write a duration"),
        (lambda r: r.feed(metric={"nam": "x"}, values="0 for 1m"), "unexpected keyword argument"),
        (lambda r: r.told("oncal"), "there is no receiver 'oncal'; did you mean 'oncall'"),
        (lambda r: r.told("oncall"), "nothing was fed"),
        (lambda r: r.states("queue-old"), "nothing was fed"),
        (lambda r: r.states("queue"), "has no alarm 'queue'"),
    ],
)
def test_what_would_pass_in_silence_is_refused_at_the_caller_s_line(wrong, message: str):
    with pytest.raises(ScenarioError, match=message) as refused:
        wrong(rehearse(program))
    assert refused.value.mistakes[0].place.file == Path("tests/scenarios/test_fluent.py")


def twins() -> None:
    """Two components of two types, each with a child of the same name."""
    for number in (1, 2):
        parent = pulumi.ComponentResource(f"shop:index:Queue{number}", f"queue-{number}")
        aws.cloudwatch.MetricAlarm(
            "old",
            name=f"old-{number}",
            namespace="AWS/SQS",
            metric_name="ApproximateAgeOfOldestMessage",
            dimensions={"QueueName": f"queue-{number}"},
            statistic="Maximum",
            period=60,
            evaluation_periods=1,
            threshold=900 * number,
            comparison_operator="GreaterThanThreshold",
            opts=pulumi.ResourceOptions(parent=parent),
        )


def test_a_name_that_two_alarms_have_means_neither():
    fed = rehearse(twins).feed(alarm="old-1", values="1000 for 2m")
    assert fed.feed(alarm="old-2", values="1000 for 2m").states("old-2") == ["OK"]
    assert fed.states("old-1") == ["ALARM"]
    with pytest.raises(ScenarioError, match="has 2 alarms 'old'; say which by its name: old-1, "):
        fed.states("old")


def test_a_program_file_that_changes_is_run_again(tmp_path: Path):
    text = Path("examples/scenarios/broken-path/__main__.py").read_text()
    (tmp_path / "__main__.py").write_text(text)

    def states() -> list[str]:
        fed = rehearse(tmp_path, config={"project:x": "y"}).feed(
            alarm="disk-full", values="95 for 10m"
        )
        return fed.states("disk-full")

    assert states() == ["ALARM"]
    (tmp_path / "__main__.py").write_text(text.replace("threshold=90", "threshold=99"))
    assert states() == ["OK"]
