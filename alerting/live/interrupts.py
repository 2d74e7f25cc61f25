"""Ctrl-C and SIGTERM, held back until there is nothing to clean up."""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Whether somebody wants this to stop."""

    def __init__(self) -> None:
        self.asked = False

    def check(self) -> None:
        """Stop here if that is wanted.

        Raises:
            KeyboardInterrupt: it is.
        """
        if self.asked:
            raise KeyboardInterrupt


@contextmanager
def held_back(say: Callable[[str], None]) -> Generator[Interrupts]:
    """Keep signals from stopping what runs in here; it asks `check` where it can stop.

    A call to AWS that is broken off may have had its effect, so none is. Only the main thread can
    do this; in another one signals go where they always go.

    Raises:
        KeyboardInterrupt: at the end, where a signal came and nobody asked.
    """
    interrupts = Interrupts()

    def hold(*_: Any) -> None:
        interrupts.asked = True
        say("stopping: putting everything back first")

    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    before = {number: signal.signal(number, hold) for number in _SIGNALS}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    interrupts.check()
