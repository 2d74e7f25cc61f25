"""Subscriptions that wait for somebody to click: moto confirms them all at once.

Rehearsals assume that everybody clicked. The engine lane must not: until then AWS calls them
pending, and refuses to remove them.
"""

from collections.abc import Mapping
from typing import Any

from alerting.account.row import Call
from alerting.rehearsal.cloud import MemoryCloud
from alerting.sns.limits import CONFIRMED_BY_HAND
from tests.engine.faults import Refusal


class Pending:
    """Calls to the cloud, with the subscriptions nobody has confirmed yet."""

    def __init__(self, cloud: MemoryCloud) -> None:
        self._cloud = cloud
        self._waiting = cloud.gaps.subscriptions.pending
        self._made: set[str] = set()

    def confirm(self, arn: str) -> None:
        """Somebody clicks."""
        self._waiting.discard(arn)

    def waits(self, arn: str) -> bool:
        """Whether it waits for somebody to confirm it."""
        return arn in self._waiting

    def send(self, call: Call, region: str) -> Mapping[str, Any]:
        """The cloud's answer, pending where it is."""
        if call.operation == "unsubscribe" and self.waits(call.params["SubscriptionArn"]):
            message = "Invalid parameter: This subscription is pending confirmation"
            raise Refusal("InvalidParameter", message)
        answer = self._cloud.send(call, region)
        if call.operation == "subscribe" and answer["SubscriptionArn"] not in self._made:
            self._made.add(answer["SubscriptionArn"])
            if call.params["Protocol"] in CONFIRMED_BY_HAND:
                self._waiting.add(answer["SubscriptionArn"])
        return answer
