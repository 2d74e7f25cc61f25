"""Several accounts and Regions: what a stack may say of other ones."""

from typing import Any

import pytest

from alerting.settings import Settings, SettingsError
from tests.settings.conftest import PLACE, SOUND

THEIRS = "arn:aws:sns:{}:111122223333:theirs"
FRONT = {"namespace": "AWS/CloudFront", "name": "Requests", "statistic": "Sum"}


def parsed(region: str = "us-east-1", **more: Any) -> Settings:
    place: Any = {**PLACE, "region": region}
    return Settings.parse({**SOUND, **more}, stack="dev", place=place)


def mistakes(region: str = "us-east-1", **more: Any) -> list[str]:
    with pytest.raises(SettingsError) as error:
        parsed(region, **more)
    return [str(problem) for problem in error.value.problems]


def watching(**metric: Any) -> dict[str, Any]:
    return {"odd": {"metric": metric, "threshold": {"above": 1}}}


def test_other_accounts_may_be_let_in():
    args = parsed(severities={"notify": {"accounts": ["111122223333"]}}).topic_args("notify")
    assert args.get("accounts") == ["111122223333"]


def test_an_account_that_yaml_reads_as_a_number_is_to_be_quoted():
    assert mistakes(severities={"notify": {"accounts": [111122223333]}}) == [
        "severities.notify.accounts.0: must be text; quote it, got 111122223333"
    ]


def test_what_is_wrong_with_an_account_is_told_at_its_severity():
    [said] = mistakes(severities={"notify": {"accounts": ["123"]}})
    assert said.startswith("severities.notify.accounts.0: must be an account id of twelve digits")


def test_a_topic_of_another_account_is_taken_in_the_same_region_only():
    here = {"notify": {"topicArn": THEIRS.format("us-east-1")}}
    assert parsed(severities=here).topic_args("notify").get("topic_arn")
    [said] = mistakes("eu-west-1", severities=here)
    assert said.startswith("severities.notify.topicArn: must be in eu-west-1: an alarm's topic is")


def test_a_metric_of_another_region_needs_a_stack_there():
    assert mistakes(alarms=watching(namespace="N", name="M", region="eu-west-1")) == [
        "alarms.odd.metric.region: cannot be given; an alarm watches metrics of its own Region: "
        "make a stack of its own there"
    ]


def test_metrics_that_only_one_region_has_are_refused_in_others():
    assert parsed(alarms=watching(**FRONT))
    assert mistakes("eu-west-1", alarms=watching(**FRONT)) == [
        "alarms.odd.metric.namespace: AWS/CloudFront has its metrics in us-east-1, and an alarm "
        "watches its own Region's: make a stack of its own there"
    ]


def test_such_metrics_inside_an_expression_too():
    front = {key: value for key, value in FRONT.items() if key != "period"}
    math = {"expression": "a / 2", "using": {"a": front}}
    [said] = mistakes("eu-west-1", alarms={"odd": {"math": math, "threshold": {"above": 1}}})
    assert said.startswith("alarms.odd.math.using.a.namespace: AWS/CloudFront has its metrics in")


def test_other_partitions_have_their_own():
    place: Any = {**PLACE, "region": "cn-north-1", "partition": "aws-cn"}
    config = {**SOUND, "alarms": watching(**FRONT)}
    assert Settings.parse(config, stack="dev", place=place)


def test_an_account_that_is_no_text_hides_no_other():
    accounts = [111122223333, "12"]
    assert mistakes(severities={"notify": {"accounts": accounts}}) == [
        "severities.notify.accounts.0: must be text; quote it, got 111122223333",
        "severities.notify.accounts.1: must be an account id of twelve digits, got '12'",
    ]
