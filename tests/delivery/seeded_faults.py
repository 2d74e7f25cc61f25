"""Small mutations of a good deployment, each with the rule that has to find it."""

import json
from typing import Any

from alerting.account import Item, Kind
from tests.delivery.good_account import (
    ACCOUNT,
    HOOK,
    JOBS,
    LETTERS,
    NOTIFY,
    OTHER,
    PAGE,
    ROOT,
    STREAM,
    Fault,
    adding,
    arn,
    composite_alarm,
    detector,
    excluded,
    invoke_policy,
    key_policy,
    metric,
    mute_rule,
    queue_policy,
    reminder_parts,
    second_path_parts,
    set_state_policy,
    setting,
    start_policy,
    subscription,
    tell_policy,
    threshold_alarm,
    topic,
    topic_policy,
    trust_policy,
    without,
    write_policy,
)


def edited(text: str, sid: str, **values: Any) -> str:
    """A policy with some elements of one statement replaced."""
    document = json.loads(text)
    statement = next(s for s in document["Statement"] if s.get("Sid") == sid)
    statement.update(values)
    return json.dumps(document)


def page_policy(**values: Any) -> Fault:
    return setting("page", Policy=edited(topic_policy(PAGE), "Alarms", **values))


def key_grant(**values: Any) -> Fault:
    text = key_policy("cloudwatch.amazonaws.com", PAGE)
    return setting("topic-key", Policy=edited(text, "Service", **values))


def condition(operator: str, key: str, value: str) -> dict[str, Any]:
    return {operator: {key: value}}


def body_filter(**keys: Any) -> dict[str, Any]:
    return {"FilterPolicy": json.dumps(keys), "FilterPolicyScope": "MessageBody"}


def query(parts: Any, name: str, number: int) -> dict[str, Any]:
    return parts[name].data["Metrics"][number]


def letters(target: str) -> str:
    return json.dumps({"deadLetterTargetArn": target})


def many(*faults: Fault) -> Fault:
    def break_it(parts: Any) -> None:
        for fault in faults:
            fault(parts)

    return break_it


def failed(of: str, tells: str, what: str = "Failed") -> Item:
    """An alarm on messages of one topic that tells another."""
    return threshold_alarm(
        f"{of}-{what}",
        tells,
        Namespace="AWS/SNS",
        MetricName=f"NumberOfNotifications{what}",
        Dimensions=[{"Name": "TopicName", "Value": of}],
        Statistic="Sum",
        Threshold=0.0,
    )


