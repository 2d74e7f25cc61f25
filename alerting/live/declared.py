"""What a stack's program declares, with the ids its deployment has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alerting.account.deployment import Deployment, Resource
from alerting.account.ledger import account_of
from alerting.account.model import Account, Item, Kind
from alerting.live.deployed import State
from alerting.output import BadInput
from alerting.recording import record
from alerting.sns.arn import parse_arn
from alerting.stackfile import StackFile

_NAME_INPUTS = {Kind.ALARM: ("name", "alarmName"), Kind.KEY: (), Kind.SUBSCRIPTION: ()}
"""The inputs that say what a thing is called in AWS, where that is not `name`."""


@dataclass(frozen=True)
class Declared:
    """A recorded program."""

    deployment: Deployment
    account: Account
    state: State | None
    """What the engine knows; None where it cannot be asked, and things are found by name."""

    def is_found(self, item: Item) -> bool:
        """Whether its ARN is the one AWS knows it by, rather than made up here."""
        if not isinstance(item.arn, str):
            return False
        if item.urn is None:
            return True  # somebody else's topic, which the config names by its ARN
        resource = self._resource(item)
        if resource is None:
            return False
        if self.state is not None and self.state.outputs_of(resource) is not None:
            return True
        by_reference = ("queueUrl", "function")  # of somebody else's queue or function
        names = (*_NAME_INPUTS.get(item.kind, ("name",)), *by_reference)
        return any(isinstance(resource.inputs.get(name), str) for name in names)

    def is_new(self, item: Item) -> bool:
        """Whether the engine's state says that it has not been deployed."""
        resource = self._resource(item)
        if self.state is None or resource is None:
            return False
        return self.state.outputs_of(resource) is None

    def _resource(self, item: Item) -> Resource | None:
        return self.deployment.get(item.urn) if item.urn else None

    @cached_property
    def found(self) -> tuple[Item, ...]:
        """The things that can be looked up by their ARN."""
        return tuple(item for item in self.account.items if self.is_found(item))

    def arns(self, *kinds: Kind) -> Iterator[str]:
        """ARNs of the things that can be looked up, of some kinds."""
        for item in self.found:
            if item.kind in kinds and isinstance(item.arn, str):
                yield item.arn


def declare(
    stack: StackFile,
    account_id: str,
    region: str,
    state: State | None,
    *,
    lookups: Mapping[str, Any] | None = None,
) -> Declared:
    """Run the stack's program without the engine, as it would run against its deployment.

    Args:
        stack: The stack's config; the program is the one beside it.
        account_id: The account it is deployed to.
        region: Its Region.
        state: What the engine knows.
        lookups: What answers its data sources, as for `record`.

    Raises:
        BadInput: the stack is deployed to another account.
        Exception: what the program raises.
    """
    deployment = record(
        stack.program,
        config=stack.config,
        secret_keys=stack.secret_keys,
        stack=stack.stack,
        account=account_id,
        region=region,
        creator=state.outputs_of if state else None,
        lookups=lookups,
    )
    declared = Declared(deployment, account_of(deployment), state)
    for arn in declared.arns(Kind.ALARM, Kind.TOPIC):
        parsed = parse_arn(arn)
        if parsed is not None and parsed.account != account_id:
            raise BadInput(
                f"stack {stack.stack} is deployed to account {parsed.account}, and these "
                f"credentials are of account {account_id}"
            )
    return declared
