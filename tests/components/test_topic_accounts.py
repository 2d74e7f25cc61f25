"""A topic that alarms of other accounts may publish to."""

import json
from typing import Any

import pytest

from alerting import AlertTopic
from alerting.components.alert_topic import topic_problems
from alerting.recording import record

PLACE = {"account_id": "111122223333", "region": "eu-west-1"}
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"


def args(**more: Any) -> Any:
    return {"place": PLACE, "topic_name": "alerts", **more}


def statements(of: str, **more: Any) -> dict[str, Any]:
    deployment = record(
        lambda: AlertTopic("notify", args(**more)), account="111122223333", region="eu-west-1"
    )
    policy = json.loads(deployment.named(of).inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def problems(**more: Any) -> list[str]:
    return [str(problem) for problem in topic_problems(args(**more))]


def test_alarms_of_other_accounts_may_publish_in_this_region():
    accounts = ["123456789012", "444455556666"]
    statement = statements("notify-policy", accounts=accounts)["AccountsPublish"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert (statement["Action"], statement["Resource"]) == ("sns:Publish", TOPIC)
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": accounts},
        "ArnLike": {
            "aws:SourceArn": [
                "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*",
                "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:*",
            ]
        },
    }


def test_without_other_accounts_the_policy_stays_as_it_was():
    plain = statements("notify-policy")
    assert "AccountsPublish" not in plain
    others = statements("notify-policy", accounts=["123456789012"])
    assert {sid: one for sid, one in others.items() if sid in plain} == plain


def test_the_key_lets_cloudwatch_in_for_the_topic_whatever_the_account():
    condition = statements("notify-key", accounts=["123456789012"])["CloudWatchEncrypts"]
    assert condition["Condition"] == {
        "StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}
    }


@pytest.mark.parametrize("account", ["12345678901", "1234-5678-9012", "٣" * 12, ""])
def test_what_is_no_account_is_refused(account: str):
    [said] = problems(accounts=[account])
    assert said.startswith("accounts.0: must be an account id of twelve digits, got ")


def test_the_account_itself_is_none_of_the_others():
    [said] = problems(accounts=["111122223333"])
    assert said == "accounts: 111122223333 is this account, whose alarms publish anyway"


def test_accounts_cannot_be_given_to_somebody_elses_topic():
    theirs: Any = {"place": PLACE, "topic_arn": TOPIC, "accounts": ["123456789012"]}
    [problem] = topic_problems(theirs)
    assert str(problem).startswith("accounts: belong to a topic made here")


def test_more_accounts_than_a_policy_holds_are_refused():
    [said] = problems(accounts=[f"{number:012}" for number in range(201)])
    assert said == "accounts: must be at most 200 accounts, got 201"


def test_as_many_as_are_taken_fit_into_a_policy():
    accounts = [f"{number:012}" for number in range(200)]
    policy = list(statements("notify-policy", accounts=accounts).values())
    assert len(json.dumps(policy)) < 30 * 1024
