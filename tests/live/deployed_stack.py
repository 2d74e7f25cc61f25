"""A stack that is deployed to an account in memory, and what is needed to break and verify it."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import moto.kms.models
from botocore.exceptions import ClientError
from moto.moto_api._internal import mock_random

from alerting.account import Item, Kind
from alerting.account.row import Call
from alerting.live.clients import Connection
from alerting.live.declared import Declared, declare
from alerting.live.deployed import State
from alerting.live.look import Look, look
from alerting.live.metrics import metrics_of
from alerting.live.probe import PREFIX
from alerting.live.verify import Judged, Verification, conclude
from alerting.recording import record
from alerting.rehearsal.cloud import MemoryCloud, memory_cloud
from alerting.stackfile import StackFile, read_stack

ROOT = Path(__file__).parents[2]
ACCOUNT = "123456789012"

TWO_SEVERITIES = """
config:
  aws:region: us-east-1
  watch:topicName: watch
  watch:phone: {secure: v1:c2VjcmV0}
  watch:pager: {secure: v1:c2VjcmV0}
  watch:severities: {notify: {default: true}, page: {}}
  watch:receivers:
    mail: {protocol: email, endpoint: team@example.com}
    phone: {protocol: sms, endpoint: {secret: phone}, severities: [page]}
    pager: {protocol: https, endpoint: {secret: pager}, severities: [page], autoConfirms: true}
    jobs:
      protocol: sqs
      endpoint: "arn:aws:sqs:us-east-1:123456789012:jobs"
      raw: true
      filter: {NewStateValue: [ALARM]}
      queuePolicy: own
      severities: [page]
  watch:alarms:
    cpu:
      metric: {namespace: AWS/EC2, name: CPUUtilization, dimensions: {InstanceId: i-1}}
      threshold: {above: 80}
    odd:
      metric: {namespace: AWS/EC2, name: CPUUtilization, dimensions: {InstanceId: i-1}}
      band: {width: 3}
      severity: page
"""
MAIL_ONLY = """
config:
  aws:region: us-east-1
  watch:receivers:
    mail: {protocol: email, endpoint: team@example.com}
  watch:alarms:
    cpu:
      metric: {namespace: AWS/EC2, name: CPUUtilization}
      threshold: {above: 80}
"""
# moto makes an RSA pair for every key, symmetric ones too; that would be half of a test's time.
_ONE_PAIR = "generate_private_key", cache(moto.kms.models.generate_private_key)
# By stack file and program, as running a program takes most of a test's time.
_DECLARED: dict[str, Declared] = {}
_CALLS: dict[str, list[Call]] = {}
PROGRAM = (ROOT / "__main__.py").read_text()


Hook = Callable[[str], None]


def ignore(_: str) -> None:
    """Does nothing with what it is told."""


@dataclass
class Deployed:
    """One stack in one in-memory account."""

    cloud: MemoryCloud
    stack: StackFile
    calls: list[tuple[str, str, Mapping[str, Any]]] = field(
        default_factory=list[tuple[str, str, Mapping[str, Any]]]
    )
    """Service, operation and parameters of every call made through the connection."""
    refused: dict[str, str] = field(default_factory=dict[str, str])
    """By operation, the code of the error that AWS answers with."""
    before: Hook = ignore
    """Is told of every operation before it has its effect, and may raise instead."""
    after: Hook = ignore
    """Is told of every operation after it has had its effect, and may raise in its place."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])

    @property
    def connection(self) -> Connection:
        """The account as verify is given it."""
        return Connection(self.client, self.cloud.account_id, self.cloud.region)

    def client(self, service: str, region: str) -> Any:
        """A client of verify's own, as the in-memory AWS makes calls of its own too."""
        if (service, region) not in self._clients:
            client = self.cloud.moto(service, region)
            self.cloud.gaps.fill(client, service)
            client.meta.events.register_first("before-parameter-build.*.*", self._before)
            client.meta.events.register_last("after-call.*.*", self._after)
            self._clients[service, region] = client
        return self._clients[service, region]

    def _before(self, params: Any, model: Any, **_: Any) -> None:
        self.calls.append((model.service_model.endpoint_prefix, model.name, dict(params)))
        if model.name in self.refused:
            raise refusal(self.refused[model.name], model.name)
        self.before(model.name)

    def _after(self, model: Any, **_: Any) -> None:
        self.after(model.name)

    def declared(self, state: State | None = None) -> Declared:
        """What the program declares."""
        key = self.stack.path.read_text() + self.stack.program.read_text()
        if state is not None or key not in _DECLARED:
            found = declare(self.stack, self.cloud.account_id, self.cloud.region, state)
            if state is not None:
                return found
            _DECLARED[key] = found
        return _DECLARED[key]

    def look(self, state: State | None = None) -> Look:
        """What can be seen without sending anything."""
        return look(self.declared(state), self.connection)

    def verified(self) -> Verification:
        """The passive answer."""
        return conclude(self.look())

    def alarm(self, name: str) -> dict[str, Any]:
        """An alarm as AWS has it."""
        found = self.cloud.client("cloudwatch").describe_alarms(
            AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        return [*found["MetricAlarms"], *found["CompositeAlarms"]][0]

    def topic(self, name: str) -> str:
        """The ARN of a topic."""
        return f"arn:aws:sns:{self.cloud.region}:{self.cloud.account_id}:{name}"

    def subscription(self, topic: str, protocol: str) -> str:
        """The ARN of a topic's one subscription of a protocol."""
        pages = self.cloud.client("sns").list_subscriptions_by_topic(TopicArn=self.topic(topic))
        (found,) = (s for s in pages["Subscriptions"] if s["Protocol"] == protocol)
        return found["SubscriptionArn"]

    def probes(self) -> list[str]:
        """What probes have left behind: queues, and subscriptions of them."""
        queues = self.cloud.client("sqs").list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", [])
        found = self.cloud.client("sns").list_subscriptions()["Subscriptions"]
        return [*queues, *(s["Endpoint"] for s in found if PREFIX in s["Endpoint"])]

    def feed(self) -> None:
        """Give every alarm's metric a datapoint of an hour ago."""
        found = self.cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
        alarms = [Item(Kind.ALARM, alarm["AlarmArn"], alarm) for alarm in found]
        for metric in {metric for alarm in alarms for metric in metrics_of(alarm)}:
            self.put(metric.namespace, metric.name, dict(metric.dimensions))

    def put(self, namespace: str, name: str, dimensions: Mapping[str, str]) -> None:
        """Publish a datapoint of an hour ago."""
        self.cloud.client("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
                    "Value": 1,
                    "Timestamp": datetime.now(UTC) - timedelta(hours=1),
                }
            ],
        )


