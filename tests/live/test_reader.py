"""Reading an account: everything a notification passes, and what may not be seen."""

import json

import pytest
from botocore.exceptions import ClientError

from alerting.account import Kind, Unknown
from alerting.live.reader import read_account
from alerting.rehearsal.cloud import memory_cloud
from tests.live.deployed_stack import refusal

ACCOUNT, REGION = "123456789012", "us-east-1"


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


def read(cloud, **more):
    return read_account(cloud.client, account_id=ACCOUNT, region=REGION, **more)


def put_alarm(cloud, name: str, *actions: str) -> None:
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=list(actions),
    )


def put_composite(cloud, name: str, rule: str, **more: object) -> None:
    cloud.client("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule=rule, **more)


def refuse(cloud, service: str, operation: str, code: str = "AccessDenied") -> None:
    def no(**_):
        raise refusal(code, operation)

    client = cloud.client(service)
    name = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"before-parameter-build.{name}.{operation}", no)


def names(account) -> list[str]:
    return sorted(alarm.get("AlarmName") for alarm in account.alarms)


def test_all_alarms_and_topics_of_the_region_are_read(cloud):
    put_alarm(cloud, "a")
    put_composite(cloud, "b", "TRUE")
    cloud.client("sns").create_topic(Name="quiet")
    account = read(cloud)
    assert names(account) == ["a", "b"]
    assert [topic.label for topic in account.of(Kind.TOPIC)] == ["quiet"]
    assert account.whole


def test_only_the_named_alarms_and_what_they_depend_on_are_read(cloud):
    for name in ("a", "b", "quiet", "other"):
        put_alarm(cloud, name)
    put_composite(
        cloud,
        "top",
        'ALARM("middle") AND NOT ALARM(a)',
        ActionsSuppressor="quiet",
        ActionsSuppressorWaitPeriod=60,
        ActionsSuppressorExtensionPeriod=60,
    )
    put_composite(cloud, "middle", f'ALARM("arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:b")')
    assert names(read(cloud, alarms=["top"], topics=[])) == ["a", "b", "middle", "quiet", "top"]


def test_a_cycle_of_composites_is_read_once(cloud):
    put_composite(cloud, "a", 'ALARM("b")')
    put_composite(cloud, "b", 'ALARM("a")')
    assert names(read(cloud, alarms=["a"], topics=[])) == ["a", "b"]


def test_alarms_are_asked_for_a_hundred_at_a_time(cloud):
    asked: list[int] = []
    cloud.client("cloudwatch").meta.events.register(
        "before-parameter-build.cloudwatch.DescribeAlarms",
        lambda params, **_: asked.append(len(params["AlarmNames"])),
    )
    put_alarm(cloud, "n0")
    assert names(read(cloud, alarms=[f"n{n}" for n in range(250)], topics=[])) == ["n0"]
    assert asked == [100, 100, 50]


def test_alarms_that_may_not_be_seen_are_noted_by_name(cloud):
    put_alarm(cloud, "a")
    refuse(cloud, "cloudwatch", "DescribeAlarms")
    account = read(cloud, alarms=["a", "b"], topics=[])
    assert account.alarms == ()
    assert account.unreadable == {
        f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}": "DescribeAlarms: AccessDenied: not "
        "allowed"
        for name in "ab"
    }


@pytest.mark.parametrize(
    ("service", "operation"), [("cloudwatch", "DescribeAlarms"), ("sns", "ListTopics")]
)
def test_a_list_of_everything_that_may_not_be_seen_is_an_error(cloud, service, operation):
    refuse(cloud, service, operation)
    with pytest.raises(ClientError):
        read(cloud)


def test_a_region_without_mute_rules_has_none(cloud):
    refuse(cloud, "cloudwatch", "ListAlarmMuteRules", code="UnknownOperationException")
    assert read(cloud).unreadable == {}


def test_mute_rules_are_read_with_their_targets(cloud):
    cloud.client("cloudwatch").put_alarm_mute_rule(
        Name="night",
        Rule={"Schedule": {"Expression": "cron(0 22 * * *)", "Duration": "PT8H"}},
        MuteTargets={"AlarmNames": ["a"]},
    )
    (rule,) = read(cloud).of(Kind.MUTE_RULE)
    assert rule.get("MuteTargets") == {"AlarmNames": ["a"]}
    assert rule.get("Status") in ("ACTIVE", "SCHEDULED")


