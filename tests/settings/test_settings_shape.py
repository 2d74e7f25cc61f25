"""A stack file of the wrong shape: what is said of it, and that nothing else is hidden by it."""

import pytest

from alerting.settings import SettingsError

ALARM_KEYS = "metric, math, preset, "


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("receivers", [{"protocol": "email"}], "a map, got [{'protocol': 'email'}]"),
        ("alarms", "cpu", "a map, got 'cpu'"),
        ("alarms/cpu", None, "a map, got nothing"),
        ("alarms/cpu/metric", ["AWS/EC2"], "a map, got ['AWS/EC2']"),
        ("alarms/cpu/threshold", 80, "a map, got 80"),
        ("alarms/cpu/actions", "arn:aws:sns:us-east-1:123456789012:t", "a list, got 'arn:aws:sns"),
        ("alarms/cpu/tellOk", "no", "true or false, got 'no'"),
        ("alarms/cpu/metric/period", "300", "a whole number, got '300'"),
        ("alarms/cpu/metric/dimensions/Port", 443, "text; quote it, got 443"),
        ("alarms/cpu/threshold/above", "80", "a number, got '80'"),
        ("receivers/mail/severities", "notify", "a list, got 'notify'"),
        ("severities/notify", None, "a map, got nothing"),
        ("tags/team", 1, "text; quote it, got 1"),
        ("topicName", {"name": "x"}, "text; quote it, got {'name': 'x'}"),
    ],
)
def test_a_wrong_shape_is_refused_with_what_is_wanted(path, value, said, mistakes):
    (line,) = mistakes({path: value})
    assert line.startswith(f"{path.replace('/', '.')}: must be {said}")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("recievers", "did you mean 'receivers'? known are topicName, tags, severities, "),
        ("alarms/cpu/treshold", f"did you mean 'threshold'? known are {ALARM_KEYS}"),
        ("alarms/cpu/tell_ok", f"did you mean 'tellOk'? known are {ALARM_KEYS}"),
        ("alarms/cpu/metric/perod", "did you mean 'period'? known are namespace, name, statistic"),
        ("receivers/mail/protocoll", "did you mean 'protocol'? known are protocol, endpoint"),
        ("severities/notify/topicarn", "did you mean 'topicArn'? known are encryption, topicArn"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(path, said, mistakes):
    (line,) = mistakes({path: {}})
    assert line.startswith(f"{path.replace('/', '.')}: is not known; {said}")


def test_a_key_like_no_other_is_refused_with_the_known_ones(mistakes):
    assert mistakes({"zzz": 1}) == [
        "zzz: is not known; known are topicName, tags, severities, secondPath, receivers, alarms, "
        "watch, windows, learnUntil, dashboard, budget"
    ]


@pytest.mark.parametrize("path", ["receivers/mail/protocol", "receivers/mail/endpoint"])
def test_a_missing_key_is_required(path, mistakes, gone):
    assert mistakes({path: gone}) == [f"{path.replace('/', '.')}: is required"]


@pytest.mark.parametrize("name", ["str", "bool", "SecretRef", "endpoint"])
def test_a_name_that_is_also_a_word_of_the_reader_stays_in_the_path(name, mistakes):
    receiver = {"protocol": "emial", "endpoint": "oncall@example.com"}
    (line,) = mistakes({f"receivers/{name}": receiver})
    assert line.startswith(f"receivers.{name}.protocol: must be one of email, ")


def test_a_name_with_an_underscore_is_spelled_as_it_was_given(mistakes):
    alarm = {"metric": {"namespace": "N", "name": "M", "period": 45}, "threshold": {"above": 1}}
    (line,) = mistakes({"alarms/dead_letter": alarm})
    assert line.startswith("alarms.dead_letter.metric.period: ")


def test_several_mistakes_are_told_at_once(mistakes):
    found = mistakes(
        {
            "severities/notify": {"encryption": "alias/aws/sns"},
            "receivers": {
                "mail": {"protocol": "emial", "endpoint": "oncall@example.com"},
                "phone": {"protocol": "sms", "endpoint": 15550100},
            },
            "alarms/cpu/colour": "red",
            "alarms/cpu/metric/period": 45,
            "alarms/cpu/datapoints": "4/3",
            "alarms/cpu/name": "x" * 256,
        }
    )
    assert {line.split(": ")[0] for line in found} == {
        "severities.notify.encryption",
        "receivers.mail.protocol",
        "receivers.phone.endpoint",
        "alarms.cpu.colour",
        "alarms.cpu.metric.period",
        "alarms.cpu.datapoints",
        "alarms.cpu.name",
    }


def test_what_follows_from_a_mistake_is_not_told(mistakes):
    """Without its misspelt receiver the severity has none, which is no mistake of its own."""
    found = mistakes({"receivers/mail/protocol": "emial"})
    assert [line.split(":")[0] for line in found] == ["receivers.mail.protocol"]


def test_the_error_counts_its_mistakes_and_gives_each_a_line(parsed):
    with pytest.raises(ValueError, match="the stack's config has 2 mistakes:\n") as refused:
        parsed({"alarms/cpu/metric/period": 45, "alarms/cpu/name": ""})
    assert str(refused.value).splitlines()[1:] == [
        "  alarms.cpu.name: must be 1 to 255 characters, got ''",
        "  alarms.cpu.metric.period: must be 10, 20, 30 or a multiple of 60, got 45",
    ]


def test_a_slip_in_a_list_says_nothing_wrong_of_the_other_items(mistakes):
    exclude = [
        {"form": "2026-11-01", "to": "2026-11-02"},
        {"from": "bad", "to": "2026-11-02"},
        {"from": "2026-11-03", "to": "2026-11-02"},
        {"from": "2026-11-05", "too": "2026-11-06"},
        {"from": "2026-11-07", "to": "2026-11-08"},
    ]
    metric = {"namespace": "Shop", "name": "Orders"}
    found = mistakes({"alarms": {"x": {"metric": metric, "band": {"exclude": exclude}}}})
    at = [line.removeprefix("alarms.x.band.exclude.") for line in found]
    assert [line.split(": ")[0] for line in at] == [
        "0.from",
        "0.form",
        "3.to",
        "3.too",
        "1.from",
        "2.to",
    ]
    assert "0.form: is not known; did you mean 'from'? known are from, to" in at


def test_an_item_after_one_that_is_left_out_keeps_its_number(mistakes, with_changes):
    cpu = with_changes({})["alarms"]["cpu"]
    found = mistakes({"alarms": {"b": cpu, "both": {"all": [5, "b", "zz"]}}})
    assert [line.split(": ")[0] for line in found] == ["alarms.both.all.0", "alarms.both.all.2"]


def test_mistakes_at_every_depth_are_read_to_the_end(parsed):
    """However many rounds it takes, there is a reason for each refusal."""
    alarms = {f"a{n}": {"metric": {"namespace": n, "nam": "M"}, "all": [n, {}]} for n in range(40)}
    with pytest.raises(SettingsError) as refused:
        parsed({"alarms": alarms})
    assert len(refused.value.problems) >= 5 * 40


@pytest.mark.parametrize(
    "path", ["dashboard", "secondPath", "budget", "alarms/cpu/onlyWhen", "alarms/cpu/severity"]
)
def test_what_is_left_empty_is_not_as_if_it_were_not_there(mistakes, path):
    """A second path or a guard would be lost without a word."""
    assert mistakes({path: None}) == [
        f"{path.replace('/', '.')}: is left empty; leave it out, or give it a value "
        "({} for a map of defaults)"
    ]
