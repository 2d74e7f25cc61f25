"""A resource monitor over gRPC that answers every registration at once, in a process of its own.

It plays the engine's part without doing anything, so that what is measured is the program.
"""

import sys
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, resource_pb2, resource_pb2_grpc

from benchmarks.declare.alarms import ACCOUNT, PROJECT, REGION, STACK, listing


class Echo(resource_pb2_grpc.ResourceMonitorServicer):
    """Answers with the inputs, an id and an ARN."""

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        """The features a current engine has, but for output values."""
        known = request.id in ("secrets", "resourceReferences", "aliasSpecs", "deletedWith")
        return resource_pb2.SupportsFeatureResponse(hasSupport=known)

    def Invoke(self, request: Any, context: Any) -> Any:
        """What is found by tag, and the caller's identity."""
        found = struct_pb2.Struct()
        asked = json_format.MessageToDict(request.args)
        if "tagFilters" in asked:
            [wanted] = asked["tagFilters"]
            found.update({"resourceTagMappingLists": listing(wanted["values"][0])})
            return resource_pb2.ResourceInvokeResponse(**{"return": found})
        arn = f"arn:aws:iam::{ACCOUNT}:user/bench"
        found.update({"accountId": ACCOUNT, "arn": arn, "id": ACCOUNT, "userId": "bench"})
        found.update({"region": REGION})
        return resource_pb2.ResourceInvokeResponse(**{"return": found})

    def RegisterResource(self, request: Any, context: Any) -> Any:
        """The resource as it was asked for."""
        urn = f"urn:pulumi:{STACK}::{PROJECT}::{request.type}::{request.name}"
        state = struct_pb2.Struct()
        if request.custom:
            state.CopyFrom(request.object)
            state.update({"arn": f"arn:aws:x:{REGION}:{ACCOUNT}:{request.name}"})
        return resource_pb2.RegisterResourceResponse(urn=urn, id=request.name, object=state)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        """Nothing to do."""
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        """Nothing to wait for."""
        return empty_pb2.Empty()


class Engine(engine_pb2_grpc.EngineServicer):
    """Takes the log and forgets it."""

    def Log(self, request: Any, context: Any) -> Any:
        """Nothing to do."""
        return empty_pb2.Empty()

    def SetRootResource(self, request: Any, context: Any) -> Any:
        """Nothing to do."""
        return engine_pb2.SetRootResourceResponse()


def main() -> None:
    """Serve on a free port of the loopback until standard input ends; prints the port."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Echo(), server)
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main()