def scheduler_trust(account: str) -> str:
    """A trust policy for the schedules of one account."""
    document = json.loads(trust_policy("scheduler.amazonaws.com"))
    document["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return json.dumps(document)


def watched(*faults: Fault) -> Fault:
    """Faults of a deployment with a heartbeat and a second path."""
    return many(lambda parts: parts.update(second_path_parts()), *faults)


def reminding(*faults: Fault) -> Fault:
    """Faults of a deployment with reminders."""
    return many(lambda parts: parts.update(reminder_parts()), *faults)


def machine_named(name: str) -> str:
    return arn("states", f"stateMachine:{name}")


def denied_to_roles(topic: str) -> str:
    """A topic's policy that lets nobody but services publish."""
    document = json.loads(topic_policy(topic))
    deny = {
        "Sid": "ServicesOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
    }
    document["Statement"].append(deny)
    return json.dumps(document)


def dashboard(*widgets: Any) -> Item:
    data = {"DashboardName": "shop", "DashboardBody": json.dumps({"widgets": widgets})}
    urn = "urn:pulumi:prod::anomaly-alerting::aws:cloudwatch/dashboard:Dashboard::shop"
    return Item(Kind.DASHBOARD, arn("cloudwatch", "dashboard/shop", region=""), data, urn)


ALARM_ARN = "aws:SourceArn"
THIRD = arn("sns", "third")
CONTEXT = "kms:EncryptionContext:aws:sns:topicArn"
SIX = [arn("sns", "page")] + [arn("lambda", f"function:f{n}") for n in range(5)]

FAULTS: dict[str, tuple[Fault, str]] = {
    # mute rules and detectors
    "a mute rule of four fields": (
        adding("night", mute_rule("night", "cron(0 2 * *)")),
        "mute-rule-refused",
    ),
    "a mute rule of sixteen days": (
        adding("night", mute_rule("night", "cron(0 2 * * *)", "P16D")),
        "mute-rule-refused",
    ),
    "a mute rule that opens once and expires": (
        adding(
            "night",
            mute_rule("night", "at(2026-12-01T20:00)", ExpireDate="2026-12-15T00:00:00Z"),
        ),
        "mute-rule-refused",
    ),
    "a mute rule over too many alarms": (
        adding("night", mute_rule("night", "cron(0 2 * * *)", "PT2H", *["cpu-high"] * 101)),
        "mute-rule-refused",
    ),
    "a mute rule with a very long name": (
        adding("night", mute_rule("n" * 256, "cron(0 2 * * *)")),
        "mute-rule-refused",
    ),
    "days that follow one another for ever": (
        adding("night", mute_rule("night", "cron(0 2 * * *)", "P1D")),
        "alarm-muted-for-ever",
    ),
    "weeks that follow one another for ever": (
        adding("night", mute_rule("night", "cron(0 2 * * SUN)", "P7D")),
        "alarm-muted-for-ever",
    ),
    "eleven excluded ranges": (
        adding(
            "detector",
            detector(
                "detector",
                ExcludedTimeRanges=excluded(
                    *((f"{day:02}T00:00", f"{day:02}T01:00") for day in range(1, 12))
                ),
            ),
        ),
        "detector-refused",
    ),
    "a range that ends before it begins": (
        adding(
            "detector",
            detector("detector", ExcludedTimeRanges=excluded(("02T00:00", "01T00:00"))),
        ),
        "detector-refused",
    ),
    "a detector on the Moon": (
        adding("detector", detector("detector", MetricTimezone="Moon")),
        "detector-refused",
    ),
    "a detector that is declared twice": (
        many(adding("one", detector("one")), adding("other", detector("other"))),
        "detector-twice",
    ),
    # dashboards
    "a widget of no kind": (
        adding("shop", dashboard({"type": "graph", "properties": {}})),
        "dashboard-refused",
    ),
    "a graph without a Region": (
        adding("shop", dashboard({"type": "metric", "properties": {"metrics": [["N", "M"]]}})),
        "dashboard-refused",
    ),
    # alarms
    "no action": (setting("errors", AlarmActions=[], OKActions=[]), "alarm-without-action"),
    "an OK action only": (setting("errors", AlarmActions=[]), "alarm-without-action"),
    "actions switched off": (setting("errors", ActionsEnabled=False), "alarm-actions-off"),
    "topic in another Region": (
        setting("cpu-high", AlarmActions=[arn("sns", "notify", "eu-west-1")]),
        "action-elsewhere",
    ),
    "topic in another partition": (
        setting("cpu-high", AlarmActions=[NOTIFY.replace("arn:aws:", "arn:aws-cn:")]),
        "action-elsewhere",
    ),
    "a name for an ARN": (setting("cpu-high", AlarmActions=["notify"]), "action-refused"),
    "a subscription for a topic": (
        setting("cpu-high", AlarmActions=[f"{NOTIFY}:mail"]),
        "action-refused",
    ),
    "EC2 action on math": (
        setting("cpu-unusual", AlarmActions=[PAGE, "arn:aws:automate:us-east-1:ec2:reboot"]),
        "action-refused",
    ),
    "Auto Scaling action on a composite": (
        setting("both", AlarmActions=[PAGE, arn("autoscaling", "scalingPolicy:1:x")]),
        "action-refused",
    ),
    "two alarms of one name": (
        adding("again", threshold_alarm("cpu-high", NOTIFY)),
        "alarm-name-twice",
    ),
    "M over N": (setting("cpu-high", DatapointsToAlarm=2), "alarm-refused"),
    "two days of five minutes": (
        setting("cpu-high", EvaluationPeriods=576, DatapointsToAlarm=1),
        "alarm-refused",
    ),
    "a percentage above 100": (setting("cpu-high", Threshold=100.0), "alarm-cannot-fire"),
    "a count below 0": (
        setting("errors", Threshold=0.0, ComparisonOperator="LessThanThreshold"),
        "alarm-cannot-fire",
    ),
    "a rate in percent": (
        setting(
            "cpu-high", **metric("5XXError", "AWS/ApiGateway"), Statistic="Average", Threshold=5
        ),
        "alarm-cannot-fire",
    ),
    "a band's metric as a percentile of rank": (
        setting("cpu-high", Statistic=None, ExtendedStatistic="PR(:300)", Threshold=100),
        "alarm-cannot-fire",
    ),
    "three daily datapoints in five periods of five minutes": (
        setting(
            "errors",
            **metric("BucketSizeBytes", "AWS/S3"),
            EvaluationPeriods=3,
            DatapointsToAlarm=3,
            Statistic="Average",
        ),
        "alarm-cannot-fire",
    ),
    "a composite that is never true": (
        setting("both", AlarmRule='ALARM("quiet") AND FALSE'),
        "alarm-cannot-fire",
    ),
    # bands
    "band without its metric returned": (
        lambda parts: query(parts, "cpu-unusual", 0).update(ReturnData=False),
        "band-alarm-refused",
    ),
    "band with a threshold": (setting("cpu-unusual", Threshold=80.0), "band-alarm-refused"),
    "band without its id": (without("cpu-unusual", "ThresholdMetricId"), "band-alarm-refused"),
    "band under an operator for numbers": (
        setting("cpu-unusual", ComparisonOperator="GreaterThanThreshold"),
        "band-alarm-refused",
    ),
    "threshold id of no query": (
        setting("cpu-unusual", ThresholdMetricId="band"),
        "band-alarm-refused",
    ),
    "band with a unit": (
        lambda parts: query(parts, "cpu-unusual", 0)["MetricStat"].update(Unit="Count"),
        "band-with-unit",
    ),
    "alarm on a band with a unit": (setting("cpu-unusual", Unit="Percent"), "band-with-unit"),
    "band on ten seconds": (
        lambda parts: query(parts, "cpu-unusual", 0)["MetricStat"].update(Period=10),
        "band-high-resolution",
    ),
    # composites
    "rule that does not close": (
        setting("both", AlarmRule='(ALARM("cpu-high") OR ALARM("quiet")'),
        "composite-refused",
    ),
    "composite over itself": (
        setting("both", AlarmRule='ALARM("both") OR ALARM("quiet")'),
        "composite-cycle",
    ),
    "composites over each other": (
        many(
            adding("more", composite_alarm("more", PAGE, "ALARM(both)")),
            setting("both", AlarmRule="ALARM(more) AND ALARM(quiet)"),
        ),
        "composite-cycle",
    ),
    "suppressor without its periods": (
        setting("both", ActionsSuppressor="cpu-unusual"),
        "composite-refused",
    ),
    "more elements than CloudWatch takes": (
        setting("both", AlarmRule=" OR ".join(['(ALARM("cpu-high") AND ALARM("quiet"))'] * 126)),
        "composite-refused",
    ),
    "child of more composites than CloudWatch takes": (
        many(
            *(
                adding(f"more-{n}", composite_alarm(f"more-{n}", PAGE, "ALARM(quiet)"))
                for n in range(150)
            )
        ),
        "composite-refused",
    ),
    "child in another Region": (
        setting(
            "both",
            AlarmRule=f'ALARM("{arn("cloudwatch", "alarm:cpu-high", "eu-west-1")}") '
            'AND ALARM("quiet")',
        ),
        "composite-child-missing",
    ),
    "composite over an alarm that is not there": (
        setting("both", AlarmRule='ALARM("cpu-hihg") AND ALARM("quiet")'),
        "composite-child-missing",
    ),
    "suppressor that is not there": (
        setting(
            "both",
            ActionsSuppressor="deploying",
            ActionsSuppressorWaitPeriod=60,
            ActionsSuppressorExtensionPeriod=60,
        ),
        "suppressor-missing",
    ),
    # topics
    "nobody subscribed": (without("mail"), "topic-without-subscription"),
    "severity that nobody hears": (
        adding("spare", topic("spare", Policy=topic_policy(arn("sns", "spare")))),
        "topic-without-subscription",
    ),
    "no statement for CloudWatch": (
        setting("page", Policy=edited(topic_policy(PAGE), "Alarms", Effect="Deny")),
        "topic-policy-closed",
    ),
    "another service": (
        page_policy(Principal={"Service": "events.amazonaws.com"}),
        "topic-policy-closed",
    ),
    "another account's alarms": (
        page_policy(Condition=condition("StringEquals", "aws:SourceAccount", OTHER)),
        "topic-policy-closed",
    ),
    "another Region's alarms": (
        page_policy(
            Condition=condition("ArnLike", ALARM_ARN, arn("cloudwatch", "alarm:*", "eu-west-1"))
        ),
        "topic-policy-closed",
    ),
    "another partition's alarms": (
        page_policy(
            Condition=condition("ArnLike", ALARM_ARN, f"arn:aws-cn:cloudwatch:*:{ACCOUNT}:alarm:*")
        ),
        "topic-policy-closed",
    ),
    "other alarms only": (
        page_policy(
            Condition=condition("ArnLike", ALARM_ARN, arn("cloudwatch", "alarm:staging-*"))
        ),
        "topic-policy-closed",
    ),
    "a wildcard without an operator for it": (
        page_policy(Condition=condition("StringEquals", ALARM_ARN, arn("cloudwatch", "alarm:*"))),
        "topic-policy-closed",
    ),
    "another action": (page_policy(Action="sns:Subscribe"), "topic-policy-closed"),
    "another topic": (page_policy(Resource=NOTIFY), "topic-policy-closed"),
    "members of the organisation only": (
        page_policy(
            Principal="*", Condition=condition("StringEquals", "aws:PrincipalOrgID", "o-1234567890")
        ),
        "topic-policy-closed",
    ),
    "an explicit deny": (
        setting(
            "page",
            Policy=edited(
                topic_policy(PAGE),
                "TlsOnly",
                Condition=condition("StringNotEquals", "aws:SourceVpce", "vpce-1"),
            ),
        ),
        "topic-policy-closed",
    ),
    "a policy that is not JSON": (setting("page", Policy="{'Statement': []}"), "policy-malformed"),
    "a statement without an effect": (page_policy(Effect="allow"), "policy-malformed"),
    # keys
    "AWS's own key": (setting("page", KmsMasterKeyId="alias/aws/sns"), "topic-key-aws-managed"),
    "AWS's own key by ARN": (
        setting("page", KmsMasterKeyId=arn("kms", "alias/aws/sns")),
        "topic-key-aws-managed",
    ),
    "key without a grant": (
        key_grant(Principal={"Service": "sns.amazonaws.com"}),
        "topic-key-closed",
    ),
    "key with the account's root alone": (key_grant(Principal={"AWS": ROOT}), "topic-key-closed"),
    "half a grant": (key_grant(Action="kms:Decrypt"), "topic-key-closed"),
    "the other half": (key_grant(Action="kms:GenerateDataKey*"), "topic-key-closed"),
    "key for another topic": (
        key_grant(Condition=condition("StringEquals", CONTEXT, NOTIFY)),
        "topic-key-closed",
    ),
    "key for another account": (
        key_grant(Condition=condition("StringEquals", "aws:SourceAccount", OTHER)),
        "topic-key-closed",
    ),
    "key by alias, without a grant": (
        many(setting("page", KmsMasterKeyId="alias/alerts"), key_grant(Action="kms:Encrypt")),
        "topic-key-closed",
    ),
    "key through SNS only": (
        key_grant(Condition=condition("StringEquals", "kms:ViaService", "sns.us-east-1.aws")),
        "topic-key-closed",
    ),
    "disabled key": (setting("topic-key", Enabled=False, KeyState="Disabled"), "key-unusable"),
    "key pending deletion": (setting("topic-key", KeyState="PendingDeletion"), "key-unusable"),
    "asymmetric key": (setting("topic-key", KeySpec="RSA_2048"), "key-unusable"),
    # subscriptions
    "mail on a FIFO topic": (setting("notify", FifoTopic="true"), "fifo-mismatch"),
    "FIFO queue on a standard topic": (
        setting("to-jobs", Endpoint=f"{JOBS}.fifo"),
        "fifo-mismatch",
    ),
    "filter on attributes by default": (
        without("to-jobs", "FilterPolicyScope"),
        "filter-on-attributes",
    ),
    "filter on an attribute that is not there": (
        setting("to-hook", FilterPolicy='{"severity": [{"exists": false}]}'),
        "filter-on-attributes",
    ),
    "filter on mail": (
        setting("mail", **body_filter(NewStateValue=["ALARM"])),
        "filter-on-plain-text",
    ),
    "filter on a text message": (
        setting("phone", **body_filter(NewStateValue=["ALARM"])),
        "filter-on-plain-text",
    ),
    "filter in the wrong case": (
        setting("to-jobs", **body_filter(NewStateValue=["Alarm"])),
        "filter-matches-nothing",
    ),
    "filter on a key of another message": (
        setting("to-jobs", **body_filter(detail={"state": {"value": ["ALARM"]}})),
        "filter-matches-nothing",
    ),
    "filter on a state the topic is not told of": (
        setting("to-hook", **body_filter(NewStateValue=["INSUFFICIENT_DATA"])),
        "filter-matches-nothing",
    ),
    "filter on six keys": (
        setting("to-jobs", **body_filter(**{f"k{n}": ["x"] for n in range(6)})),
        "subscription-refused",
    ),
    "filter with an operator SNS does not know": (
        setting("to-jobs", **body_filter(NewStateValue=[{"contains": "ALARM"}])),
        "subscription-refused",
    ),
    "filter that is not JSON": (
        setting("to-jobs", FilterPolicy="NewStateValue: [ALARM]"),
        "subscription-refused",
    ),
    "raw delivery by mail": (setting("mail", RawMessageDelivery="true"), "subscription-refused"),
    "phone number without a plus": (setting("phone", Endpoint="5550100"), "subscription-refused"),
    "every receiver's filter drops one alarm": (
        many(
            without("phone"),
            without("to-hook"),
            without("to-web"),
            without("to-archive"),
            setting("to-jobs", **body_filter(AlarmName=["errors", "cpu-unusual"])),
        ),
        "alarm-heard-by-nobody",
    ),
    # receivers
    "queue without a policy": (without("jobs", "Policy"), "queue-closed"),
    "queue for another topic": (setting("jobs", Policy=queue_policy(JOBS, NOTIFY)), "queue-closed"),
    "queue under AWS's own key": (
        setting("jobs", KmsMasterKeyId="alias/aws/sqs"),
        "queue-key-aws-managed",
    ),
    "queue under a key that shuts SNS out": (
        setting("queue-key", Policy=key_policy("sqs.amazonaws.com")),
        "queue-key-closed",
    ),
    "function without a permission": (without("hook", "Policy"), "function-closed"),
    "function for another topic": (
        setting("hook", Policy=invoke_policy(HOOK, NOTIFY)),
        "function-closed",
    ),
    "function invoked by the alarm, with a permission for the topic": (
        setting("cpu-high", AlarmActions=[NOTIFY, HOOK]),
        "function-closed",
    ),
    "stream without a role": (without("to-archive", "SubscriptionRoleArn"), "firehose-role"),
    "a heartbeat's role that trusts SNS": (
        watched(setting("beat-role", AssumeRolePolicyDocument=trust_policy())),
        "heartbeat-role",
    ),
    "a heartbeat's role for another account's schedules": (
        watched(setting("beat-role", AssumeRolePolicyDocument=scheduler_trust(OTHER))),
        "heartbeat-role",
    ),
    "a heartbeat's role for another alarm": (
        watched(setting("beat-role", Policies={"beat": set_state_policy("beat-2")})),
        "heartbeat-role",
    ),
    "a heartbeat's role that may nothing": (
        watched(setting("beat-role", Policies={})),
        "heartbeat-role",
    ),
    "a second path through itself": (
        watched(setting("failed", AlarmActions=[PAGE])),
        "second-path-same-topic",
    ),
    "a second path through itself, of filters": (
        watched(adding("misread", failed("page", PAGE, "FilteredOut-InvalidMessageBody"))),
        "second-path-same-topic",
    ),
    "a reminder's role that trusts SNS": (
        reminding(setting("tell-role", AssumeRolePolicyDocument=trust_policy())),
        "reminder-closed",
    ),
    "a reminder's role for another topic": (
        reminding(setting("tell-role", Policies={"tell": tell_policy(NOTIFY)})),
        "reminder-closed",
    ),
    "a reminder's role that may not use the key": (
        reminding(
            setting(
                "tell-role",
                Policies={"tell": tell_policy(PAGE).replace("kms:Decrypt", "kms:Sign")},
            ),
            setting(
                "topic-key",
                Policy=edited(
                    key_policy("cloudwatch.amazonaws.com", PAGE), "Root", Action="kms:Describe*"
                ),
            ),
        ),
        "reminder-closed",
    ),
    "a topic that only services may publish on": (
        reminding(setting("page", Policy=denied_to_roles(PAGE))),
        "reminder-closed",
    ),
    "a reminder's key that leaves nothing to IAM": (
        reminding(
            setting(
                "topic-key",
                Policy=edited(
                    key_policy("cloudwatch.amazonaws.com", PAGE),
                    "Root",
                    Principal={"AWS": f"{ROOT.removesuffix('root')}user/admin"},
                ),
            )
        ),
        "reminder-closed",
    ),
    "a rule that may start another machine": (
        reminding(setting("start-role", Policies={"start": start_policy(machine_named("other"))})),
        "reminder-not-started",
    ),
    "a rule's role that trusts Scheduler": (
        reminding(
            setting("start-role", AssumeRolePolicyDocument=trust_policy("scheduler.amazonaws.com"))
        ),
        "reminder-not-started",
    ),
    "role that trusts somebody else": (
        setting("archive", AssumeRolePolicyDocument=trust_policy("firehose.amazonaws.com")),
        "firehose-role",
    ),
    "role that may not write in batches": (
        setting("archive", Policies={"write": write_policy("firehose:PutRecord")}),
        "firehose-role",
    ),
    "role for another stream": (
        setting(
            "archive",
            Policies={"write": write_policy("firehose:Put*").replace(STREAM, f"{STREAM}-old")},
        ),
        "firehose-role",
    ),
    "stream in another Region": (
        many(
            setting("to-archive", Endpoint=STREAM.replace("us-east-1", "us-west-2")),
            setting("archive", AttachedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"]),
        ),
        "subscription-refused",
    ),
    "queue in another partition": (
        setting("to-jobs", Endpoint=JOBS.replace("arn:aws:", "arn:aws-cn:")),
        "receiver-elsewhere",
    ),
    "function in an opt-in Region": (
        setting("to-hook", Endpoint=HOOK.replace("us-east-1", "ap-east-1")),
        "receiver-elsewhere",
    ),
}

WARNINGS: dict[str, tuple[Fault, str]] = {
    # reminders
    "a rule for alarms that were renamed": (
        reminding(
            setting("cpu-unusual", AlarmName="cpu-odd"), setting("both", AlarmName="all-of-them")
        ),
        "reminder-of-nothing",
    ),
    # mute rules and detectors
    "a mute rule over nothing": (
        adding("night", mute_rule("night", "cron(0 2 * * *)", "PT2H", "cpu-hihg")),
        "mute-rule-without-alarm",
    ),
    "a fortnight that teaches nothing": (
        adding(
            "detector",
            detector(
                "detector",
                ExcludedTimeRanges=excluded(("01T00:00", "08T00:00"), ("08T00:00", "15T00:00")),
            ),
        ),
        "detector-learns-nothing",
    ),
    "a detector of another metric": (
        adding("detector", detector("detector", "NetworkIn")),
        "detector-unused",
    ),
    # heartbeats and second paths
    "a heartbeat that stays in ALARM": (
        watched(setting("beat", TreatMissingData="ignore")),
        "heartbeat-beats-once",
    ),
    "a heartbeat whose watch is of good cheer": (
        watched(setting("missed", TreatMissingData="notBreaching")),
        "heartbeat-unmissed",
    ),
    "a heartbeat whose watch is on what is published": (
        watched(setting("missed", MetricName="NumberOfMessagesPublished")),
        "heartbeat-unmissed",
    ),
    "a second path to the phone of the first": (
        watched(setting("mail", Protocol="sms", Endpoint="+15550100")),
        "second-path-same-receivers",
    ),
    "a second path by mail for one by mail": (
        watched(
            adding("third", topic("third")),
            adding("to-third", subscription("to-third", THIRD, "email", "boss@example.com")),
            adding("notify-failed", failed("notify", THIRD)),
        ),
        "second-path-same-receivers",
    ),
    "dead letters without a policy": (without("letters", "Policy"), "dead-letter-queue"),
    "dead letters for another topic": (
        setting("letters", Policy=queue_policy(LETTERS, NOTIFY)),
        "dead-letter-queue",
    ),
    "dead letters in another Region": (
        setting("to-jobs", RedrivePolicy=letters(arn("sqs", "letters", "us-west-2"))),
        "dead-letter-queue",
    ),
    "dead letters under AWS's own key": (
        setting("letters", KmsMasterKeyId="alias/aws/sqs"),
        "dead-letter-queue",
    ),
    "redrive policy that is not JSON": (
        setting("to-jobs", RedrivePolicy=LETTERS),
        "dead-letter-queue",
    ),
    "owner left out": (
        setting("page", Policy=edited(topic_policy(PAGE), "Owner", Principal={"AWS": OTHER})),
        "topic-owner-locked-out",
    ),
    "a threshold every value crosses": (
        setting("cpu-high", Threshold=0.0, ComparisonOperator="GreaterThanOrEqualToThreshold"),
        "alarm-never-clears",
    ),
    "missing datapoints that breach, too many of them": (
        setting(
            "cpu-high",
            **metric("BucketSizeBytes", "AWS/S3"),
            EvaluationPeriods=3,
            DatapointsToAlarm=2,
            TreatMissingData="breaching",
        ),
        "alarm-never-clears",
    ),
    "suppressor among its own children": (
        setting(
            "both",
            ActionsSuppressor="cpu-high",
            ActionsSuppressorWaitPeriod=60,
            ActionsSuppressorExtensionPeriod=60,
        ),
        "suppressor-own-child",
    ),
    "a composite that is always true": (
        setting("both", AlarmRule='ALARM("quiet") OR TRUE'),
        "alarm-never-clears",
    ),
}

MISSING: dict[str, tuple[Fault, str]] = {
    "heartbeat of an alarm that is not there": (
        watched(without("beat")),
        "heartbeat-alarm-missing",
    ),
    "reminder with a role that is not there": (
        reminding(without("tell-role")),
        "reminder-closed",
    ),
    "rule with a role that is not there": (
        reminding(without("start-role")),
        "reminder-not-started",
    ),
    "heartbeat with a role that is not there": (watched(without("beat-role")), "heartbeat-role"),
    "composite over the ARN of an alarm that is not there": (
        setting(
            "both",
            AlarmRule=f'ALARM("{arn("cloudwatch", "alarm:disk-full")}") AND ALARM("quiet")',
        ),
        "composite-child-missing",
    ),
    "topic that is not there": (
        setting("cpu-high", AlarmActions=[arn("sns", "notfiy")]),
        "action-missing",
    ),
    "key that is not there": (without("topic-key"), "key-missing"),
    "alias that is not there": (setting("page", KmsMasterKeyId="alias/alert"), "key-missing"),
    "queue that is not there": (without("jobs"), "receiver-missing"),
    "function that is not there": (without("hook"), "receiver-missing"),
    "role that is not there": (without("archive"), "receiver-missing"),
    "dead-letter queue that is not there": (without("letters"), "dead-letter-queue"),
}
