"""Tags of composite alarms and mute rules, which moto does not hold."""

import boto3
import pytest
from botocore.config import Config

from alerting.rehearsal.cloud import memory_cloud

ARN = "arn:aws:cloudwatch:us-east-1:123456789012:{}"
RULE = {"Schedule": {"Expression": "cron(0 2 * * *)", "Duration": "PT1H"}}
TAGS = [{"Key": "team", "Value": "a"}]


@pytest.fixture
def client():
    with memory_cloud() as there:
        yield there.client("cloudwatch")


def tags(client, arn: str) -> dict[str, str]:
    found = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_moto_tags_its_own_alarms_alone():
    with memory_cloud():
        moto = boto3.client("cloudwatch", config=Config(retries={"total_max_attempts": 1}))
        with pytest.raises(Exception, match="NotFound"):
            moto.tag_resource(ResourceARN=ARN.format("alarm-mute-rule:night"), Tags=TAGS)


def test_a_mute_rule_keeps_its_tags(client):
    arn = ARN.format("alarm-mute-rule:night")
    client.put_alarm_mute_rule(Name="night", Rule=RULE, Tags=TAGS)
    assert tags(client, arn) == {"team": "a"}
    client.tag_resource(ResourceARN=arn, Tags=[{"Key": "stack", "Value": "b"}])
    client.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert tags(client, arn) == {"stack": "b"}
    client.delete_alarm_mute_rule(AlarmMuteRuleName="night")
    assert tags(client, arn) == {}


def test_a_composite_alarm_keeps_its_tags(client):
    arn = ARN.format("alarm:both")
    client.put_composite_alarm(AlarmName="both", AlarmRule="TRUE", Tags=TAGS)
    client.put_composite_alarm(AlarmName="both", AlarmRule="FALSE", Tags=[])
    assert tags(client, arn) == {"team": "a"}
    client.delete_alarms(AlarmNames=["both"])
    assert tags(client, arn) == {}


def test_a_metric_alarm_has_those_moto_holds(client):
    client.put_metric_alarm(
        AlarmName="cpu",
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=300,
        EvaluationPeriods=1,
        Threshold=80,
        ComparisonOperator="GreaterThanThreshold",
        Tags=TAGS,
    )
    assert tags(client, ARN.format("alarm:cpu")) == {"team": "a"}
