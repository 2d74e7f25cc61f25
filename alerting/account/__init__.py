"""The account model, and everything that makes one. Pure: data in, data out."""

from alerting.account.deployment import Deployment, Resource
from alerting.account.ledger import account_of
from alerting.account.model import Account, Item, Kind, Ref, Unknown
from alerting.account.names import declared_by

__all__ = [
    "Account",
    "Deployment",
    "Item",
    "Kind",
    "Ref",
    "Resource",
    "Unknown",
    "account_of",
    "declared_by",
]
