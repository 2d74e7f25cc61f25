"""Secrets: named in the stack file, kept elsewhere, and in no error."""

import pytest

SMS = {"protocol": "sms", "endpoint": {"secret": "oncallPhone"}}
PATH = "receivers.phone.endpoint.secret"


def test_a_secret_key_that_is_not_set_is_refused(mistakes):
    assert mistakes({"receivers/phone": SMS}) == [
        f"{PATH}: the config key 'oncallPhone' is not set; set it with "
        "`pulumi config set --secret oncallPhone`"
    ]


def test_a_secret_key_that_is_not_secret_is_refused(mistakes):
    assert mistakes({"receivers/phone": SMS, "oncallPhone": "+15550100"}) == [
        f"{PATH}: the config key 'oncallPhone' is not secret; set it with "
        "`pulumi config set --secret oncallPhone`"
    ]


def test_the_value_of_a_key_that_should_be_secret_is_in_no_error(mistakes):
    lines = mistakes({"receivers/phone": SMS, "oncallPhone": "+15550199"})
    assert "+15550199" not in "\n".join(lines)


def test_a_secret_key_that_is_a_section_is_refused(mistakes):
    changes = {"receivers/phone": {"protocol": "sms", "endpoint": {"secret": "alarms"}}}
    assert mistakes(changes) == [
        f"{PATH}: 'alarms' is a section; the secret needs a key of its own"
    ]


def test_a_secret_without_the_name_of_a_key_is_refused(mistakes):
    changes = {"receivers/phone": {"protocol": "sms", "endpoint": {"secret": ""}}}
    assert mistakes(changes) == [f"{PATH}: must be the name of a config key, got ''"]


@pytest.mark.parametrize("key", ["secrt", "secure"])
def test_an_endpoint_that_is_another_map_is_refused(key, mistakes):
    changes = {"receivers/phone": {"protocol": "sms", "endpoint": {key: "oncallPhone"}}}
    assert mistakes(changes) == [
        f"{PATH}: is required",
        f"receivers.phone.endpoint.{key}: is not known; did you mean 'secret'? known are secret",
    ]


def test_a_section_that_is_secret_as_a_whole_is_refused(mistakes, gone):
    assert mistakes({"receivers": gone}, secrets={"receivers"}) == [
        "receivers: cannot be secret as a whole; give the endpoint as {secret: KEY} instead"
    ]


def test_a_secret_key_need_not_be_declared(parsed):
    settings = parsed({"receivers/phone": SMS}, secrets={"oncallPhone", "another"})
    assert settings.secret_names == ["oncallPhone"]


def test_receivers_of_different_severities_may_share_a_secret(parsed):
    changes = {
        "severities": {"notify": {}, "page": {}},
        "receivers/phone": {**SMS, "severities": ["notify"]},
        "receivers/spare": {**SMS, "severities": ["page"]},
    }
    settings = parsed(changes, secrets={"oncallPhone"})
    assert settings.secret_names == ["oncallPhone"]


def test_receivers_of_one_severity_cannot_share_a_secret(mistakes):
    changes = {"receivers/phone": SMS, "receivers/spare": SMS}
    (line,) = mistakes(changes, secrets={"oncallPhone"})
    assert line.startswith("receivers.spare.endpoint: is that of 'phone' too")
