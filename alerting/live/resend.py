"""Asks receivers again to confirm."""

from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Item, Kind, Unknown
from alerting.delivery import receiver_label
from alerting.live.look import Look
from alerting.live.notes import in_words
from alerting.sns.arn import parse_arn


@dataclass(frozen=True, slots=True)
class Asked:
    """One receiver that was asked for one topic."""

    receiver: str
    protocol: str
    topic: str
    error: str = ""
    """Why it could not be asked; empty where it was."""


def resend(seen: Look) -> Iterator[Asked]:
    """Subscribe everybody again who has not confirmed, which makes SNS send a new confirmation.

    Nothing about the subscription changes: SNS compares only the attributes that a request names.
    """
    for subscription in seen.pending:
        arn = str(subscription.get("TopicArn"))
        topic = next((t.label for t in seen.live.find(Kind.TOPIC, arn)), arn)
        parsed = parse_arn(arn)
        sns = seen.connection.clients("sns", parsed.region if parsed else seen.connection.region)
        error = ""
        try:
            sns.subscribe(
                TopicArn=arn,
                Protocol=subscription.get("Protocol"),
                Endpoint=_endpoint(seen, subscription),
                ReturnSubscriptionArn=True,
            )
        except (ClientError, BotoCoreError) as failure:
            error = seen.match.hide(in_words(failure))
        protocol = str(subscription.get("Protocol"))
        yield Asked(receiver_label(seen.live, subscription), protocol, topic, error)


def _endpoint(seen: Look, subscription: Item) -> str:
    given = subscription.get("Endpoint")
    if isinstance(given, Unknown):
        return seen.match.secrets[str(subscription.arn)]
    return str(given)
