"""Keeps what AWS would hold after the calls of the table, without an AWS.

The ledger is no AWS: it checks nothing and forgets nothing it was told. What it returns has the
shape of AWS's responses (`answers`), with ids that are the same in every run.
"""

from collections.abc import Mapping
from typing import Any

from alerting.account.answers import ANSWERS
from alerting.account.deployment import Deployment, Resource, masked
from alerting.account.model import Account
from alerting.account.names import names_of
from alerting.account.scribe import Book, Scribe
from alerting.account.table import ROWS, Call, Declared, drive

_PROVIDER = "pulumi:providers:aws"


class Ledger:
    """An account being written down, resource by resource."""

    def __init__(self, account_id: str, region: str, partition: str = "aws") -> None:
        self.account_id, self.region, self.partition = account_id, region, partition
        self._regions: dict[str, Any] = {}
        """Of the program's own providers, by URN."""
        self._book = Book()

    def create(self, resource: Resource, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Write a resource down; the outputs AWS would give it, None where the table has no row."""
        region = resource.inputs.get("region") or self._regions.get(resource.provider or "")
        if resource.type == _PROVIDER:
            self._regions[resource.urn] = region
        row = ROWS.get(resource.type)
        if row is None:
            return None
        declared = Declared(
            urn=resource.urn,
            name=resource.name,
            inputs=inputs,
            account_id=self.account_id,
            region=region if isinstance(region, str) else self.region,
            partition=self.partition,
        )
        scribe = Scribe(self._book, declared, resource.outputs)

        def answer(call: Call) -> Mapping[str, Any]:
            return getattr(ANSWERS[call.service], call.operation)(scribe, call.params)

        return drive(row.create(declared), answer)

    def account(self, names: Mapping[str, str]) -> Account:
        """The picture as it stands; `names` says by URN how people call things."""
        return Account(self.account_id, self.region, self._book.items(names), self.partition)


def account_of(deployment: Deployment) -> Account:
    """What AWS would hold of a deployment.

    Secrets are kept out: they are `Unknown(secret=True)` in the account. ARNs and ids are those
    the deployment knows; in a preview, those that can be computed from names.
    """
    ledger = Ledger(deployment.account_id, deployment.region, deployment.partition)
    for resource in deployment.resources:
        if not resource.external:
            ledger.create(resource, masked(resource))
    return ledger.account(names_of(deployment))
