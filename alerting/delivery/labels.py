"""How people call the things on a notification's path."""

from urllib.parse import urlsplit

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.delivery.subscriptions import endpoint
from alerting.sns.arn import parse_arn
from alerting.sns.limits import Protocol


def label_of(account: Account, about: Item | Ref) -> str:
    """How people call an item, or the reference to one that is not in the picture."""
    if not isinstance(about, Item):
        return str(about)
    is_receiver = about.kind is Kind.SUBSCRIPTION
    return receiver_label(account, about) if is_receiver else about.label


def receiver_label(account: Account, subscription: Item) -> str:
    """How people call a subscription's receiver: as it was declared, else what its endpoint shows.

    Of a URL that is the host alone (what follows is often the key of an integration), of a phone
    number its end.
    """
    if subscription.called or subscription.urn:
        return subscription.label
    to = endpoint(subscription)
    if isinstance(to, Unknown):
        return str(to)
    if arn := parse_arn(to):
        found = (i for kind in (Kind.QUEUE, Kind.FUNCTION) for i in account.find(kind, to))
        item = next(found, None)
        return item.label if item else arn.resource.rsplit("/", 1)[-1].removeprefix("function:")
    if "://" in to:
        return _host(to) or str(Unknown(secret=True))
    return f"…{to[-4:]}" if subscription.get("Protocol") == Protocol.SMS else to


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
