"""Stands in for the AWS provider, whose binary is not at hand: gRPC, the table, and nothing else.

What a resource type does is the table's business (`alerting.account.table`), which properties it
has is pulumi-aws's (`schema`), and what AWS answers is the account's, which lives in the process
of the tests. Here is only what the provider protocol wants of any provider, done as the real one
does it: checks before anything is sent, made-up names, a read after every create and update, and
replacement where AWS demands one.
"""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from alerting.account.row import Call, Declared, Gone, Row, drive
from alerting.account.table import ROWS
from alerting.live.data_sources import answers
from alerting.lookups import Lookups
from tests.engine.provider import schema
from tests.engine.provider.account import RefusedError, RemoteAccount
from tests.engine.provider.sameness import keep_spelling, same
from tests.engine.provider.wire import plain, struct

VERSION = "7.51.1"
_DEFAULTS = "__defaults"
_PENDING = "pending confirmation"


class ProviderDouble(provider_pb2_grpc.ResourceProviderServicer):
    """The `aws` provider on an in-memory account."""

    def __init__(self, account: RemoteAccount, account_id: str) -> None:
        self._account, self._account_id = account, account_id
        self._region = "us-east-1"

    # The protocol's own matters.

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802 - the RPC's name
        return plugin_pb2.PluginInfo(version=VERSION)

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        olds, news = plain(request.old_inputs), plain(request.news)
        diffs = [key for key in sorted({*olds, *news}) if olds.get(key) != news.get(key)]
        return provider_pb2.DiffResponse(changes=_changes(diffs), diffs=diffs)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        config = plain(request.args)
        self._region = config.get("region", self._region)
        self._account.max_retries = int(config.get("maxRetries", 25))
        # Like the real one it is handed secrets in clear, and the engine marks them afterwards.
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False)

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        asked = answers(lambda call: self._account.send(call, self._region, request.tok))
        lookups = Lookups(self._account_id, self._region, asked)
        args = mocks.MockCallArgs(token=request.tok, args=plain(request.args), provider="")
        try:
            answer, failures = lookups.call(args)
        except (LookupError, RefusedError, Gone) as error:
            _fail(context, str(error))
        assert not failures
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(struct(answer))
        return response

    # The life of a resource.

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind, olds, news = _type(request.urn), plain(request.olds), plain(request.news)
        failures = [
            provider_pb2.CheckFailure(property=name, reason=reason)
            for name, reason in schema.problems(kind, news)
        ]
        named = self._row(kind, context).named
        if named is not None and news.get(named) is None:
            seed = int.from_bytes(request.randomSeed[:4], "big") % 0x10000000
            made_up = f"{_name(request.urn)}-{seed:07x}"
            kept = olds.get(named) if named in olds.get(_DEFAULTS, []) else None
            news |= {named: kept or made_up, _DEFAULTS: [named]}
        return provider_pb2.CheckResponse(inputs=struct(news), failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        row = self._row(_type(request.urn), context)
        olds, news = plain(request.old_inputs), plain(request.news)
        changes = [
            key
            for key in sorted({*olds, *news} - {_DEFAULTS} - set(request.ignoreChanges))
            if not same(_value(olds, key, row), _value(news, key, row))
        ]
        replaces = [key for key in changes if key in row.replaced_by]
        # Two things of one name cannot be there at once, unless the name is made up anew.
        keeps_name = row.named is not None and (
            row.named not in news.get(_DEFAULTS, []) and row.named not in changes
        )
        return provider_pb2.DiffResponse(
            changes=_changes(changes),
            diffs=changes,
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and keeps_name,
            hasDetailedDiff=True,
            detailedDiff={key: _detail(key, olds, news, replaces) for key in changes},
        )

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        inputs = plain(request.properties)
        row = self._row(_type(request.urn), context)
        if request.preview:
            return provider_pb2.CreateResponse(properties=struct(inputs))
        wanted = self._declared(request.urn, inputs)
        made = self._drive(row.create(wanted), wanted, context)
        state = self._state(row, self._declared(request.urn, {**inputs, **made}, made["id"]))
        return provider_pb2.CreateResponse(id=made["id"], properties=struct(state or made))

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = _type(request.urn)
        row, inputs, known = (
            self._row(kind, context),
            plain(request.inputs),
            plain(request.properties),
        )
        try:
            state = self._state(row, self._declared(request.urn, known, request.id))
        except RefusedError as error:
            _fail(context, str(error))
        if state is None:
            return provider_pb2.ReadResponse()

        def said(key: str) -> bool:
            """Whether this is an input: it was one, or somebody has set it behind our back."""
            usual = known.get(key, row.defaults.get(key))
            return key in inputs or not same(state[key], usual)

        found = {key: state[key] for key in schema.properties(kind) if key in state and said(key)}
        if _DEFAULTS in inputs:
            found[_DEFAULTS] = inputs[_DEFAULTS]
        return provider_pb2.ReadResponse(
            id=state.pop("id", request.id),
            properties=struct(state),
            inputs=struct(keep_spelling(inputs, found)),
        )

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        olds, before, news = plain(request.olds), plain(request.old_inputs), plain(request.news)
        row = self._row(_type(request.urn), context)
        known = {key: value for key, value in olds.items() if key not in before} | news
        if request.preview:
            return provider_pb2.UpdateResponse(properties=struct(known))
        old, new = (
            self._declared(request.urn, before, request.id),
            self._declared(request.urn, news),
        )
        self._drive(row.update(old, new), new, context)
        state = self._state(row, self._declared(request.urn, known, request.id))
        return provider_pb2.UpdateResponse(properties=struct(state or known))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        row = self._row(_type(request.urn), context)
        held = self._declared(request.urn, plain(request.properties), request.id)
        try:
            drive(row.delete(held), self._sender(held))
        except Gone:
            pass
        except RefusedError as error:
            if _PENDING not in error.message:
                _fail(context, str(error))
        return empty_pb2.Empty()

    def _row(self, kind: str, context: Any) -> Row:
        row = ROWS.get(kind)
        if row is None:
            _fail(context, f"the table has no row for {kind}")
        return row

    def _declared(self, urn: str, values: Mapping[str, Any], identity: str = "") -> Declared:
        region = values.get("region")
        return Declared(
            urn=urn,
            name=_name(urn),
            inputs={key: value for key, value in values.items() if key != _DEFAULTS},
            account_id=self._account_id,
            region=region if isinstance(region, str) else self._region,
            id=identity,
        )

    def _sender(self, r: Declared) -> Callable[[Call], Mapping[str, Any]]:
        return lambda call: self._account.send(call, r.region, r.urn)

    def _drive(self, steps: Any, r: Declared, context: Any) -> Any:
        """Run steps; what AWS refuses is the engine's error."""
        try:
            return drive(steps, self._sender(r))
        except (RefusedError, Gone) as error:
            _fail(context, str(error))

    def _state(self, row: Row, held: Declared) -> dict[str, Any] | None:
        """What there is of a resource: what is known of it, and what AWS says; None: nothing."""
        try:
            told = drive(row.read(held), self._sender(held))
        except Gone:
            return None
        told = schema.typed(_type(held.urn), told)
        merged = keep_spelling(held.inputs, {**held.inputs, **told})
        return {key: value for key, value in merged.items() if value is not None}


def _fail(context: Any, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort raises")


def _changes(diffs: list[str]) -> Any:
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return some if diffs else none


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _value(inputs: Mapping[str, Any], key: str, row: Row) -> Any:
    return inputs.get(key, row.defaults.get(key))


def _detail(
    key: str, olds: Mapping[str, Any], news: Mapping[str, Any], replaces: list[str]
) -> provider_pb2.PropertyDiff:
    change = "UPDATE" if key in olds and key in news else "ADD" if key in news else "DELETE"
    kind = f"{change}_REPLACE" if key in replaces else change
    return provider_pb2.PropertyDiff(
        kind=provider_pb2.PropertyDiff.Kind.Value(kind), inputDiff=True
    )
