"""The pack as the engine runs it: a process of its own, asked over gRPC."""

import subprocess
import sys
from collections.abc import Generator, Iterable
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_aws import cloudwatch, sns

from alerting.delivery import RULES
from alerting.testing import record
from tests.policy.conftest import PACK
from tests.policy.engine_view import analyzer_resources
from tests.policy.programs import ACCOUNT, METRIC, PHONE, shop

MANDATORY, ADVISORY = analyzer_pb2.MANDATORY, analyzer_pb2.ADVISORY


@pytest.fixture(scope="module")
def analyzer() -> Generator[analyzer_pb2_grpc.AnalyzerStub]:
    command = [sys.executable, "-m", "pulumi.policy", "127.0.0.1:0", "."]
    with subprocess.Popen(command, cwd=PACK, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def _as_it_comes(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    configure(analyzer)


def configure(
    analyzer: analyzer_pb2_grpc.AnalyzerStub,
    policy: str = "",
    level: analyzer_pb2.EnforcementLevel.ValueType = MANDATORY,
    **properties: Any,
) -> None:
    """Configure one policy as the engine does with a config file; without a name, none."""
    struct = struct_pb2.Struct()
    struct.update(properties)
    config = {policy: analyzer_pb2.PolicyConfig(enforcementLevel=level, properties=struct)}
    analyzer.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config if policy else {}))


def diagnostics(
    analyzer: analyzer_pb2_grpc.AnalyzerStub, program: Any, *, preview: bool = False
) -> list[analyzer_pb2.AnalyzeDiagnostic]:
    """What the pack says, asked as the engine asks: each registered resource, then the stack."""
    deployment = record(program, account=ACCOUNT, preview=preview, project="shop")
    found: list[analyzer_pb2.AnalyzeDiagnostic] = []
    for resource in deployment.resources:
        if not resource.external:
            one = analyzer_pb2.AnalyzeRequest(urn=resource.urn, type=resource.type)
            found += analyzer.Analyze(one).diagnostics
    request = analyzer_pb2.AnalyzeStackRequest(resources=analyzer_resources(deployment))
    return [*found, *analyzer.AnalyzeStack(request).diagnostics]


def refusals(found: Iterable[analyzer_pb2.AnalyzeDiagnostic]) -> list[str]:
    return [one.message.split("\n")[1] for one in found if one.enforcementLevel == MANDATORY]


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_a_program_with_a_silent_path_is_refused(analyzer: Any, preview: bool):
    [refusal] = refusals(diagnostics(analyzer, shop(subscribed=False), preview=preview))
    assert refusal.startswith("topic-without-subscription: Nobody is subscribed to alerts")


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_a_good_program_is_let_through(analyzer: Any, preview: bool):
    assert refusals(diagnostics(analyzer, shop(), preview=preview)) == []


def test_what_a_preview_cannot_tell_is_advice(analyzer: Any):
    found = diagnostics(analyzer, shop(), preview=True)
    assert {one.enforcementLevel for one in found} == {ADVISORY}
    assert "cannot-tell: jobs" in found[0].message


def test_no_unknown_value_stops_a_policy(analyzer: Any):
    """The SDK turns an unknown value that a policy trips over into a diagnostic of its own."""
    found = diagnostics(analyzer, shop(), preview=True)
    assert not [one.message for one in found if "can't run policy" in one.message]


def test_a_secret_endpoint_is_in_no_message(analyzer: Any):
    found = diagnostics(analyzer, shop(publisher="events.amazonaws.com"))
    assert refusals(found)
    assert PHONE not in str(found)


def test_a_topic_that_is_only_read_is_advice(analyzer: Any):
    def program() -> None:
        topic = sns.Topic.get("theirs", f"arn:aws:sns:us-east-1:{ACCOUNT}:theirs")
        cloudwatch.MetricAlarm("busy", **METRIC, alarm_actions=[topic.arn])

    [advice] = diagnostics(analyzer, program)
    assert advice.enforcementLevel == ADVISORY
    assert "is not part of what can be seen here" in advice.message


def test_the_enforcement_level_is_configured(analyzer: Any):
    configure(analyzer, "someone-listens", ADVISORY)
    found = diagnostics(analyzer, shop(told=False))
    assert [one.enforcementLevel for one in found] == [ADVISORY]


def test_exceptions_are_configured(analyzer: Any):
    configure(analyzer, "someone-listens", exceptRules=["alarm-without-action"])
    assert refusals(diagnostics(analyzer, shop(told=False))) == []


def test_the_schema_of_the_config_knows_every_rule(analyzer: Any):
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty())
    schema = {policy.name: policy.configSchema.properties for policy in info.policies}
    for policy in ("someone-listens", "in-doubt"):
        properties = schema[policy]
        assert list(properties["exceptRules"]["items"]["enum"]) == [rule.id for rule in RULES]
