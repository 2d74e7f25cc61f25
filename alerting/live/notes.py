"""What a reader finds of an account, and what it may not see."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Item, Kind
from alerting.account.row import GONE
from alerting.cloudwatch.actions import ACTIONS_OF
from alerting.sns.arn import parse_arn

_UNKNOWN_CALL = frozenset({"InvalidAction", "UnknownOperationException", "UnknownOperation"})


class Notes:
    """Items by ARN, and by reference why something could not be read."""

    def __init__(self, account_id: str) -> None:
        self._account = account_id
        self._begun: set[str] = set()
        self.items: dict[str, Item] = {}
        self.unreadable: dict[str, str] = {}

    def add(self, kind: Kind, arn: str, data: Mapping[str, Any]) -> None:
        """Write one item down."""
        self.items[arn] = Item(kind, arn, data)

    def begin(self, ref: str) -> bool:
        """Whether a reference is to be looked at: once, and in this account only."""
        if ref in self._begun:
            return False
        self._begun.add(ref)
        parsed = parse_arn(ref)
        if parsed is not None and parsed.account not in ("", self._account):
            self.unreadable[ref] = f"belongs to account {parsed.account}"
            return False
        return True

    def attempt(self, ref: str, read: Callable[[], None]) -> bool:
        """Read something; what is not allowed is noted, what is not there is simply not there."""
        try:
            read()
        except (ClientError, BotoCoreError) as error:
            if not is_gone(error) and code_of(error) not in _UNKNOWN_CALL:
                self.unreadable[ref] = in_words(error)
            return False
        return True

    def actions(self, service: str) -> Iterator[str]:
        """What the alarms tell or do that is of one service."""
        for item in list(self.items.values()):
            for key in ACTIONS_OF.values():
                for action in item.get(key, ()):
                    parsed = parse_arn(action)
                    if parsed is not None and parsed.service == service:
                        yield action


def as_text(value: Any) -> Any:
    """What AWS tells with its times as the rest of an account has them: `2026-12-01T19:00:00Z`."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, Mapping):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return value


def is_gone(error: ClientError | BotoCoreError) -> bool:
    """Whether AWS says that there is no such thing."""
    return code_of(error) in GONE


def is_refusal(error: ClientError | BotoCoreError) -> bool:
    """Whether AWS has said no, so that the call has had no effect."""
    if not isinstance(error, ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return 400 <= status < 500


def code_of(error: ClientError | BotoCoreError) -> str:
    """AWS's code of an error; empty where the error is not AWS's."""
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def in_words(error: ClientError | BotoCoreError) -> str:
    """An error as one line; of AWS's own: which call, the code, what AWS says."""
    if not isinstance(error, ClientError):
        return str(error)
    message = error.response.get("Error", {}).get("Message", "")
    return f"{error.operation_name}: {code_of(error)}: {message}".removesuffix(": ")
