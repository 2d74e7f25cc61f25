"""Every preset fires on a bad series, is quiet on a good one, and does what it says of gaps."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pytest

from alerting.account import Account
from alerting.catalog import Limit
from alerting.replay import Series, replay, watched
from tests.catalog.every_preset import NAMES, PRESETS, alarms

MONDAY = 1_704_067_200
LOWER, UPPER = 40.0, 60.0
"""The band that every series is given."""
INSIDE, OVER, UNDER = 50.0, 100.0, 10.0


@dataclass(frozen=True)
class Inputs:
    """What the metrics of an expression are a period, when all is well and when it is not."""

    good: dict[str, float]
    bad: dict[str, float]
    running: bool = False
    """Whether the metric is the running total of these."""


def share(part, whole):
    return Inputs({part: 0.0, whole: 1000.0}, {part: 1000.0, whole: 1000.0})


EXPRESSIONS = {
    "IF(requests >= {gate}, 100 * errors / requests, 0)": share("errors", "requests"),
    "IF(calls >= {gate}, 100 * errors / calls, 0)": share("errors", "calls"),
    "IF(calls >= {gate}, 100 * errors, 0)": Inputs(
        {"errors": 0.04, "calls": 1000}, {"errors": 0.06, "calls": 1000}
    ),
    "IF(requests >= {gate}, 100 * errors, 0)": Inputs(
        {"errors": 0.04, "requests": 1000}, {"errors": 0.06, "requests": 1000}
    ),
    "IF(requests >= {gate}, errors, 0)": Inputs(
        {"errors": 4, "requests": 1000}, {"errors": 100, "requests": 1000}
    ),
    "IF(total >= {gate}, 100 * failed / total, 0)": share("failed", "total"),
    "IF(total >= {gate}, 100 * throttled / total, 0)": share("throttled", "total"),
    "IF(active >= {gate}, 100 * blocked / active, 0)": share("blocked", "active"),
    "desired - in_service": Inputs(
        {"desired": 3, "in_service": 3}, {"desired": 3, "in_service": 2}
    ),
    "desired - running": Inputs({"desired": 3, "running": 3}, {"desired": 3, "running": 2}),
    "user + system": Inputs({"user": 40, "system": 20}, {"user": 40, "system": 21}),
    "100 * incoming / PERIOD(incoming) / limit": Inputs(
        {"incoming": 300 * 80, "limit": 100}, {"incoming": 300 * 81, "limit": 100}
    ),
    "100 * consumed / PERIOD(consumed) / provisioned": Inputs(
        {"consumed": 300 * 80, "provisioned": 100}, {"consumed": 300 * 81, "provisioned": 100}
    ),
    "100 * dropped / (out_destination + out_source + in_destination + in_source)": Inputs(
        dict.fromkeys(("out_destination", "out_source", "in_destination", "in_source"), 2500.0)
        | {"dropped": 1.0},
        dict.fromkeys(("out_destination", "out_source", "in_destination", "in_source"), 2500.0)
        | {"dropped": 2.0},
    ),
    "DIFF(restarts)": Inputs({"restarts": 0}, {"restarts": 1}, running=True),
    "IF(DIFF(charges) > 0, DIFF(charges), 0)": Inputs(
        {"charges": INSIDE}, {"charges": OVER}, running=True
    ),
}


def inputs_of(preset):
    if preset.expression is not None:
        return EXPRESSIONS[preset.expression]
    if preset.limits[0] is Limit.BAND:
        bad = UNDER if preset.side == "below" else OVER
        return Inputs({"observed": INSIDE}, {"observed": bad})
    limit = alarms()[preset.name].data["Threshold"]
    good, bad = {
        "above": (limit, limit + (abs(limit) / 2 or 1)),
        "atLeast": (limit / 2, limit),
        "below": (limit, limit / 2),
        "atMost": (limit + 1, limit),
    }[preset.side]
    return Inputs({"observed": good}, {"observed": bad})


def bands(_alarm, series, _width):
    return np.full(series.stamps.size, LOWER), np.full(series.stamps.size, UPPER)


def states(preset, story, *, gap=0):
    """The states an alarm goes through while its inputs follow a story of g(ood) and b(ad)."""
    alarm, inputs = alarms()[preset.name], inputs_of(preset)
    what, period = watched(alarm.data), preset.period
    stamps = [MONDAY + at * period for at in range(len(story))]
    data = {}
    for name, key in what.metrics.items():
        given = "observed" if preset.expression is None else name
        values = [(inputs.good if letter == "g" else inputs.bad)[given] for letter in story]
        values = list(accumulate(values)) if inputs.running else values
        end = MONDAY + (len(story) + gap) * period
        data[key] = Series.of(stamps, values, spacing=period, end=end)
    made = replay(Account("123456789012", "us-east-1", (alarm,)), data, bands=bands)
    assert made.skipped == ()
    return [change.new for change in made.changes]


def settled(states):
    """Without what comes before the first OK: where fewer breaches than periods will do and a gap
    is a breach, the empty time before the first datapoint is one."""
    return states[states.index("OK") :]


def periods(preset):
    return int(preset.datapoints.partition("/")[2])


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_it_fires_when_things_are_bad_and_recovers(preset):
    n = periods(preset)
    story = "g" * (n + 3) + "b" * (n + 3) + "g" * (n + 3)
    assert settled(states(preset, story)) == ["OK", "ALARM", "OK"]


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_it_is_quiet_when_things_are_good(preset):
    assert settled(states(preset, "g" * (3 * periods(preset) + 9))) == ["OK"]


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_it_does_what_it_says_of_missing_data(preset):
    n = periods(preset)
    after = {"missing": ["INSUFFICIENT_DATA"], "breaching": ["ALARM"], "notBreaching": []}
    made = states(preset, "g" * (n + 3), gap=n + 6)
    assert settled(made) == ["OK", *after[preset.missing]]


def test_no_expression_is_left_out():
    assert {preset.expression for preset in PRESETS} - {None} == EXPRESSIONS.keys()


def test_a_share_of_too_little_traffic_does_not_fire():
    preset = next(preset for preset in PRESETS if preset.name == "alb.target-5xx")
    alarm = alarms()[preset.name]
    keys = watched(alarm.data).metrics
    stamps = [MONDAY + at * 60 for at in range(30)]
    few = {"errors": 40.0, "requests": 40.0}
    data = {keys[name]: Series.of(stamps, [value] * 30) for name, value in few.items()}
    made = replay(Account("123456789012", "us-east-1", (alarm,)), data)
    assert [change.new for change in made.changes] == ["OK"]
