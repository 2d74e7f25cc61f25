"""Keeps a rehearsal on this machine."""

import ipaddress
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class NetworkRefused(RuntimeError):  # noqa: N818 - it names what happened
    """Something in a rehearsal tried to reach another machine."""


@contextmanager
def no_network() -> Generator[None]:
    """Refuse every connection that is not to this machine's loopback.

    In-memory publishing POSTs to http(s) endpoints for real, so without this a rehearsal could
    page somebody.

    Raises:
        NetworkRefused: from the call that tries to connect or to look up a host.
    """
    connect, connect_ex, lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _loopback(address[0]):
            raise NetworkRefused(f"a rehearsal must not reach {address[0]}:{address[1]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _loopback(host):
            raise NetworkRefused(f"a rehearsal must not look up {host!r}")
        return lookup(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_lookup  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
        socket.getaddrinfo = lookup


def _loopback(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False
