"""Every committed stack through the real `__main__.py`.

The golden lists in `urns/` are what users' state is keyed by: a line that changes is a resource
that is deleted and made anew, unless it carries an alias.
"""

from pathlib import Path

import pytest

from alerting.account import Unknown
from alerting.account.deployment import masked
from alerting.recording import record
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "__main__.py"
URNS = Path(__file__).parent / "urns"
STACKS = sorted(file.name.split(".")[1] for file in ROOT.glob("Pulumi.*.yaml"))
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:anomaly-detection-topic"


def recorded(stack, **more):
    file = read_stack(stack, ROOT)
    return record(
        file.program, config=file.config, secret_keys=file.secret_keys, stack=stack, **more
    )


@pytest.fixture(scope="module", params=STACKS)
def deployment(request):
    return recorded(request.param)


@pytest.fixture(scope="module")
def dev():
    return recorded("dev")


def test_there_are_the_two_committed_stacks():
    assert STACKS == ["dev", "prod"]


def test_the_urns_are_those_of_the_golden_list(deployment):
    golden = (URNS / f"{deployment.stack}.txt").read_text().splitlines()
    assert sorted(resource.urn for resource in deployment.resources) == golden


def test_the_outputs_are_the_four_that_are_promised(deployment):
    assert set(deployment.exports) == {
        "sns_topic_arn",
        "sns_topic_arns",
        "cloudwatch_alarm_id",
        "cloudwatch_alarm_ids",
    }
    assert not deployment.secret_exports


def test_every_secret_stays_secret_from_config_to_resource(deployment):
    """Its value is found in the inputs that are marked as secret, and nowhere else."""
    file = read_stack(deployment.stack, ROOT)
    for key in file.secret_keys:
        value = file.config[key]
        users = [r for r in deployment.resources if r.inputs.get("endpoint") == value]
        assert users
        assert all("endpoint" in user.secrets for user in users)
        assert value not in str(deployment.exports)
        assert value not in deployment.to_json()
        for resource in deployment.resources:
            assert value not in str(masked(resource))
            assert value not in str(resource.id)


def test_the_tour_has_secrets():
    """The test above would hold of a stack without any."""
    assert read_stack("prod", ROOT).secret_keys == {
        "anomaly-alerting:oncallPhone",
        "anomaly-alerting:pagerUrl",
    }


def test_every_resource_hangs_below_a_component(deployment):
    components = {r.urn for r in deployment.resources if not r.custom}
    assert all(r.parent in components for r in deployment.resources if r.custom)


def test_everything_that_takes_tags_has_those_of_the_stack():
    tagged = {
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:iam/role:Role",
        "aws:kms/key:Key",
        "aws:sns/topic:Topic",
        "aws:sqs/queue:Queue",
    }
    deployment = recorded("prod")
    assert tagged <= {resource.type for resource in deployment.resources}
    for resource in deployment.of_type(*tagged):
        # One alarm has a tag of its own.
        team = "edge" if resource.name == "alarms-gateway-saturated" else "platform"
        assert resource.inputs["tags"] == {"team": team, "stack": "prod"}


def test_a_first_preview_can_be_recorded():
    deployment = recorded("dev", preview=True)
    assert deployment.exports["sns_topic_arn"] == Unknown()
    assert deployment.named("notify-topic").inputs["name"] == "anomaly-detection-topic"


def test_the_tour_shows_every_protocol_and_both_kinds_of_alarm():
    deployment = recorded("prod")
    subscriptions = deployment.of_type("aws:sns/topicSubscription:TopicSubscription")
    assert {s.inputs["protocol"] for s in subscriptions} == {
        "email",
        "email-json",
        "sms",
        "lambda",
        "sqs",
        "https",
        "http",
        "firehose",
    }
    alarms = list(deployment.of_type("aws:cloudwatch/metricAlarm:MetricAlarm"))
    bands = [alarm for alarm in alarms if "thresholdMetricId" in alarm.inputs]
    math = [a for a in alarms if "threshold" in a.inputs and "metricQueries" in a.inputs]
    assert len(bands) >= 1
    assert len(math) >= 1
    assert len(list(deployment.of_type("aws:sns/topic:Topic"))) == 3


