"""Two accounts, two stacks: the alarms of one tell the topics of the other."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from alerting.account import Account, Kind, account_of
from alerting.cloudwatch import State
from alerting.delivery import Level, Outcome, Route, findings, routes
from alerting.delivery.courier import courier
from alerting.explain.data import as_data
from alerting.explain.explanation import explain
from alerting.explain.markdown import as_markdown
from alerting.explain.text import print_text
from alerting.recording import record
from alerting.replay import MetricKey, Series, notifications, replay
from alerting.stackfile import StackFile, read_stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "accounts"
HUB, SHOP = "123456789012", "111122223333"
TOPIC = f"arn:aws:sns:us-east-1:{HUB}:hub-alerts"


def file_of(stack: str, **config: Any) -> StackFile:
    read = read_stack(stack, EXAMPLE)
    given = {f"{read.project}:{key}": value for key, value in config.items()}
    return StackFile(
        read.path, read.stack, read.project, {**read.config, **given}, read.secret_keys, read._raw
    )


def account(stack: StackFile, account_id: str) -> Account:
    recorded = record(stack.program, config=stack.config, stack=stack.stack, account=account_id)
    return account_of(recorded)


def together(hub: Account, shop: Account) -> Account:
    """The shop's account, with what can be seen of the other."""
    return shop.with_items((*shop.items, *hub.items))


def of_the_shop(both: Account) -> list[Route]:
    return [
        route
        for route in routes(both)
        if route.alarm.label == "orders-missing" and route.state is State.ALARM
    ]


@pytest.fixture(scope="module")
def shop() -> Account:
    return account(file_of("shop"), SHOP)


@pytest.fixture(scope="module")
def hub() -> Account:
    return account(file_of("hub"), HUB)


def test_the_alarm_of_one_account_reaches_the_phone_of_the_other(hub: Account, shop: Account):
    [route] = of_the_shop(together(hub, shop))
    assert (route.receiver, route.protocol, route.outcome) == ("oncall-phone", "sms", Outcome.OK)
    assert [step.name for step in route.steps][:4] == [
        "alarm",
        "topic",
        "topic policy",
        "topic key",
    ]


def test_both_accounts_hear_through_the_one_topic(hub: Account, shop: Account):
    heard = {
        route.alarm.label for route in routes(together(hub, shop)) if route.outcome is Outcome.OK
    }
    assert heard == {"gateway-errors", "orders-missing"}


def test_a_replay_tells_the_phone_of_the_other_account(hub: Account):
    waiting = {"metric": {"namespace": "Shop", "name": "Waiting"}, "threshold": {"above": 100}}
    both = together(hub, account(file_of("shop", alarms={"waiting": waiting}), SHOP))
    [alarm] = [one for one in both.alarms if one.label == "waiting"]
    series = Series.of([0, 300, 600, 900], [10.0, 150.0, 150.0, 20.0], spacing=300)
    result = replay(both, {MetricKey("Shop", "Waiting"): series}, alarms=[alarm])
    told = list(notifications(both, result, courier(both)))
    assert [one.change.new for one in told] == [State.OK, State.ALARM, State.OK]
    assert {(one.delivery.receiver, one.delivery.delivered) for one in told} == {
        ("oncall-phone", True)
    }
    assert all(one.delivery.sure and one.action == TOPIC for one in told)


def test_an_account_that_is_not_let_in_is_found_by_the_topics_policy(shop: Account):
    severities = {"page": {"accounts": ["444455556666"]}}
    closed = together(account(file_of("hub", severities=severities), HUB), shop)
    [route] = of_the_shop(closed)
    assert (route.outcome, route.steps[2].rule) == (Outcome.BROKEN, "topic-policy-closed")
    [found] = [one for one in findings(closed) if one.level is Level.ERROR]
    assert found.what.startswith("The policy of page shuts out orders-missing: ")


def test_a_topic_in_another_region_is_refused():
    there = {**read_stack("shop", EXAMPLE).config, "aws:region": "eu-west-1"}
    with pytest.raises(ValueError, match=r"severities\.page\.topicArn: must be in eu-west-1"):
        record(EXAMPLE / "__main__.py", config=there, stack="shop", account=SHOP)


def test_alone_the_shop_cannot_tell_and_says_what_the_other_account_must_add():
    explained = explain(file_of("shop"))
    [note] = explained.findings
    assert (note.rule, note.level) == ("cannot-tell", Level.NOTE)
    assert f"the topic is of account {HUB}, whose policy on it must let alarms of {SHOP} in" in (
        note.what
    )
    [needed] = explained.statements
    assert (needed.kind, needed.name) == (Kind.TOPIC, "page")
    assert needed.statement["Resource"] == TOPIC
    assert needed.statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": SHOP},
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{SHOP}:alarm:*"},
    }


def test_the_statement_is_shown_in_every_form():
    explained = explain(file_of("shop"))
    out = Console(file=io.StringIO(), width=80, record=True)
    print_text(explained, out)
    for said in (out.export_text(), as_markdown(explained), str(as_data(explained))):
        assert "AlarmsOf111122223333Publish" in said


def test_the_statement_lets_the_alarms_in(hub: Account, shop: Account):
    """The one that is printed does what it is printed for."""
    [needed] = explain(file_of("shop")).statements
    [topic] = hub.of(Kind.TOPIC)
    changed = {**topic.data, "Policy": {"Statement": [dict(needed.statement)]}}
    items = [
        type(item)(item.kind, item.arn, changed, item.urn, item.called) if item is topic else item
        for item in hub.items
    ]
    [route] = of_the_shop(together(hub.with_items(items), shop))
    assert route.outcome is Outcome.OK


def test_a_receiver_of_ones_own_on_the_topic_changes_nothing_of_that():
    mail = {"protocol": "email", "endpoint": "shop@example.com"}
    [needed] = explain(file_of("shop", receivers={"mail": mail})).statements
    assert needed.statement["Resource"] == TOPIC


def test_the_hub_needs_nothing_added():
    explained = explain(file_of("hub"))
    assert explained.statements == ()
    assert not explained.wrong


def test_a_topic_of_ones_own_account_needs_no_statement():
    ours = {"page": {"topicArn": f"arn:aws:sns:us-east-1:{SHOP}:theirs"}}
    assert explain(file_of("shop", severities=ours)).statements == ()


def test_the_account_is_the_only_one_that_is_allowed():
    """Most ARNs in the shop's config name the other one."""
    assert explain(file_of("shop")).account.account_id == SHOP
    assert explain(file_of("shop")).account_known


def test_explain_says_which_other_accounts_may_tell_a_topic():
    hub = explain(file_of("hub"))
    (one,) = as_data(hub)["accounts"]
    assert one["accounts"] == [SHOP]
    out = io.StringIO()
    print_text(hub, Console(file=out, width=80))
    for text in (out.getvalue(), as_markdown(hub)):
        assert "Told from" in text
        assert text.count(f"alarms of the account {SHOP}") == 1


def test_explain_says_nothing_of_accounts_where_there_are_none():
    assert as_data(explain(file_of("shop")))["accounts"] == []