def test_an_encrypted_topic_brings_its_key_by_any_name(cloud):
    key = cloud.client("kms").create_key()["KeyMetadata"]
    cloud.client("kms").create_alias(AliasName="alias/alerts", TargetKeyId=key["KeyId"])
    for name, ref in (("a", key["Arn"]), ("b", key["KeyId"]), ("c", "alias/alerts")):
        cloud.client("sns").create_topic(Name=name, Attributes={"KmsMasterKeyId": ref})
    account = read(cloud)
    (found,) = account.of(Kind.KEY)
    assert found.get("Aliases") == ["alias/alerts"]
    for topic in account.of(Kind.TOPIC):
        assert account.find(Kind.KEY, topic.get("KmsMasterKeyId")) == (found,)


def test_a_key_whose_aliases_may_not_be_seen_is_still_found_by_the_one_that_is_used(cloud):
    key = cloud.client("kms").create_key()["KeyMetadata"]
    cloud.client("kms").create_alias(AliasName="alias/alerts", TargetKeyId=key["KeyId"])
    cloud.client("sns").create_topic(Name="a", Attributes={"KmsMasterKeyId": "alias/alerts"})
    refuse(cloud, "kms", "ListAliases")
    account = read(cloud)
    assert account.find(Kind.KEY, "alias/alerts")
    assert f"{key['Arn']} (aliases)" in account.unreadable


def test_a_subscription_whose_settings_may_not_be_seen_is_there_all_the_same(cloud):
    topic = cloud.client("sns").create_topic(Name="a")["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    refuse(cloud, "sns", "GetSubscriptionAttributes")
    (subscription,) = read(cloud).of(Kind.SUBSCRIPTION)
    assert subscription.get("Endpoint") == "a@example.com"
    assert subscription.get("FilterPolicy") == Unknown()


def test_a_subscription_that_waits_has_no_arn_of_its_own(cloud):
    topic = cloud.client("sns").create_topic(Name="a")["TopicArn"]
    made = cloud.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    cloud.gaps.subscriptions.pending.add(made["SubscriptionArn"])
    (subscription,) = read(cloud).of(Kind.SUBSCRIPTION)
    assert subscription.get("PendingConfirmation") == "true"
    assert subscription.arn == f"{topic}:pending:email:a@example.com"


def test_a_queue_and_its_dead_letters_are_read_once_however_many_subscriptions(cloud):
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
    for name in ("jobs", "dead"):
        sqs.create_queue(QueueName=name)
    asked: list[str] = []
    sqs.meta.events.register(
        "before-parameter-build.sqs.GetQueueUrl",
        lambda params, **_: asked.append(params["QueueName"]),
    )
    for name in ("a", "b"):
        topic = sns.create_topic(Name=name)["TopicArn"]
        redrive = json.dumps({"deadLetterTargetArn": f"{arn}dead"})
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=f"{arn}jobs",
            Attributes={"RedrivePolicy": redrive},
        )
    assert {queue.label for queue in read(cloud).of(Kind.QUEUE)} == {"jobs", "dead"}
    assert sorted(asked) == ["dead", "jobs"]


def test_what_belongs_to_another_account_is_said_to_and_not_asked_for(cloud):
    foreign = f"arn:aws:sns:{REGION}:999988887777:theirs"
    put_alarm(cloud, "a", foreign)
    assert read(cloud, alarms=["a"], topics=[]).unreadable == {
        foreign: "belongs to account 999988887777"
    }


def test_what_is_not_there_is_neither_there_nor_unreadable(cloud):
    put_alarm(cloud, "a", f"arn:aws:sns:{REGION}:{ACCOUNT}:gone")
    account = read(cloud, alarms=["a"], topics=[])
    assert account.of(Kind.TOPIC) == ()
    assert account.unreadable == {}


def test_things_nothing_refers_to_are_read_where_they_are_asked_for(cloud):
    cloud.client("sqs").create_queue(QueueName="alone")
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:alone"
    assert read(cloud, alarms=[], topics=[], others=[arn]).find(Kind.QUEUE, arn)
