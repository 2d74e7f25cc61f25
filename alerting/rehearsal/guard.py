"""Keeps a rehearsal on this machine."""

import ipaddress
import socket
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn
from unittest.mock import patch

_LOOKUPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")


class NetworkRefused(RuntimeError):  # noqa: N818 - it names what happened
    """Something in a rehearsal tried to reach another machine."""


@contextmanager
def no_network() -> Generator[list[str]]:
    """Refuse every connection that is not to this machine's loopback.

    In-memory publishing POSTs to http(s) endpoints for real, so without this a rehearsal could
    page somebody. Only what goes through Python's own `socket` is seen.

    Yields:
        What was refused so far, because the error may have been swallowed on its way.

    Raises:
        NetworkRefused: from the call that tries to connect or to look up a host.
    """
    refused: list[str] = []

    def refuse(what: str) -> NoReturn:
        refused.append(what)
        raise NetworkRefused(f"a rehearsal must not {what}")

    def sending(method: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *args: Any) -> Any:
            address = args[-1]
            if sock.family in (socket.AF_INET, socket.AF_INET6) and not _loopback(address[0]):
                refuse(f"reach {address[0]}:{address[1]}")
            return method(sock, *args)

        return guarded

    def looking_up(function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
            if host is not None and not _loopback(host):
                refuse(f"look up {host!r}")
            return function(host, *args, **kwargs)

        return guarded

    with ExitStack() as patches:
        for name in ("connect", "connect_ex", "sendto"):
            guarded = sending(getattr(socket.socket, name))
            patches.enter_context(patch.object(socket.socket, name, guarded))
        for name in _LOOKUPS:
            guarded = looking_up(getattr(socket, name))
            patches.enter_context(patch.object(socket, name, guarded))
        yield refused


def _loopback(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False
