"""No secret in clear: not in the state, not in what the CLI says or logs, not in what it leaves."""

import base64
import json
from pathlib import Path

import pytest

from tests.engine.account import Account
from tests.engine.faults import Refuse
from tests.engine.project import Project

pytestmark = pytest.mark.engine

PHONE = "+15550142"
URL = "https://pager.example.com/alarms?key=8fb1c2d3e4a5"
SECRETS = (PHONE, URL, "8fb1c2d3e4a5")


def found_in(text: str) -> list[str]:
    """The secrets that a text gives away, as they stand or as JSON, a URL or base64 has them."""
    forms = {
        secret: {
            secret,
            json.dumps(secret)[1:-1],
            secret.replace("&", "\\u0026"),
            base64.b64encode(secret.encode()).decode().rstrip("="),
        }
        for secret in SECRETS
    }
    return [secret for secret, spelled in forms.items() if any(form in text for form in spelled)]


def found_below(folder: Path) -> dict[str, list[str]]:
    """The files that give a secret away."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    told = {str(file): found_in(file.read_bytes().decode(errors="replace")) for file in files}
    return {file: secrets for file, secrets in told.items() if secrets}


@pytest.fixture
def secretive(project: Project) -> Project:
    """The production stack with secrets that can be looked for."""
    project.init("prod")
    for key, secret in (("oncallPhone", PHONE), ("pagerUrl", URL)):
        project.run("config", "set", "--secret", "--stack", "prod", key, "--", secret)
    return project


def test_a_deployment_gives_no_secret_away(secretive: Project, account: Account) -> None:
    for command in (
        ("preview", "--diff"),
        ("preview", "--json"),
        ("up", "--yes", "--diff", "--event-log", str(secretive.folder / "events.jsonl")),
        ("stack", "output", "--json"),
        ("stack", "export"),
        ("stack", "history"),
        ("config",),
        ("refresh", "--yes", "--diff"),
        ("up", "--yes", "--skip-preview", "--json"),
    ):
        output = secretive.run(*command, "--stack", "prod").output
        assert found_in(output) == [], command
    sent = [entry.call.params.get("Endpoint") for entry in account.journal]
    assert PHONE in sent, "AWS was told, so there was something to give away"
    assert URL in sent
    assert found_below(secretive.folder) == {}


def test_a_log_gives_no_secret_away(secretive: Project) -> None:
    """Not at level 7; at 9 the engine writes down every value, as docs/recovery.md warns."""
    flags = ("--logtostderr", "--verbose", "7", "--logflow")
    output = secretive.run("up", "--stack", "prod", "--yes", "--skip-preview", *flags).output
    assert "receivers-pager-page" in output, "it did log"
    assert len(output) > 100_000, "it did log"
    assert found_in(output) == []


def test_an_error_of_aws_that_repeats_a_secret_is_masked(
    secretive: Project, account: Account
) -> None:
    message = f"Invalid parameter: Endpoint {URL} did not answer"
    account.faults = [Refuse("subscribe", "InvalidParameter", message, of="receivers-pager-page")]
    events = secretive.folder / "events.jsonl"
    ended = secretive.run("up", "--stack", "prod", "--yes", "--event-log", str(events), check=False)
    assert "InvalidParameter" in ended.output
    assert found_in(ended.output) == []
    assert found_below(secretive.folder) == {}


def test_a_wrong_secret_is_refused_without_repeating_it(secretive: Project) -> None:
    """A phone number of nobody: SNS's rule is applied to the value, and only told by name."""
    wrong = "not-a-number-8fb1c2d3e4a5"
    secretive.run("config", "set", "--secret", "--stack", "prod", "oncallPhone", "--", wrong)
    ended = secretive.run("preview", "--stack", "prod", check=False)
    assert found_in(ended.output) == []


def test_the_explanation_gives_no_secret_away(secretive: Project) -> None:
    told = secretive.tool("explain", "--stack", "prod", "--json", "-")
    assert "oncall-phone" in told
    assert found_in(told) == []


def test_a_secret_in_clear_would_be_found(secretive: Project) -> None:
    assert found_in(json.dumps({"endpoint": URL})) == [URL, "8fb1c2d3e4a5"]
    (secretive.folder / "leak.log").write_bytes(base64.b64encode(PHONE.encode()))
    assert found_below(secretive.folder) == {str(secretive.folder / "leak.log"): [PHONE]}
