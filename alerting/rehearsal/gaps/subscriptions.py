"""Subscriptions that wait to be confirmed: moto takes every one as confirmed at once."""

from typing import Any

from alerting.live.clients import Clients
from alerting.rehearsal.gaps.call import Answer, Request


class Subscriptions:
    """ListSubscriptionsByTopic and GetSubscriptionAttributes of what is not confirmed.

    A rehearsal takes confirmations as clicked, so a subscription is pending only where somebody
    put its ARN into `pending`.
    """

    service = "sns"

    def __init__(self, moto: Clients) -> None:
        self._moto = moto
        self.pending: set[str] = set()
        self.answers: dict[str, Answer] = {
            "ListSubscriptionsByTopic": self._list,
            "GetSubscriptionAttributes": self._attributes,
        }

    def _list(self, request: Request) -> dict[str, Any] | None:
        if not self.pending:
            return None
        sns = self._moto("sns", request.region)
        found = sns.list_subscriptions_by_topic(**request.params)
        for subscription in found["Subscriptions"]:
            if subscription["SubscriptionArn"] in self.pending:
                subscription["SubscriptionArn"] = "PendingConfirmation"
        return found

    def _attributes(self, request: Request) -> dict[str, Any] | None:
        if request.params["SubscriptionArn"] not in self.pending:
            return None
        found = self._moto("sns", request.region).get_subscription_attributes(**request.params)
        found["Attributes"]["PendingConfirmation"] = "true"
        return found
