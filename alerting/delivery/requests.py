"""What CloudWatch and SNS bring along when they publish, use a key or deliver.

Sources: SNS developer guide, "Example cases for access control" (SourceArn, SourceAccount,
SourceOwner), "Key management" (who needs which actions; the encryption context), "Sending messages
to a queue or function in a different Region" (service principals of opt-in Regions); AWS requests
seen in the wild for the encryption context and for what a service's own request does not carry.
"""

from dataclasses import dataclass

from alerting.account import Account, Item, Ref
from alerting.delivery.conditions import Value
from alerting.delivery.policies import Request
from alerting.sns.arn import parse_arn

CLOUDWATCH = "cloudwatch.amazonaws.com"
SNS = "sns.amazonaws.com"
ALARM_INVOKES = "lambda.alarms.cloudwatch.amazonaws.com"
SCHEDULER = "scheduler.amazonaws.com"
EVENTS = "events.amazonaws.com"
STATES = "states.amazonaws.com"
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
"""Both are needed to put a message into an encrypted topic or queue."""

_UNSEEN = (
    "aws:calledvia*",
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principaltype",
    "aws:resourceorg*",
    "aws:resourcetag/*",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:useragent",
    "aws:userid",
    "aws:viaawsservice",
    "kms:calleraccount",
    "kms:encryptionalgorithm",
    "kms:keyspec",
    "kms:keyusage",
    "kms:resourcealiases",
)
"""Global keys a service's request may carry with values that nothing in the picture tells."""

