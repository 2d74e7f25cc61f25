"""Reminders: an alarm that is still on is told again, a few times."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import cloudwatch, iam, sfn

from alerting.cloudwatch.limits import DAY, tag_problems
from alerting.components._args import refuse, shape_problems
from alerting.components.alert_topic import Place
from alerting.components.reminder_machine import definition
from alerting.components.reminder_rules import NAME_PATH, EventRule, rules_of
from alerting.problems import Problem, must
from alerting.spans import span

_MAX_TIMES = 100
_MAX_RUN = 365 * DAY
"""Seconds of an execution (Step Functions developer guide, "Service quotas")."""
_MAX_NAME = 64
"""Of an event rule, and less than of a state machine (EventBridge API reference, PutRule)."""


class RemindArgs(TypedDict):
    """Whom to remind, of what, and how often."""

    topic_arn: pulumi.Input[str]
    """The topic that is told, in the alarms' Region."""
    alarms: Sequence[str]
    """Physical names of the alarms to remind of."""
    after: NotRequired[int]
    """Seconds in ALARM before each reminder, 60 or more. Default: 3600."""
    at_most: NotRequired[int]
    """How many reminders an ALARM gets, 1 to 100. Default: 3."""


class RemindersArgs(TypedDict):
    """What `Reminders` needs to know."""

    severities: Mapping[str, RemindArgs]
    """Reminders by a name of your choice, such as the topic's severity."""
    place: Place
    """Account and Region of the alarms."""
    prefix: NotRequired[str]
    """Put before the component's name to make physical names. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the machine, the rules and the roles. Default: none."""


class Reminders(pulumi.ComponentResource):
    """One state machine, started by event rules for every ALARM, that tells its topic again.

    Its role may publish because the account may: a policy of a topic or key that lets the account
    in leaves it to IAM who of it (SNS developer guide, "Using identity-based policies"; KMS
    developer guide, "Default key policy"). A topic of another account, and a key whose policy does
    not let the account in, must name the role themselves.

    Raises:
        ValueError: times or names that AWS would refuse.
    """

    state_machine_arn: pulumi.Output[str]
    """ARN of the machine; an execution of it that fails is a reminder that was not told."""

    def __init__(
        self, name: str, args: RemindersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"Reminders {name!r}", reminders_problems(args, name=name))
        super().__init__("alerting:index:Reminders", name, {**args}, opts)

        self._name, self._args = name, args
        self._child, self._tags = pulumi.ResourceOptions(parent=self), args.get("tags") or None
        base = _base(name, args)
        machine_arn = _arn(args["place"], "states", f"stateMachine:{base}")
        topics = [remind["topic_arn"] for remind in args["severities"].values()]
        machine = sfn.StateMachine(
            f"{name}-machine",
            name=base,
            role_arn=self._role("role", "states.amazonaws.com", machine_arn, self._tells(topics)),
            definition=definition(args["place"].get("partition", "aws")),
            tags=self._tags,
            opts=self._child,
        )
        starts = {"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine_arn}
        rules = _arn(args["place"], "events", f"rule/{base}-*")
        starter = self._role("start-role", "events.amazonaws.com", rules, [starts])
        for severity, remind in args["severities"].items():
            for number, rule in enumerate(_rules(remind, args["place"]), 1):
                self._rule(severity, number, rule, remind["topic_arn"], machine.arn, starter)

        self.state_machine_arn = machine.arn
        self.register_outputs({"state_machine_arn": self.state_machine_arn})

    def _rule(
        self,
        severity: str,
        number: int,
        rule: EventRule,
        topic: pulumi.Input[str],
        machine: pulumi.Input[str],
        role: pulumi.Input[str],
    ) -> None:
        more = f"-{number}" if number > 1 else ""
        called = _rule_name(self._name, self._args, severity, number)
        made = cloudwatch.EventRule(
            f"{self._name}-{severity}-rule{more}",
            name=called,
            description=f"Alarms of {severity} that go into ALARM are reminded of",
            event_pattern=rule.pattern,
            tags=self._tags,
            opts=self._child,
        )
        cloudwatch.EventTarget(
            f"{self._name}-{severity}-target{more}",
            rule=made.name,
            # With an id that is made up, one made twice would be two targets, and remind twice.
            target_id=called,
            arn=machine,
            role_arn=role,
            input_transformer=cloudwatch.EventTargetInputTransformerArgs(
                input_paths=NAME_PATH if rule.named else None,
                input_template=pulumi.Output.from_input(topic).apply(rule.template),
            ),
            opts=self._child,
        )

    def _tells(self, topics: Sequence[pulumi.Input[str]]) -> list[dict[str, Any]]:
        """What the machine may do.

        DescribeAlarms tells of composite alarms only where it is allowed for everything (CloudWatch
        API reference). Keys are held to these topics by the context that SNS encrypts in.
        """
        place = self._args["place"]
        keys = f"arn:{_partition(place)}:kms:{place['region']}:*:key/*"
        in_context = {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": topics}}
        return [
            {"Effect": "Allow", "Action": "cloudwatch:DescribeAlarms", "Resource": "*"},
            {"Effect": "Allow", "Action": "sns:Publish", "Resource": topics},
            {
                "Effect": "Allow",
                "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
                "Resource": keys,
                "Condition": in_context,
            },
        ]

    def _role(
        self, suffix: str, service: str, source: str, statements: Sequence[Mapping[str, Any]]
    ) -> pulumi.Output[str]:
        """A role that a service takes on for one thing of this account; its ARN."""
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": self._args["place"]["account_id"]},
                "ArnLike": {"aws:SourceArn": source},
            },
        }
        role = iam.Role(
            f"{self._name}-{suffix}",
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            tags=self._tags,
            opts=self._child,
        )
        iam.RolePolicy(
            f"{self._name}-{suffix}-policy",
            role=role.id,
            policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements}),
            opts=self._child,
        )
        return role.arn


