"""The example in docs/backtest.md is what the command prints."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from alerting import cli

PROJECT = Path(__file__).parents[2]
DOCUMENT = PROJECT / "docs/backtest.md"


def test_the_documented_output_is_what_is_printed(monkeypatch, capsys):
    text = DOCUMENT.read_text()
    command, shown = re.search(r"<!-- output: (.*?) -->\n```\n(.*?)```\n", text, re.DOTALL).groups()
    monkeypatch.chdir(PROJECT)
    monkeypatch.setattr(sys, "argv", shlex.split(command)[2:])
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().out == shown, f"run {command} and paste what it prints"
