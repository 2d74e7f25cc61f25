"""The AWS account of the lane: in memory, in the process of the tests, alive whoever else dies.

The provider double sends it the calls of the table over a local socket. Faults happen here, where
they happen in life: between AWS and whoever called it.
"""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.row import Call
from alerting.rehearsal.cloud import MemoryCloud, memory_cloud
from tests.engine.faults import Fault, Refusal
from tests.engine.pending import Pending


@dataclass(frozen=True)
class Entry:
    """One call that reached AWS, and what came of it."""

    call: Call
    urn: str
    refused: str | None = None
    """AWS's error code."""


@dataclass
class Account:
    """An in-memory account with a journal, faults and an onlooker."""

    cloud: MemoryCloud
    journal: list[Entry] = field(default_factory=list[Entry])
    faults: list[Fault] = field(default_factory=list[Fault])
    onlooker: Callable[[], None] = lambda: None
    """Called after every call that changes something."""

    def __post_init__(self) -> None:
        self._pending = Pending(self.cloud)
        self._lock = threading.RLock()

    def answer(self, call: Call, region: str, urn: str) -> tuple[Any, ...]:
        """AWS's answer, as it goes over the socket."""
        try:
            for fault in list(self.faults):
                fault.before(call, urn)
            with self._lock:
                response = self._carry_out(call, region)
                self._note(Entry(call, urn))
            for fault in list(self.faults):
                fault.after(call, urn)
        except Refusal as refusal:
            self._note(Entry(call, urn, refusal.code))
            return "refused", refusal.code, refusal.message
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            self._note(Entry(call, urn, code))
            return "refused", code, message
        except (BotoCoreError, NotImplementedError) as error:
            return "refused", "ValidationError", str(error)
        return "answer", response

    def changes(self) -> list[Entry]:
        """The calls that were carried out and can have changed something."""
        return [entry for entry in self.journal if entry.call.changes and entry.refused is None]

    def pending(self) -> list[str]:
        """The subscriptions that wait for somebody to confirm them."""
        pages = self.cloud.client("sns").get_paginator("list_subscriptions").paginate()
        arns = [each["SubscriptionArn"] for page in pages for each in page["Subscriptions"]]
        return [arn for arn in arns if self._pending.waits(arn)]

    def confirm_all(self) -> None:
        """Everybody clicks."""
        for arn in self.pending():
            self._pending.confirm(arn)

    def stand_ins(self) -> list[tuple[str, str]]:
        """Queues of other people that are named by ARN or URL only."""
        made = {e.call.params.get("QueueName") for e in self.journal}
        urls = self.cloud.client("sqs").list_queues().get("QueueUrls", [])
        return [("aws:sqs/queue:Queue", url) for url in urls if url.rsplit("/", 1)[1] not in made]

    def _carry_out(self, call: Call, region: str) -> Mapping[str, Any]:
        response = self._pending.send(call, region)
        return {key: value for key, value in response.items() if key != "ResponseMetadata"}

    def _note(self, entry: Entry) -> None:
        with self._lock:
            self.journal.append(entry)
            if entry.call.changes and entry.refused is None:
                self.onlooker()


class AccountServer:
    """Serves whichever account is the current one; one server for all tests of a run."""

    def __init__(self, socket: Path) -> None:
        self.address = str(socket)
        self.account: Account | None = None
        self._listener = Listener(self.address, family="AF_UNIX", backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def serving(self, account_id: str = "123456789012") -> Generator[Account]:
        """A new, empty account that answers until the block ends."""
        assert self.account is None, "accounts do not nest: the inner one would empty the outer"
        with memory_cloud(account_id) as cloud:
            self.account = Account(cloud)
            try:
                yield self.account
            finally:
                self.account = None

    def close(self) -> None:
        """Stop accepting connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        while True:
            try:
                call, region, urn = connection.recv()
                account = self.account
                answer = (
                    ("refused", "ServiceUnavailable", "there is no account")
                    if account is None
                    else account.answer(call, region, urn)
                )
                connection.send(answer)
            except (EOFError, OSError):
                return
