"""What a stack gets without saying so, and how what it says arrives at the components."""

import pytest

from alerting.settings import Settings

PLACE = {"account_id": "123456789012", "region": "us-east-1"}


def test_an_empty_config_lacks_only_receivers_and_alarms():
    with pytest.raises(ValueError, match="receivers: there are none") as refused:
        Settings.parse({}, stack="dev", place=PLACE)
    assert [problem.path for problem in refused.value.problems] == [("alarms",), ("receivers",)]


def test_the_topic_is_called_after_the_stack(parsed, gone):
    settings = parsed({"topicName": gone}, stack="blue")
    assert settings.topic_args("notify")["topic_name"] == "blue-alerts"


def test_further_severities_topics_are_called_after_them(parsed):
    settings = parsed({"severities": {"notify": {}, "page": {}}})
    assert settings.topic_args("notify")["topic_name"] == "alerts"
    assert settings.topic_args("page")["topic_name"] == "alerts-page"


def test_the_stacks_name_stands_in_a_topics_name(parsed):
    settings = parsed({"topicName": "x-{stack}-y"}, stack="blue")
    assert settings.topic_args("notify")["topic_name"] == "x-blue-y"


def test_there_is_one_severity_called_notify(parsed):
    assert list(parsed().severities) == ["notify"]


def test_an_alarm_has_the_documented_defaults(parsed):
    alarm = parsed().config.alarms["cpu"]
    assert alarm.metric is not None
    assert (alarm.metric.statistic, alarm.metric.period) == ("Average", 300)
    assert alarm.metric.dimensions == {}
    assert (alarm.missing, alarm.tell_ok, alarm.tell_insufficient_data) == ("missing", True, False)


def test_a_band_has_the_documented_defaults(parsed, gone):
    alarm = parsed({"alarms/cpu/threshold": gone, "alarms/cpu/band": {}}).config.alarms["cpu"]
    assert alarm.band is not None
    assert (alarm.band.width, alarm.band.side) == (3, "outside")


def test_only_what_the_stack_says_is_handed_on(parsed):
    args = parsed().alarms_args({"notify": "arn:aws:sns:us-east-1:123456789012:alerts"})
    assert args["alarms"] == {
        "cpu": {
            "metric": {"namespace": "AWS/EC2", "name": "CPUUtilization"},
            "threshold": {"above": 80.0},
        }
    }


def test_keys_are_handed_on_in_the_spelling_of_the_components(parsed):
    changes = {"alarms/cpu/tellOk": False, "alarms/cpu/tellInsufficientData": True}
    alarm = parsed(changes).alarms_args({"notify": ""})["alarms"]["cpu"]
    assert (alarm["tell_ok"], alarm["tell_insufficient_data"]) == (False, True)


@pytest.mark.parametrize(
    ("said", "handed_on"),
    [
        (True, "own"),
        (False, "none"),
        ("arn:aws:sqs:us-east-1:123456789012:d", "arn:aws:sqs:us-east-1:123456789012:d"),
    ],
)
def test_the_switch_for_dead_letters_is_handed_on_as_a_word(said, handed_on, parsed):
    hook = {"protocol": "https", "endpoint": "https://example.com", "deadLetter": said}
    args = parsed({"receivers/hook": hook}).receivers_args({"notify": ""}, {})
    assert args["receivers"]["hook"]["dead_letter"] == handed_on


def test_a_secret_is_put_where_the_receiver_names_it(parsed):
    phone = {"protocol": "sms", "endpoint": {"secret": "oncallPhone"}}
    settings = parsed({"receivers/phone": phone}, secrets={"oncallPhone"})
    args = settings.receivers_args({"notify": ""}, {"oncallPhone": "the secret"})
    assert args["receivers"]["phone"]["endpoint"] == "the secret"


def test_settings_cannot_be_changed(parsed):
    with pytest.raises(ValueError, match="frozen"):
        parsed().config.topic_name = "other"


def test_text_that_yaml_1_1_took_for_a_switch_is_text(parsed):
    changes = {"alarms/cpu/metric/dimensions": {"Country": "no"}, "tags": {"state": "on"}}
    config = parsed(changes).config
    assert config.tags == {"state": "on"}
    assert config.alarms["cpu"].metric is not None
    assert config.alarms["cpu"].metric.dimensions == {"Country": "no"}
