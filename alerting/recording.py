"""Runs a Pulumi program without a cloud and writes down what it declares.

This is the only file that touches the SDK's mock monitor, whose classes are importable but not
promised. What the SDK's own mocks leave out is added here: parents, secrets, dependencies and
outputs are recorded, unknown values exist in previews, a name used twice is refused as the engine
refuses it, and nothing is returned before all work of the program has settled.
"""

import asyncio
import contextvars
import json
import logging
import threading
import warnings
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import mocks, rpc
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import configure, get_project, get_stack
from pulumi.runtime.stack import run_in_stack

from alerting.account.deployment import Deployment, Resource, top_names
from alerting.account.ledger import Ledger
from alerting.account.model import Unknown
from alerting.lookups import Lookups
from alerting.program_file import Program, project_of, run_of

Creator = Callable[[Resource], Mapping[str, Any] | None]
"""Makes a resource somewhere and returns its outputs (`id` among them); None: not its business."""

# How the engine's wire marks values that JSON has no type for.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"

_STACK = "pulumi:pulumi:Stack"

_SETTLE_SECONDS = 10.0
_POLL_SECONDS = 0.05


class RecordingError(RuntimeError):
    """A program that the engine would have refused, or that never comes to an end."""


def record(
    program: Program,
    *,
    config: Mapping[str, Any] | None = None,
    secret_keys: Collection[str] = (),
    stack: str = "test",
    account: str = "123456789012",
    region: str = "us-east-1",
    preview: bool = False,
    project: str | None = None,
    lookups: Mapping[str, Any] | None = None,
    creator: Creator | None = None,
) -> Deployment:
    """Run a program as the engine would and return what it declares.

    Args:
        program: a callable, or the path of a `__main__.py` or of the folder that holds it.
        config: all the config there is, by full key (`aws:region`); maps and lists as such.
        secret_keys: full keys whose values are secret.
        stack: the stack's name.
        account: account id for invented ARNs and look-ups.
        region: Region for invented ARNs and look-ups; `aws:region` in `config` wins.
        preview: leave outputs that need a deployment unknown, as a first preview does.
        project: the project's name. Default: that of the nearest Pulumi.yaml at or above the
            program's file, else the one prefix in `config` that is not a provider's.
        lookups: results of data sources by token (`aws:ec2/getVpc:getVpc`), or functions that make
            them from the arguments, beyond those that are answered anyway (caller identity, Region,
            partition, policy documents). What lists resources by tag has no list unless given.
        creator: creates each resource somewhere and returns its real outputs. Default: outputs are
            invented.

    Raises:
        RecordingError: a name is used twice, an output never resolves, or a task or coroutine is
            started and not awaited.
        LookupError: the program looks something up that nothing answers.
        FileNotFoundError: there is no such program.
        ValueError: it cannot be told which project it belongs to.
        Exception: whatever the program raises, and whatever fails in work it did not await.
    """
    config = dict(config or {})
    named = config.get("aws:region")
    region = named if isinstance(named, str) else region
    monitor = _Monitor(
        lookups=Lookups(account, region, lookups or {}),
        ledger=Ledger(account, region),
        preview=preview,
        creator=creator,
    )
    project = project or project_of(program, config)
    texts = {key: _config_text(value) for key, value in config.items()}

    def run() -> None:
        # Made in here, because it keeps its values in context variables.
        settings = mocks.MockSettings(
            monitor=monitor,
            monitor_features=set(monitor.GetDeploymentInfo(None).supportedFeatures),
            engine=mocks.MockEngine(logging.getLogger("pulumi")),
            project=project,
            stack=stack,
            dry_run=preview,
            organization="organization",
            callbacks=None,
            # Left alone, these two are shared by all runs of the process.
            outputs=set[asyncio.Task[Any]](),
            lock=threading.Lock(),
        )
        configure(settings)
        set_all_config(texts, list(secret_keys))
        with _nothing_forgotten() as forgotten, run_of(program) as call:
            asyncio.run(_settled(run_in_stack(call), monitor, forgotten))

    _in_own_context(run)
    return Deployment(
        resources=tuple(monitor.finished()),
        exports=monitor.exports,
        secret_exports=monitor.secret_exports,
        stack=stack,
        project=project,
        account_id=account,
        region=region,
        preview=preview,
    )


