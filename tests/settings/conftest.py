"""A config that is accepted, and how to read what is wrong with another."""

import copy
from collections.abc import Callable, Collection, Mapping
from typing import Any

import pytest

from alerting.components.alert_topic import Place
from alerting.settings import Settings, SettingsError

PLACE: Place = {"account_id": "123456789012", "region": "us-east-1"}
SOUND: Mapping[str, Any] = {
    "topicName": "alerts",
    "receivers": {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}},
    "alarms": {
        "cpu": {
            "metric": {"namespace": "AWS/EC2", "name": "CPUUtilization"},
            "threshold": {"above": 80},
        }
    },
}
GONE = object()


@pytest.fixture
def gone() -> object:
    """The value that takes a key away."""
    return GONE


@pytest.fixture
def with_changes() -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Makes a config from the sound one and values by path, `alarms/cpu/metric/period`."""

    def make(changes: Mapping[str, Any]) -> dict[str, Any]:
        config = copy.deepcopy(dict(SOUND))
        for path, value in changes.items():
            *parents, last = path.split("/")
            node = config
            for parent in parents:
                node = node.setdefault(parent, {})
            if value is GONE:
                del node[last]
            else:
                node[last] = value
        return config

    return make


@pytest.fixture
def parsed(with_changes: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Callable[..., Settings]:
    """Reads the sound config with changes."""

    def parse(
        changes: Mapping[str, Any] | None = None,
        secrets: Collection[str] = (),
        stack: str = "dev",
    ) -> Settings:
        return Settings.parse(
            with_changes(changes or {}), stack=stack, place=PLACE, secrets=secrets
        )

    return parse


@pytest.fixture
def mistakes(parsed: Callable[..., Settings]) -> Callable[..., list[str]]:
    """What is wrong with the sound config after changes, a line each."""

    def find(changes: Mapping[str, Any], secrets: Collection[str] = (), stack: str = "dev"):
        with pytest.raises(SettingsError) as refused:
            parsed(changes, secrets, stack)
        return [str(problem) for problem in refused.value.problems]

    return find
