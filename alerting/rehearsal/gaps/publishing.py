"""What an alarm's new state sets off: moto holds alarms and topics, and publishes nothing."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alerting.account.model import Account, Item, Kind, Ref
from alerting.cloudwatch.messages import Transition, bodies, subject
from alerting.cloudwatch.state import State
from alerting.delivery import Outcome, Step, courier
from alerting.delivery.paths import Paths
from alerting.delivery.publishing import Target, actions, targets
from alerting.live.clients import Clients
from alerting.live.reader import read_account
from alerting.rehearsal.gaps.history import History
from alerting.rehearsal.gaps.mute_rules import MuteRules
from alerting.sns.arn import parse_arn


class Publishing:
    """Runs the actions of alarms: into queues, and into the alarms' history.

    Who gets a message is decided by `delivery`; only queues are played, as nobody else is here.
    """

    def __init__(
        self, account_id: str, clients: Clients, history: History, mute_rules: MuteRules
    ) -> None:
        self._account, self._clients = account_id, clients
        self._history, self._mute_rules = history, mute_rules

    def run_actions(self, region: str, alarm: Mapping[str, Any], change: Transition) -> None:
        """Do what an alarm in the shape of DescribeAlarms does on a change of its state."""
        if not alarm["ActionsEnabled"]:
            return
        account = read_account(
            self._clients,
            account_id=self._account,
            region=region,
            alarms=[alarm["AlarmName"]],
            topics=[],
        )
        paths, item = Paths(account), account.find(Kind.ALARM, alarm["AlarmName"])[0]
        until = self._mute_rules.muted_until(region, alarm["AlarmName"])
        texts = bodies(alarm, change)
        for action in actions(item, State(change.new)):
            if until is not None:
                self._note(region, alarm, change, action, muted_until=until)
                continue
            for target in targets(account, item, action):
                error = _error(paths, item, target)
                self._note(region, alarm, change, action, message=texts, error=error)
                if error is None:
                    self._deliver(account, item, action, subject(alarm, change), texts)

    def _deliver(
        self, account: Account, alarm: Item, action: Ref, title: str, texts: Mapping[str, str]
    ) -> None:
        for delivery in courier(account)(alarm, action, texts):
            subscription = delivery.subscription
            if subscription is None or delivery.protocol != "sqs" or not delivery.delivered:
                continue
            topic, queue = subscription.get("TopicArn"), parse_arn(subscription.get("Endpoint"))
            if queue is None or queue.account != account.account_id:
                continue
            raw = subscription.get("RawMessageDelivery") == "true"
            body = texts["default"] if raw else _envelope(topic, title, texts["default"])
            sqs = self._clients("sqs", queue.region)
            group = {"MessageGroupId": "alarm"} if queue.resource.endswith(".fifo") else {}
            unique = {"MessageDeduplicationId": str(uuid.uuid4())} if group else {}
            url = sqs.get_queue_url(QueueName=queue.resource)["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody=body, **group, **unique)

    def _note(
        self,
        region: str,
        alarm: Mapping[str, Any],
        change: Transition,
        action: Ref,
        *,
        message: Mapping[str, str] | None = None,
        error: str | None = None,
        muted_until: datetime | None = None,
    ) -> None:
        summary, state = f"Successfully executed action {action}", "Succeeded"
        if error is not None:
            summary = f'Failed to execute action {action}. Received error: "{error}"'
            state = "Failed"
        if muted_until is not None:
            summary, state = f"Muted action {action}", "Muted"
        data = {
            "actionState": state,
            "stateUpdateTimestamp": round(change.time * 1000),
            "notificationResource": str(action),
            "publishedMessage": json.dumps(message) if message else None,
            "error": error,
            "muteWindowEndTimestamp": round(muted_until.timestamp() * 1000)
            if muted_until
            else None,
        }
        self._history.add(region, alarm, "Action", summary, data)


def _error(paths: Paths, alarm: Item, target: Target) -> str | None:
    """Why CloudWatch cannot publish, in its words; None where it can."""
    if target.item is None:
        return f"Topic does not exist: {target.action}"
    broken = next(
        (s for s in paths.publish(alarm, target.item) if s.outcome is Outcome.BROKEN), None
    )
    return None if broken is None else _in_cloudwatch_words(broken, target)


def _in_cloudwatch_words(step: Step, target: Target) -> str:
    if "key" in step.name:
        return (
            "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
        )
    return (
        f"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {target.action} "
        "because no resource-based policy allows the SNS:Publish action"
    )


def _envelope(topic: str, title: str, text: str) -> str:
    """What SNS puts around a message that is not delivered raw."""
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": str(uuid.uuid4()),
            "TopicArn": topic,
            "Subject": title,
            "Message": text,
        }
    )