class _Monitor(mocks.MockMonitor):
    """Writes down every registration; calls come from several threads at once."""

    def __init__(
        self, lookups: Lookups, ledger: Ledger, *, preview: bool, creator: Creator | None
    ) -> None:
        super().__init__(lookups)
        self.activity = 0
        self.exports: dict[str, Any] = {}
        self.secret_exports: frozenset[str] = frozenset()
        self._ledger, self._preview, self._creator = ledger, preview, creator
        self._recorded: dict[str, Resource] = {}
        self._outputs: dict[str, tuple[dict[str, Any], frozenset[str]]] = {}
        self._lock = threading.Lock()

    def finished(self) -> Iterator[Resource]:
        """The recorded resources, components with the outputs they registered."""
        for urn, resource in self._recorded.items():
            if urn in self._outputs:
                outputs, secrets = self._outputs[urn]
                resource = replace(resource, outputs=outputs, secret_outputs=secrets)
            yield resource

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine forms it: with the types of all parents but the stack."""
        of_parents = parent.split("::")[2] if parent else _STACK
        qualified = type_ if of_parents == _STACK else f"{of_parents}${type_}"
        return f"urn:pulumi:{get_stack()}::{get_project()}::{qualified}::{name}"

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the name of the RPC
        self.activity += 1
        return super().Invoke(request)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == _STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        resource = _resource(urn, request)
        with self._lock:
            self.activity += 1
            if urn in self._recorded:
                raise RecordingError(
                    f"two resources have the URN {urn}: give one of them another name"
                )
            outputs = self._create(resource) if resource.custom else {}
            identity = outputs.get("id")
            known = {key: value for key, value in outputs.items() if key != "id"}
            recorded = replace(resource, outputs={**resource.inputs, **known}, id=identity)
            self._recorded[urn] = recorded
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=identity or "", object=_answer(request.object, known)
        )

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        state = _plain(request.properties, {})[0]
        known = {"arn": request.id} if request.id.startswith("arn:") else {}
        with self._lock:
            self.activity += 1
            self._recorded[urn] = Resource(
                urn=urn,
                type=request.type,
                name=request.name,
                inputs=state,
                outputs={**state, **known},
                id=request.id,
                parent=_parent(request),
                external=True,
            )
        return resource_pb2.ReadResourceResponse(
            urn=urn, properties=_answer(request.properties, known)
        )

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        values, secrets = _plain(request.outputs, {})
        with self._lock:
            self.activity += 1
            if request.urn.split("::")[2] == _STACK:
                self.exports, self.secret_exports = values, top_names(secrets)
            else:
                self._outputs[request.urn] = values, top_names(secrets)
        return super().RegisterResourceOutputs(request)

    def _create(self, resource: Resource) -> Mapping[str, Any]:
        if self._creator is not None:
            made = self._creator(resource)
            if made is not None:
                return made
        invented = self._ledger.create(resource, resource.inputs)
        if self._preview:
            return {}
        return invented if invented is not None else self._generic(resource)

    def _generic(self, resource: Resource) -> dict[str, Any]:
        """What a provider gives any resource: an id, and for AWS most often an ARN."""
        identity = f"{resource.name}-id"
        if not resource.type.startswith("aws:"):
            return {"id": identity}
        service = resource.type.split(":")[1].split("/")[0]
        place = f"{self._ledger.region}:{self._ledger.account_id}"
        return {"id": identity, "arn": f"arn:aws:{service}:{place}:{resource.name}"}


def _parent(request: Any) -> str | None:
    """The parent's URN; the stack is everybody's, and so nobody's."""
    below_the_stack = not request.parent or request.parent.split("::")[2] == _STACK
    return None if below_the_stack else request.parent


