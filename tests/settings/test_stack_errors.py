"""What a person reads when a stack's program fails."""

import pytest

from alerting.output import BadInput
from alerting.problems import Problem
from alerting.settings import SettingsError
from alerting.stack_errors import stack_errors


def test_a_failing_program_is_told_with_its_own_error():
    with pytest.raises(BadInput, match="the program fails: KeyError: 'nope'"), stack_errors("dev"):
        raise KeyError("nope")


def test_mistakes_that_the_engine_wraps_are_told_with_file_and_line():
    wrapped = RuntimeError("registration failed")
    wrapped.__cause__ = SettingsError([Problem(("alarms",), "there are none")])
    with (
        pytest.raises(BadInput, match=r"Pulumi\.dev\.yaml:\d+: alarms: there"),
        stack_errors("dev"),
    ):
        raise wrapped


def test_errors_that_caused_each_other_are_told_and_not_followed_for_ever():
    first, second = RuntimeError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    with pytest.raises(BadInput, match="RuntimeError: first"), stack_errors("dev"):
        raise first
