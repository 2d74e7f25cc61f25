"""What goes wrong between AWS and its caller."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from alerting.account.row import Call


class Refusal(Exception):  # noqa: N818 - it is AWS's answer
    """AWS answers with an error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class Fault:
    """Sees every call before and after AWS carries it out, and may raise a `Refusal`."""

    def before(self, call: Call, urn: str) -> None:
        """Before AWS has done anything."""

    def after(self, call: Call, urn: str) -> None:
        """When AWS has done it, and before the caller hears."""


@dataclass
class Refuse(Fault):
    """One operation is refused, for one resource or all."""

    operation: str
    code: str
    message: str
    of: str = ""
    """End of the URN. Default: everybody's."""
    done: bool = False
    """Whether AWS carries it out all the same, and only the answer is an error."""
    times: int = 1_000

    def before(self, call: Call, urn: str) -> None:
        """Refuse where AWS does nothing."""
        if not self.done:
            self._refuse(call, urn)

    def after(self, call: Call, urn: str) -> None:
        """Refuse where AWS has done it."""
        if self.done:
            self._refuse(call, urn)

    def _refuse(self, call: Call, urn: str) -> None:
        if call.operation == self.operation and urn.endswith(self.of) and self.times > 0:
            self.times -= 1
            raise Refusal(self.code, self.message)


@dataclass
class Throttle(Fault):
    """An operation is allowed some times a second."""

    operation: str
    per_second: int
    refused: int = 0
    _recent: deque[float] = field(default_factory=deque[float])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, call: Call, urn: str) -> None:
        """Refuse what is too much."""
        if call.operation != self.operation:
            return
        with self._lock:
            now = time.monotonic()
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= self.per_second:
                self.refused += 1
                raise Refusal("Throttling", "Rate exceeded")
            self._recent.append(now)


@dataclass
class Slow(Fault):
    """AWS takes its time, and does it when nobody listens any more."""

    operation: str
    seconds: float

    def before(self, call: Call, urn: str) -> None:
        """Wait."""
        if call.operation == self.operation:
            time.sleep(self.seconds)


@dataclass
class Interrupt(Fault):
    """Somebody is killed at the n-th call that changes something."""

    at: int
    kill: Callable[[], None]
    done: bool = False
    """Whether AWS carries the call out first."""
    operation: str = ""
    """Which calls count. Default: all that change something."""
    seen: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _local: threading.local = field(default_factory=threading.local)

    def before(self, call: Call, urn: str) -> None:
        """Count, and kill where AWS is not to do it."""
        self._local.number = 0
        if call.operation == self.operation or (not self.operation and call.changes):
            with self._lock:
                self.seen += 1
                self._local.number = self.seen
        if not self.done:
            self._strike()

    def after(self, call: Call, urn: str) -> None:
        """Kill when AWS has done it."""
        if self.done:
            self._strike()

    def _strike(self) -> None:
        if self._local.number == self.at:
            self.kill()
