"""Which other accounts may tell a topic is said."""

from alerting.explain.besides import besides
from alerting.explain.guests import guests
from tests.explain.raw_programs import ACCOUNT, explained


def stack(accounts):
    from alerting import AlertTopic

    def program():
        place = {"account_id": ACCOUNT, "region": "us-east-1"}
        args = {"place": place, "topic_name": "page"}
        AlertTopic("page", {**args, "accounts": accounts} if accounts else args)

    return explained(program)


def test_the_accounts_whose_alarms_a_topic_lets_in_are_named():
    explanation = stack(["123456789012", "222233334444"])
    assert besides(explanation)["Told from"] == [
        ("page", "alarms of the accounts 123456789012 and 222233334444")
    ]


def test_its_own_account_is_no_guest():
    assert guests(stack([])) == ()