_ENABLED_BY_DEFAULT = frozenset(
    f"{area}-{number}"
    for area, numbers in {
        "us-east": "12",
        "us-west": "12",
        "ca-central": "1",
        "sa-east": "1",
        "eu-west": "123",
        "eu-central": "1",
        "eu-north": "1",
        "ap-south": "1",
        "ap-northeast": "12",
        "ap-southeast": "12",
    }.items()
    for number in numbers
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as far as its ARN or the account tells."""

    arn: Ref
    account: str
    region: str
    partition: str


def place(account: Account, ref: Ref) -> Place:
    """Where the thing with this ARN is; in the account's own Region where the ARN is not known."""
    arn = parse_arn(ref) if isinstance(ref, str) else None
    if arn is None:
        return Place(ref, account.account_id, account.region, account.partition)
    return Place(ref, arn.account or account.account_id, arn.region, arn.partition)


def alarm_place(account: Account, alarm: Item) -> Place:
    """Where an alarm is; its ARN follows from its name."""
    arn, name = alarm.arn, alarm.get("AlarmName")
    if not isinstance(arn, str) and isinstance(name, str):
        arn = (
            f"arn:{account.partition}:cloudwatch:{account.region}:{account.account_id}:alarm:{name}"
        )
    return place(account, arn)


def _context(service: str, source: Place, target: Place) -> dict[str, Value]:
    context: dict[str, Value] = {
        "aws:SourceArn": source.arn,
        "aws:SourceAccount": source.account,
        "aws:SourceOwner": source.account,
        "aws:SecureTransport": "true",
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:PrincipalServiceNamesList": [service],
        "aws:RequestedRegion": target.region,
        "aws:ResourceAccount": target.account,
    }
    if isinstance(source.arn, str) and not source.arn.isascii():
        # SNS developer guide, "Example cases": with such a name only SourceAccount can be used.
        del context["aws:SourceArn"]
    return context


def publish(alarm: Place, topic: Place) -> Request:
    """An alarm publishes to a topic."""
    return Request(
        CLOUDWATCH, "sns:Publish", topic.arn, _context(CLOUDWATCH, alarm, topic), _UNSEEN
    )


def manage(topic: Place) -> Request:
    """Somebody of the topic's account changes the topic."""
    root = f"arn:{topic.partition}:iam::{topic.account}:root"
    context: dict[str, Value] = {
        "aws:SourceOwner": topic.account,
        "aws:PrincipalAccount": topic.account,
        "aws:PrincipalIsAWSService": "false",
        "aws:SecureTransport": "true",
        "aws:ResourceAccount": topic.account,
    }
    return Request(root, "sns:SetTopicAttributes", topic.arn, context, ("aws:*",))


def encrypt(alarm: Place, topic: Place, key: Place, action: str) -> Request:
    """An alarm's notification is encrypted with the topic's key, in CloudWatch's name."""
    encryption: dict[str, Value] = {
        "aws:sns:topicArn": topic.arn,
        "aws:sns:sourceArn": alarm.arn,
        "aws:sns:sourceAccount": alarm.account,
    }
    context = _context(CLOUDWATCH, alarm, key) | {
        "kms:EncryptionContextKeys": list(encryption),
        **{f"kms:EncryptionContext:{name}": value for name, value in encryption.items()},
    }
    return Request(CLOUDWATCH, action, key.arn, context, _UNSEEN)


def take_on(service: str, source: Place) -> Request:
    """A service takes on the role of an event rule's target, or of a state machine."""
    context = _context(service, source, source)
    del context["aws:SourceOwner"]
    return Request(service, "sts:AssumeRole", None, context, (*_UNSEEN, "sts:*"))


def start(machine: Place) -> Request:
    """The role of an event rule's target starts a state machine."""
    context: dict[str, Value] = {"aws:SecureTransport": "true"}
    return Request(None, "states:StartExecution", machine.arn, context, (*_UNSEEN, "aws:*"))


def tell(role: Place, topic: Place) -> Request:
    """A role publishes to a topic."""
    return Request(str(role.arn), "sns:Publish", topic.arn, _of_role(role, topic), _UNSEEN)


def seal(role: Place, topic: Place, key: Place, action: str) -> Request:
    """What a role publishes is encrypted with the topic's key, in the role's name."""
    context = _of_role(role, key) | {
        "kms:EncryptionContextKeys": ["aws:sns:topicArn"],
        "kms:EncryptionContext:aws:sns:topicArn": topic.arn,
        "kms:CallerAccount": role.account,
        "kms:ViaService": f"sns.{topic.region}.amazonaws.com",
    }
    return Request(str(role.arn), action, key.arn, context, _UNSEEN)


def _of_role(role: Place, target: Place) -> dict[str, Value]:
    return {
        "aws:PrincipalAccount": role.account,
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "AssumedRole",
        "aws:RequestedRegion": target.region,
        "aws:ResourceAccount": target.account,
        "aws:SecureTransport": "true",
        "aws:SourceOwner": role.account,
    }


def act(alarm: Place, function: Place) -> Request:
    """An alarm invokes a function without a topic in between."""
    return Request(
        ALARM_INVOKES,
        "lambda:InvokeFunction",
        function.arn,
        _context(ALARM_INVOKES, alarm, function),
        _UNSEEN,
    )


def deliver(topic: Place, receiver: Place, action: str) -> Request:
    """SNS delivers to a queue or a function."""
    service = sns_principal(topic.region, receiver.region) or SNS
    return Request(service, action, receiver.arn, _context(service, topic, receiver), _UNSEEN)


def enqueue(topic: Place, queue: Place, key: Place, action: str) -> Request:
    """SNS's message is encrypted with the queue's key."""
    service = sns_principal(topic.region, queue.region) or SNS
    context = _context(service, topic, key) | {
        "kms:EncryptionContextKeys": ["aws:sqs:arn"],
        "kms:EncryptionContext:aws:sqs:arn": queue.arn,
    }
    return Request(service, action, key.arn, context, (*_UNSEEN, "kms:viaservice"))


def assume(topic: Place) -> Request:
    """SNS takes on the role of a subscription."""
    context = _context(SNS, topic, topic)
    for key in ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOwner"):
        del context[key]
    unseen = (*_UNSEEN, "aws:sourcearn", "aws:sourceaccount", "sts:*")
    return Request(SNS, "sts:AssumeRole", None, context, unseen)


def beat(schedule: Place) -> Request:
    """EventBridge Scheduler takes on the role of a schedule; its SourceArn is that of the group."""
    context = _context(SCHEDULER, schedule, schedule)
    for key in ("aws:SourceArn", "aws:SourceOwner"):
        del context[key]
    return Request(SCHEDULER, "sts:AssumeRole", None, context, (*_UNSEEN, "aws:sourcearn", "sts:*"))


def set_state(alarm: Place) -> Request:
    """The role of a schedule sets an alarm."""
    context: dict[str, Value] = {"aws:SecureTransport": "true"}
    return Request(None, "cloudwatch:SetAlarmState", alarm.arn, context, (*_UNSEEN, "aws:*"))


def write(stream: Ref, action: str) -> Request:
    """The role of a subscription writes to a delivery stream."""
    return Request(None, action, stream, {"aws:SecureTransport": "true"}, (*_UNSEEN, "aws:*"))


def sns_principal(topic_region: str, receiver_region: str) -> str | None:
    """Who delivers from one Region to another; None where SNS does not.

    Regions that have to be opted into are served by a principal of their own, and two of them do
    not reach each other.
    """
    opt_in = [r for r in (topic_region, receiver_region) if not _by_default(r)]
    if topic_region == receiver_region or not opt_in:
        return SNS
    return f"sns.{opt_in[0]}.amazonaws.com" if len(opt_in) == 1 else None


def reaches_function(topic_region: str, function_region: str) -> bool:
    """Whether SNS invokes functions across these Regions; it does not into an opt-in Region."""
    return topic_region == function_region or _by_default(function_region)


def _by_default(region: str) -> bool:
    return region in _ENABLED_BY_DEFAULT or region.startswith(("us-gov-", "cn-", "us-iso"))