@contextmanager
def deployed(
    folder: Path, text: str = TWO_SEVERITIES, *, alive: bool = True
) -> Generator[Deployed]:
    """A stack called prod, deployed; `alive` says whether its metrics have data."""
    stack = project(folder, text)
    with memory_cloud(ACCOUNT) as cloud, patch.object(moto.kms.models, *_ONE_PAIR):
        mock_random.seed(7)  # moto's ids, so that the same calls make the same account
        if text in _CALLS:
            for call in _CALLS[text]:
                cloud.send(call, cloud.region)
        else:
            _CALLS[text] = deploy(stack, cloud)
        there = Deployed(cloud, stack)
        if alive:
            there.feed()
        yield there


def deploy(stack: StackFile, cloud: MemoryCloud) -> list[Call]:
    """Run the program against the account; the calls that made it what it is."""
    made: list[Call] = []
    send = cloud.send

    def noted(call: Call, region: str) -> Mapping[str, Any]:
        made.append(call)
        return send(call, region)

    with patch.object(cloud, "send", noted):
        record(
            stack.program,
            config=stack.config,
            secret_keys=stack.secret_keys,
            stack=stack.stack,
            creator=cloud.create,
        )
    return made


def project(folder: Path, text: str = TWO_SEVERITIES) -> StackFile:
    """A project with one stack, called prod."""
    (folder / "Pulumi.yaml").write_text("name: watch\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(text)
    (folder / "__main__.py").write_text(PROGRAM)
    return read_stack("prod", folder)


def refusal(code: str, operation: str) -> ClientError:
    """An error as AWS gives it."""
    status = 500 if code == "InternalError" else 400
    return ClientError(
        {
            "Error": {"Code": code, "Message": "not allowed"},
            "ResponseMetadata": {"HTTPStatusCode": status},
        },
        operation,
    )


def outcomes(routes: tuple[Judged, ...]) -> dict[tuple[str, str, str], str]:
    """Verdicts by alarm, state and receiver."""
    return {
        (one.route.alarm.label, str(one.route.state), one.route.receiver): str(one.verdict)
        for one in routes
    }


def rules(verification: Verification) -> set[str]:
    """Ids of the errors and warnings."""
    return {f.rule for f in verification.look.findings if f.level != "note"}
