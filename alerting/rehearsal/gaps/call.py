"""How a gap is answered: one call, from its parameters to its response."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from botocore.utils import parse_to_aware_datetime

Answer = Callable[["Request"], dict[str, Any] | None]
"""The response, in the shape of the API; None leaves the call to moto."""

_T = TypeVar("_T")
_STASH = "alerting.gap"


@dataclass(frozen=True, slots=True)
class Request:
    """One call, after botocore has checked it against AWS's API model."""

    region: str
    params: Mapping[str, Any]
    """As the caller gave them."""

    def time(self, key: str) -> datetime | None:
        """A timestamp among the parameters, in any of the forms botocore takes."""
        value = self.params.get(key)
        return None if value is None else parse_to_aware_datetime(value)


class Gap(Protocol):
    """Calls of one service that moto does not answer, or answers wrongly."""

    @property
    def service(self) -> str:
        """As boto3 calls it."""
        ...

    @property
    def answers(self) -> Mapping[str, Answer]:
        """By operation, in the API's spelling."""
        ...


class Refusal(Exception):  # noqa: N818 - it is AWS's answer
    """AWS's own error, to be raised as a ClientError."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def fill(client: Any, gap: Gap) -> None:
    """Answer the calls of a gap on one client.

    The parameters are kept aside before they are validated and serialised; the answer is given
    after that, in the place of sending the request.
    """
    service = client.meta.service_model.service_id.hyphenize()
    for operation, answer in gap.answers.items():
        events = client.meta.events
        events.register(f"before-parameter-build.{service}.{operation}", _stash)
        events.register(f"before-call.{service}.{operation}", _answering(client, answer))


def page(
    items: list[_T], request: Request, size: str, *, next_key: str = "NextToken"
) -> tuple[list[_T], dict[str, str]]:
    """One page of a listing, and its token where more follow; all where no size is asked for.

    Raises:
        Refusal: the token is none that was given out.
    """
    given = request.params.get(next_key, "0")
    if not given.isdigit():
        raise Refusal("InvalidNextToken", f"{given} is not a token")
    start = int(given)
    end = start + request.params.get(size, len(items) or 1)
    return items[start:end], {next_key: str(end)} if end < len(items) else {}


def now() -> datetime:
    """The time, as AWS's responses have it."""
    return datetime.now(UTC)


def _stash(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_STASH] = dict(params)


def _answering(client: Any, answer: Answer) -> Callable[..., Any]:
    region = client.meta.region_name

    def handle(context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        try:
            found = answer(Request(region, context[_STASH]))
        except Refusal as refusal:
            error = {"Code": refusal.code, "Message": str(refusal)}
            return _Response(400), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}
        if found is None:
            return None
        return _Response(200), {**found, "ResponseMetadata": {"HTTPStatusCode": 200}}

    return handle


@dataclass(frozen=True, slots=True)
class _Response:
    """What botocore looks at of an HTTP response."""

    status_code: int
