"""Windows, learning and detectors in a stack file."""

import pytest

DEPLOY = {"from": "2026-12-01T20:00", "to": "2026-12-01T22:00", "timezone": "Europe/Berlin"}
NIGHTLY = {"cron": "0 2 * * *", "lasts": "2h", "timezone": "UTC"}
METRIC = {"namespace": "AWS/EC2", "name": "CPUUtilization"}


def without(window, *keys):
    return {key: value for key, value in window.items() if key not in keys}


def test_windows_reach_the_alarms_as_they_are_said(parsed):
    args = parsed({"windows/deploy": DEPLOY, "windows/nightly": {**NIGHTLY, "alarms": ["cpu"]}})
    assert args.alarms_args({})["windows"] == {
        "deploy": {**without(DEPLOY, "from"), "from_": "2026-12-01T20:00"},
        "nightly": {**NIGHTLY, "alarms": ["cpu"]},
    }


def test_the_name_of_a_set_stands_for_its_alarms(parsed):
    window = {**NIGHTLY, "alarms": ["mail", "cpu"]}
    made = parsed(
        {
            "watch/mail": {"kind": "sqs", "id": "mail", "alarms": {"age": {"of": 60}}},
            "windows/nightly": window,
        }
    )
    keys = made.alarms_args({})["windows"]["nightly"]["alarms"]
    assert keys[-1] == "cpu"
    assert len(keys) > 2
    assert all(key.startswith("mail-") for key in keys[:-1])


def test_a_window_over_a_set_that_finds_nothing_is_none(parsed):
    window = {**NIGHTLY, "alarms": ["queues"]}
    queues = {"kind": "sqs", "tags": {"team": "shop"}, "alarms": {"age": {"of": 60}}}
    made = parsed({"watch/queues": queues, "windows/nightly": window})
    assert "windows" not in made.alarms_args({})


def test_a_stack_that_says_nothing_has_none(parsed):
    args = parsed().alarms_args({})
    assert "windows" not in args
    assert "learn_until" not in args


def test_a_band_may_say_how_it_is_learned(parsed):
    band = {
        "exclude": [{"from": "2026-12-01", "to": "2026-12-02"}],
        "timezone": "UTC",
        "spiky": True,
    }
    alarm = {"metric": METRIC, "band": band, "learnUntil": "2026-12-15"}
    args = parsed({"alarms/odd": alarm, "learnUntil": "2026-12-20"}).alarms_args({})
    assert args["alarms"]["odd"]["band"]["exclude"] == [{"from_": "2026-12-01", "to": "2026-12-02"}]
    assert args["alarms"]["odd"]["learn_until"] == "2026-12-15"
    assert args["learn_until"] == "2026-12-20"


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (
            without(DEPLOY, "timezone"),
            "windows.deploy.timezone: is required: an IANA time zone such as Europe/Berlin, or UTC",
        ),
        (
            {**DEPLOY, "to": "2026-12-16T20:01"},
            "windows.deploy.to: must be at most 15 days after 2026-12-01T20:00, "
            "got '2026-12-16T20:01'",
        ),
        (
            {**DEPLOY, "from": "2026-12-01T20:00:00"},
            'windows.deploy.from: must be a local time such as "2026-12-01T20:00", without '
            "seconds, got '2026-12-01T20:00:00'",
        ),
        (
            {**DEPLOY, "to": "2026-12-01T19:00"},
            "windows.deploy.to: must be after 2026-12-01T20:00, got '2026-12-01T19:00'",
        ),
        (
            {"timezone": "UTC"},
            "windows.deploy: needs either from and to, or cron and lasts, got neither",
        ),
        (without(DEPLOY, "to"), "windows.deploy.to: is required"),
        (
            {**DEPLOY, "alarms": ["cup"]},
            "windows.deploy.alarms.0: there is no alarm 'cup'; did you mean 'cpu'?",
        ),
        (
            {**DEPLOY, "form": "x"},
            "windows.deploy.form: is not known; did you mean 'from'? known are timezone, from, to, "
            "cron, lasts, alarms",
        ),
        ({**DEPLOY, "to": 20261201}, "windows.deploy.to: must be text; quote it, got 20261201"),
    ],
)
def test_what_is_no_window_is_refused_with_its_path(window, said, mistakes):
    assert mistakes({"windows/deploy": window}) == [said]


def test_a_date_that_is_not_quoted_is_refused_with_what_to_do(mistakes):
    """So does the engine hand over `learnUntil: 2026-12-15`."""
    alarm = {"metric": METRIC, "band": {}, "learnUntil": "2026-12-15 00:00:00 +0000 UTC"}
    (said,) = mistakes({"alarms/odd": alarm})
    assert said.startswith(
        'alarms.odd.learnUntil: must be a date such as "2026-12-15", in quotes (unquoted, YAML'
    )


def test_learning_is_for_bands(mistakes):
    assert mistakes({"alarms/cpu/learnUntil": "2026-12-15"}) == [
        "alarms.cpu.learnUntil: is for alarms on a band: a threshold has nothing to learn"
    ]


def test_an_eleventh_excluded_range_is_refused(mistakes):
    ranges = [{"from": f"2026-11-{d:02}", "to": f"2026-11-{d + 1:02}"} for d in range(1, 12)]
    alarm = {"metric": METRIC, "band": {"exclude": ranges}}
    assert mistakes({"alarms/odd": alarm}) == [
        "alarms.odd.band.exclude: must be at most 10 time ranges for one metric and statistic, "
        "got 11"
    ]


def test_a_window_that_would_be_an_eleventh_is_refused(mistakes):
    ranges = [{"from": f"2026-11-{d:02}", "to": f"2026-11-{d + 1:02}"} for d in range(1, 11)]
    alarm = {"metric": METRIC, "band": {"exclude": ranges}}
    (said,) = mistakes({"alarms/odd": alarm, "windows/deploy": DEPLOY})
    assert said.startswith("windows.deploy: is one time range more than the 10 that the detector")


def test_a_range_of_a_band_is_refused_with_its_path(mistakes):
    alarm = {"metric": METRIC, "band": {"exclude": [{"from": "2026-12-02", "to": "2026-12-01"}]}}
    assert mistakes({"alarms/odd": alarm}) == [
        "alarms.odd.band.exclude.0.to: must be after 2026-12-02, got '2026-12-01'"
    ]
    alarm = {"metric": METRIC, "band": {"exclude": [{"to": "2026-12-01"}]}}
    assert mistakes({"alarms/odd": alarm}) == ["alarms.odd.band.exclude.0.from: is required"]


def test_alarms_that_want_one_band_learned_in_two_ways_are_refused(mistakes):
    alarms = {
        f"alarms/{name}": {"metric": METRIC, "band": {"timezone": zone}}
        for name, zone in (("one", "UTC"), ("two", "Asia/Tokyo"))
    }
    assert mistakes(alarms) == [
        "alarms.two.band.timezone: is another than that of one: CloudWatch learns one band for both"
    ]
