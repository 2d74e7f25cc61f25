"""`python -m alerting presets`."""

from pathlib import Path

from typer.testing import CliRunner

from alerting.cli import app
from alerting.output import BadInput

RUNNER = CliRunner()


def run(*arguments: str):
    return RUNNER.invoke(app, ["presets", *arguments])


def test_all_services_are_listed_with_their_presets():
    result = run()
    assert result.exit_code == 0
    assert "stepfunctions" in result.stdout
    assert "free-storage" in result.stdout


def test_one_service_is_explained():
    result = run("vpn")
    assert result.exit_code == 0
    assert "vpn.tunnel-down (to begin with)" in result.stdout
    assert "TunnelState (Minimum) is below 1, 3/3 of 5 minutes" in result.stdout
    assert "bytes are no proof of life" in result.stdout


def test_a_service_says_whether_its_resources_are_found_by_tag():
    assert "Found by tag." in run("rds").stdout
    assert "Not found by tag: give dimensions with BucketName" in run("s3").stdout


def test_figures_of_our_own_are_marked():
    assert "3/3‡ of 5 minutes‡" in run("vpn").stdout


def test_the_page_of_one_service_goes_to_a_file(tmp_path: Path):
    page = tmp_path / "vpn.md"
    assert run("vpn", "--markdown", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "## Site-to-Site VPN" in text
    assert "## Amazon RDS" not in text


def test_an_unknown_service_is_bad_input():
    result = run("rdz")
    assert isinstance(result.exception, BadInput)
    assert "did you mean 'rds'?" in str(result.exception)


def test_a_page_that_cannot_be_written_is_bad_input(tmp_path: Path):
    result = run("vpn", "--markdown", str(tmp_path / "none" / "page.md"))
    assert isinstance(result.exception, BadInput)


def test_an_unknown_option_is_refused():
    assert run("--json").exit_code == 2
