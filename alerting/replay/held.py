"""An alarm as AWS would hold it."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Account, Item, Ref
from alerting.cloudwatch.actions import actions
from alerting.cloudwatch.reason import long_time
from alerting.cloudwatch.state import State


def name_of(alarm: Item) -> str:
    """The alarm's name; where that is not known yet, what people call it."""
    name = alarm.get("AlarmName")
    return name if isinstance(name, str) else alarm.label


def arn_of(account: Account, alarm: Item) -> str:
    """The alarm's ARN; made from the account and its name where that is not known yet."""
    where = f"arn:{account.partition}:cloudwatch:{account.region}:{account.account_id}"
    return next(
        (one for one in (alarm.get("AlarmArn"), alarm.arn) if isinstance(one, str)),
        f"{where}:alarm:{name_of(alarm)}",
    )


def as_held(account: Account, alarm: Item, since: int) -> Mapping[str, Any]:
    """The alarm with what AWS adds on its own, where the account does not know it.

    Args:
        account: Where it is.
        alarm: Of that account.
        since: When it is taken to have been put; epoch seconds.
    """
    updated = alarm.get("AlarmConfigurationUpdatedTimestamp") or long_time(since)
    return {
        **alarm.data,
        "AlarmName": name_of(alarm),
        "AlarmArn": arn_of(account, alarm),
        "AlarmConfigurationUpdatedTimestamp": updated,
    }


def actions_of(alarm: Item, state: State) -> tuple[Ref, ...]:
    """What an alarm tells when it enters a state; nothing where its actions are disabled."""
    return () if alarm.get("ActionsEnabled") is False else actions(alarm.data, state)
