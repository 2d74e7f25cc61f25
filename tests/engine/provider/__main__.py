"""The provider double as a process: `python -m tests.engine.provider SOCKET ACCOUNT TIMEOUT`.

Prints the port it listens on, and ends when its standard input does.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from alerting.account.table import ROWS
from tests.engine.provider import schema
from tests.engine.provider.account import RemoteAccount
from tests.engine.provider.double import ProviderDouble

_AT_ONCE = 64
_LARGEST_MESSAGE = 64 << 20


def main(socket: str, account_id: str, timeout: str) -> None:
    """Serve until the standard input ends."""
    for kind in ROWS:
        schema.args_class(kind)  # not in several threads at once: imports trip over each other
    server = grpc.server(
        ThreadPoolExecutor(_AT_ONCE),
        options=[("grpc.max_receive_message_length", _LARGEST_MESSAGE)],
    )
    double = ProviderDouble(RemoteAccount(socket, float(timeout)), account_id)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(double, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop(grace=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