def _resource(urn: str, request: Any) -> Resource:
    dependencies = {
        key: tuple(value.urns) for key, value in request.propertyDependencies.items() if value.urns
    }
    inputs, secrets = _plain(request.object, dependencies)
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        inputs=inputs,
        parent=_parent(request),
        secrets=frozenset(secrets),
        dependencies=dependencies,
        provider=request.provider.rsplit("::", 1)[0] if request.provider else None,
        custom=request.custom,
    )


def _plain(
    struct: struct_pb2.Struct, dependencies: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Any], set[str]]:
    """A wire object as plain values, and the paths that are secret.

    The wire has floats only and marks secrets, resources and unknowns with signatures.
    """
    secrets: set[str] = set()

    def walk(value: Any, path: str, top: str) -> Any:
        if isinstance(value, dict):
            signature = value.get(_SIGNATURE)
            if signature == _SECRET:
                secrets.add(path)
                return walk(value.get("value"), path, top)
            if signature == _RESOURCE:
                return value.get("id") or value.get("urn")
            return {k: walk(v, f"{path}.{k}", top) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v, f"{path}[{i}]", top) for i, v in enumerate(value)]
        if value == rpc.UNKNOWN:
            return Unknown(dependencies.get(top, ()))
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return int(value)
        return value

    raw = json_format.MessageToDict(struct)
    return {key: walk(value, key, key) for key, value in raw.items()}, secrets


def _answer(inputs: struct_pb2.Struct, outputs: Mapping[str, Any]) -> struct_pb2.Struct:
    """The resource's state on the wire: its inputs, secrets still marked, and its outputs."""
    state = struct_pb2.Struct()
    state.CopyFrom(inputs)
    state.update({key: value for key, value in outputs.items() if not isinstance(value, Unknown)})
    return state


def _config_text(value: Any) -> str:
    """Config as the engine hands it over: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


async def _settled(program: Any, monitor: _Monitor, forgotten: list[BaseException]) -> None:
    """Run to the end, and give up when nothing happens any more.

    An output that never resolves keeps the program waiting for ever. There is no event for that,
    so it is told by the loop turning for some seconds without a request to the monitor.
    """
    # The SDK makes each request in a thread. With one thread they come in the order of the program;
    # with several, a recording is another one each time.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    # The first failure is raised; asyncio would tell of each future that failed because of it.
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: forgotten.append(context.get("exception") or RecordingError(context))
    )
    task = asyncio.ensure_future(program)
    seen, idle = monitor.activity, 0.0
    while not (await asyncio.wait({task}, timeout=_POLL_SECONDS))[0]:
        idle = idle + _POLL_SECONDS if monitor.activity == seen else 0.0
        seen = monitor.activity
        if idle > _SETTLE_SECONDS:
            task.cancel()
            raise RecordingError(
                f"the program does not end: for {_SETTLE_SECONDS:g} s nothing was registered, and "
                "an output or a task of it is still waiting"
            )
    await task
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        names = ", ".join(sorted(getattr(t.get_coro(), "__qualname__", "?") for t in left))
        raise RecordingError(f"the program ends without awaiting what it started: {names}")


@contextmanager
def _nothing_forgotten() -> Generator[list[BaseException]]:
    """Refuse work that a program starts and forgets; the list takes what fails unseen.

    The engine's SDK waits for outputs, not for tasks and coroutines: `pulumi up` would end without
    what they were to declare, and say nothing. Python itself speaks up when it throws them away.
    """
    forgotten: list[BaseException] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", "coroutine .* was never awaited", RuntimeWarning)
        yield forgotten
    for warning in caught:
        if "was never awaited" in str(warning.message):
            raise RecordingError(f"the program forgets to await: {warning.message}")
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if forgotten:
        raise forgotten[0]


def _in_own_context(run: Callable[[], None]) -> None:
    """Run with Pulumi's state (settings, config, root stack) shut in, also below a running loop."""
    context = contextvars.Context()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        context.run(run)
        return
    failure: list[BaseException] = []

    def guarded() -> None:
        try:
            context.run(run)
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def quiet(level: int = logging.WARNING) -> None:
    """Keep what a program logs below `level` off the terminal."""
    logging.getLogger("pulumi").setLevel(level)
