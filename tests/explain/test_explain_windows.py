"""What `explain` says of windows and learning."""

from pathlib import Path

from alerting import Alarms
from alerting.explain.data import as_data
from alerting.explain.explanation import explain, explanation_of
from alerting.explain.markdown import as_markdown
from alerting.explain.windows import windows
from alerting.recording import record
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
CPU = {"namespace": "AWS/EC2", "name": "CPUUtilization"}
ORDERS = {"namespace": "Shop", "name": "Orders", "statistic": "Sum"}
DEPLOY = {"from_": "2026-12-01T20:00", "to": "2026-12-01T22:00", "timezone": "Europe/Berlin"}
NIGHTLY = {"cron": "0 2 * * SUN", "lasts": "1h30m", "timezone": "UTC"}


def explained(alarms, **args):
    args = {"topics": {"notify": TOPIC}, "region": "us-east-1", **args, "alarms": alarms}
    return explanation_of(record(lambda: Alarms("alarms", args)))


def high():
    return {"metric": CPU, "threshold": {"above": 80}}


def unusual(**more):
    return {"metric": CPU, "band": {"width": 3}, **more}


def test_nothing_is_said_where_there_is_nothing():
    assert windows(explained({"high": high(), "odd": unusual()})) == []


def test_a_window_that_is_there_once_teaches_no_band():
    said = windows(explained({"high": high(), "odd": unusual()}, windows={"deploy": DEPLOY}))
    assert said == [
        (
            "deploy",
            "once, 2026-12-01 20:00 (Europe/Berlin) for 2h: all 2 alarms tell nobody; no band "
            "learns from it",
        )
    ]


def test_a_recurring_window_is_muted_only_and_says_so():
    window = {**NIGHTLY, "alarms": ["odd"]}
    said = windows(explained({"high": high(), "odd": unusual()}, windows={"nightly": window}))
    assert said == [
        (
            "nightly",
            "at 0 2 * * SUN (UTC) for 1h30m: odd tells nobody; muted only, bands learn from it",
        )
    ]


def test_without_a_band_nothing_is_said_of_learning():
    said = windows(explained({"high": high()}, windows={"nightly": NIGHTLY}))
    assert said == [("nightly", "at 0 2 * * SUN (UTC) for 1h30m: high tells nobody")]


def test_the_band_of_a_guarded_alarm_is_a_band():
    guarded = unusual(only_when={"metric": ORDERS, "at_least": 100})
    ((_, said),) = windows(explained({"odd": guarded}, windows={"nightly": NIGHTLY}))
    assert (
        said == "at 0 2 * * SUN (UTC) for 1h30m: odd tells nobody; muted only, bands learn from it"
    )


def test_learning_says_until_when():
    alarms = {"a": unusual(), "b": unusual(learn_until="2027-01-15")}
    assert windows(explained(alarms, learn_until="2026-12-15")) == [
        ("learning", "a tells nobody until 2026-12-15 (UTC), while the band is learned"),
        ("learning", "b tells nobody until 2027-01-15 (UTC), while the band is learned"),
    ]


def test_a_window_over_many_alarms_is_one_line():
    alarms = {f"a{n}": high() for n in range(120)}
    said = windows(explained(alarms, windows={"deploy": DEPLOY}))
    assert said == [
        ("deploy", "once, 2026-12-01 20:00 (Europe/Berlin) for 2h: all 120 alarms tell nobody")
    ]


def test_every_form_has_them():
    explanation = explained({"high": high()}, windows={"nightly": NIGHTLY})
    assert as_data(explanation)["windows"] == [
        {
            "name": "nightly",
            "kind": "recurring",
            "schedule": "at 0 2 * * SUN (UTC) for 1h30m",
            "alarms": ["high"],
            "what": "at 0 2 * * SUN (UTC) for 1h30m: high tells nobody",
        }
    ]
    assert "- `nightly`: at 0 2" in as_markdown(explanation)


def test_the_json_form_tells_the_kinds_of_windows_apart():
    alarms = {"odd": unusual(learn_until="2026-12-15")}
    data = as_data(explained(alarms, windows={"deploy": DEPLOY, "nightly": NIGHTLY}))
    assert [(one["name"], one["kind"]) for one in data["windows"]] == [
        ("deploy", "once"),
        ("nightly", "recurring"),
        ("learning", "learning"),
    ]
    assert data["windows"][-1]["schedule"] == "2026-12-15"


def test_a_window_over_all_that_is_declared_covers_all():
    """What watches over the topics is never muted, and is not counted."""
    prod = explain(read_stack("prod", ROOT))
    (said,) = (what for name, what in windows(prod) if name == "release")
    assert said.endswith("for 2h: all 9 alarms tell nobody; no band learns from it")
