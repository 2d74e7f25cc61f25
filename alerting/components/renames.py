"""The keys alarms and receivers went by before, so that a rename is no removal.

To the engine another name is another resource: it makes the new one and then removes the old one.
Where both are one thing to AWS, the removal takes away what the new name stands for: an alarm that
keeps its `name`, because PutMetricAlarm overwrites (CloudWatch API reference), or the subscriptions
of a receiver that keeps its endpoint, because Subscribe gives back the one there is (SNS API
reference). An alias tells the engine that the new name is the old resource.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import pulumi

from alerting.problems import Problem, must


def aliases(former_names: Iterable[str]) -> list[pulumi.Alias] | None:
    """The resource option by which one of these names is kept; None where there has been none."""
    return [pulumi.Alias(name=name) for name in former_names] or None


def rename_problems(specs: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """What cannot have been a rename: of what is still there, or of one to two.

    `specs` are the alarms or the receivers by key; the paths begin with a key.
    """
    claimed: dict[str, str] = {}
    for key, spec in specs.items():
        formerly = spec.get("formerly", ())
        if not _are_keys(formerly):
            yield must("formerly", "a list of former keys", formerly).under(key)
            continue
        for former in formerly:
            if former == key:
                yield Problem((key, "formerly"), f"is {former!r}, as it is still called")
            elif former in specs:
                yield Problem((key, "formerly"), f"is {former!r}, and there still is one")
            elif former in claimed:
                both = f"is {former!r}, and so is that of {claimed[former]!r}"
                yield Problem((key, "formerly"), f"{both}: one cannot have become two")
            claimed.setdefault(former, key)


def _are_keys(value: object) -> bool:
    """A text is a sequence of texts too, and would be read as one key a letter."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    return all(isinstance(each, str) and each for each in cast("Sequence[object]", value))