# The starting case


def test_the_topic_of_the_dev_stack(dev):
    topic = dev.named("notify-topic")
    assert topic.inputs == {
        "name": "anomaly-detection-topic",
        "kmsMasterKeyId": dev.named("notify-key").outputs["arn"],
    }
    assert [r.name for r in dev.of_type("aws:sns/topic:Topic")] == ["notify-topic"]


def test_the_subscription_of_the_dev_stack(dev):
    (subscription,) = dev.of_type("aws:sns/topicSubscription:TopicSubscription")
    assert subscription.name == "receivers-oncall-mail-notify"
    assert subscription.inputs == {
        "topic": TOPIC_ARN,
        "protocol": "email",
        "endpoint": "example@email.com",
    }


def test_the_threshold_alarm_of_the_dev_stack(dev):
    assert dev.named("alarms-cpu-high").inputs == {
        "name": "dev-cpu-high",
        "alarmDescription": (
            "The average CPUUtilization of i-1234567890abcdef0 is above 80 "
            "for 1 of 1 periods of 5 minutes"
        ),
        "namespace": "AWS/EC2",
        "metricName": "CPUUtilization",
        "dimensions": {"InstanceId": "i-1234567890abcdef0"},
        "statistic": "Average",
        "period": 300,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 80,
        "evaluationPeriods": 1,
        "datapointsToAlarm": 1,
        "treatMissingData": "missing",
        "alarmActions": [TOPIC_ARN],
        "okActions": [TOPIC_ARN],
    }


def test_the_band_alarm_of_the_dev_stack(dev):
    found = dev.named("alarms-cpu-unusual").inputs
    assert found["name"] == "dev-cpu-unusual"
    assert found["comparisonOperator"] == "GreaterThanUpperThreshold"
    assert (found["datapointsToAlarm"], found["evaluationPeriods"]) == (3, 5)
    assert found["thresholdMetricId"] == "expected"
    assert [(q["id"], q["returnData"]) for q in found["metricQueries"]] == [
        ("observed", True),
        ("expected", True),
    ]
    assert found["metricQueries"][1]["expression"] == "ANOMALY_DETECTION_BAND(observed, 3)"
    assert found["alarmActions"] == found["okActions"] == [TOPIC_ARN]
    assert not {"threshold", "unit", "metricName"} & set(found)


def test_the_outputs_of_the_dev_stack(dev):
    assert dev.exports == {
        "sns_topic_arn": TOPIC_ARN,
        "sns_topic_arns": {"notify": TOPIC_ARN},
        "cloudwatch_alarm_id": "dev-cpu-high",
        "cloudwatch_alarm_ids": {"cpu-high": "dev-cpu-high", "cpu-unusual": "dev-cpu-unusual"},
    }


# Region and partition


def test_the_region_is_that_of_the_config():
    file = read_stack("dev", ROOT)
    deployment = record(file.program, config={**file.config, "aws:region": "eu-west-1"})
    assert ":eu-west-1:" in deployment.exports["sns_topic_arn"]
    assert ":cloudwatch:eu-west-1:" in deployment.named("notify-policy").inputs["policy"]


def test_without_a_region_in_the_config_the_providers_is_looked_up():
    file = read_stack("dev", ROOT)
    config = {key: value for key, value in file.config.items() if key != "aws:region"}
    deployment = record(file.program, config=config, region="eu-north-1")
    assert ":cloudwatch:eu-north-1:" in deployment.named("notify-policy").inputs["policy"]


def test_the_partition_is_that_of_the_caller():
    file = read_stack("dev", ROOT)
    caller = {"accountId": "123456789012", "arn": "arn:aws-us-gov:iam::123456789012:user/u"}
    deployment = record(
        file.program,
        config={**file.config, "aws:region": "us-gov-west-1"},
        lookups={"aws:index/getCallerIdentity:getCallerIdentity": caller},
    )
    policy = deployment.named("notify-policy").inputs["policy"]
    assert "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:*" in policy
