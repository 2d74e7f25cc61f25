"""The provider's line to the account, which lives in the process of the tests."""

import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Client, Connection
from typing import Any

from alerting.account.row import GONE, Call, Gone

_AGAIN = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServiceError",
        "KMSInternalException",
        "RequestTimeout",
        "ServiceException",
        "ServiceFailure",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""What AWS's SDKs try again."""
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0


class RefusedError(Exception):
    """AWS's answer is an error."""

    def __init__(self, call: Call, code: str, message: str) -> None:
        super().__init__(f"{call.service} {call.operation}: {code}: {message}")
        self.code, self.message = code, message


class RemoteAccount:
    """Sends calls to the account and tries again as AWS's SDKs do."""

    def __init__(self, address: str, timeout: float) -> None:
        self._address, self._timeout = address, timeout
        self._local = threading.local()
        self.max_retries = 25
        """The AWS provider's default."""

    def send(self, call: Call, region: str, urn: str) -> Mapping[str, Any]:
        """AWS's answer.

        Raises:
            Gone: what the call is about is not there.
            RefusedError: AWS refuses, as often as it was tried.
        """
        wait = _FIRST_WAIT
        for attempt in range(self.max_retries + 1):
            kind, *answer = self.ask(call, region, urn)
            if kind == "answer":
                return answer[0]
            code, message = answer
            if code in GONE:
                raise Gone(message)
            if code not in _AGAIN or attempt == self.max_retries:
                raise RefusedError(call, code, message)
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        raise AssertionError("unreachable")

    def ask(self, call: Call, region: str, urn: str) -> tuple[Any, ...]:
        """AWS's answer to one try: `answer` with it, or `refused` with code and message."""
        connection = self._connection()
        connection.send((call, region, urn))
        if not connection.poll(self._timeout):
            connection.close()
            del self._local.connection
            return "refused", "RequestTimeout", f"no answer within {self._timeout:g} s"
        return connection.recv()

    def _connection(self) -> Connection:
        made = getattr(self._local, "connection", None)
        if made is None:
            made = self._local.connection = Client(self._address, family="AF_UNIX")
        return made