def reminders_problems(args: RemindersArgs, *, name: str) -> Iterator[Problem]:
    """Everything that can be told about reminders from their own plain values.

    `name` is that of the component, which physical names are made from.
    """
    found = list(shape_problems(args, RemindersArgs))
    yield from found
    yield from tag_problems(args.get("tags"))
    if found:
        return
    for severity, remind in args["severities"].items():
        wrong = list(_times_problems(remind))
        yield from (one.under("severities", severity) for one in wrong)
        rules = () if wrong else _rules(remind, args["place"])
        longest = _rule_name(name, args, severity, len(rules))
        if len(longest) > _MAX_NAME:
            what = f"would have an event rule called {longest!r}, of more than {_MAX_NAME} letters"
            yield Problem(("severities", severity), f"{what}; give it a shorter name")


def _times_problems(remind: RemindArgs) -> Iterator[Problem]:
    after, times = remind.get("after", 3600), remind.get("at_most", 3)
    waits, ends = 60 <= after <= _MAX_RUN, 1 <= times <= _MAX_TIMES
    if not waits:
        yield must("after", "1m to 365d", span(after))
    if not ends:
        yield must("at_most", f"from 1 to {_MAX_TIMES}", times)
    if waits and ends and after * times > _MAX_RUN:
        yield Problem((), "must be over after a year, which is the longest an execution can take")


def _rules(remind: RemindArgs, place: Place) -> Sequence[EventRule]:
    return rules_of(
        remind["alarms"],
        after=remind.get("after", 3600),
        at_most=remind.get("at_most", 3),
        account_id=place["account_id"],
        region=place["region"],
    )


def _base(name: str, args: RemindersArgs) -> str:
    return f"{args.get('prefix', '')}{name}"


def _rule_name(name: str, args: RemindersArgs, severity: str, number: int) -> str:
    """Severities have no dots, so that none is called as another one's second rule."""
    return f"{_base(name, args)}-{severity}{f'.{number}' if number > 1 else ''}"


def _partition(place: Place) -> str:
    return place.get("partition", "aws")


def _arn(place: Place, service: str, resource: str) -> str:
    return f"arn:{_partition(place)}:{service}:{place['region']}:{place['account_id']}:{resource}"
