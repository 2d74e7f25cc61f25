"""The courier: who gets a given message."""

import json

from alerting.delivery import NOBODY, Delivery, courier
from tests.delivery.good_account import (
    PAGE,
    REGION,
    Fault,
    account_of,
    good_parts,
    setting,
    without,
)


def sent(state: str, *faults: Fault, alarm: str = "errors") -> dict[str, Delivery]:
    """What becomes of one message to the severity `page`, by receiver."""
    parts = good_parts()
    for fault in faults:
        fault(parts)
    bodies = {
        "default": json.dumps({"AlarmName": alarm, "NewStateValue": state}),
        "sms": f"{state}: errors",
        "email": "You are receiving this email",
    }
    deliver = courier(account_of(parts))
    return {d.receiver: d for d in deliver(parts[alarm], PAGE, bodies)}


def test_everybody_who_would_get_it_gets_it():
    found = sent("ALARM")

    assert {name for name, d in found.items() if d.delivered} == set(found)
    assert all(d.sure and not d.why for d in found.values())
    assert found["phone"].protocol == "sms"


def test_a_filter_is_evaluated_on_the_message_itself():
    jobs = sent("OK")["to-jobs"]

    assert not jobs.delivered
    assert (jobs.why, jobs.rule) == ("its filter drops this message", "")


def test_a_filter_that_drops_everything_names_its_rule():
    jobs = sent("ALARM", setting("to-jobs", FilterPolicy='{"NewStateValue": ["Alarm"]}'))["to-jobs"]

    assert (jobs.delivered, jobs.rule) == (False, "filter-matches-nothing")


def test_a_filter_on_a_text_message_looks_at_its_text():
    phone = sent(
        "ALARM",
        setting(
            "phone", FilterPolicy='{"NewStateValue": ["ALARM"]}', FilterPolicyScope="MessageBody"
        ),
    )["phone"]

    assert (phone.delivered, phone.rule) == (False, "filter-on-plain-text")


def test_a_confirmation_is_taken_as_clicked():
    assert sent("ALARM", setting("to-web", PendingConfirmation="true"))["to-web"].delivered


def test_a_broken_path_loses_the_message_and_names_the_rule():
    hook = sent("ALARM", without("hook", "Policy"))["to-hook"]

    assert (hook.delivered, hook.rule) == (False, "function-closed")
    assert hook.why


def test_what_cannot_be_told_counts_as_delivered_and_is_marked():
    hook = sent("ALARM", without("hook"))["to-hook"]

    assert hook.delivered
    assert not hook.sure
    assert "is not part of what can be seen here" in hook.why


def test_a_topic_without_subscriptions_tells_nobody():
    everybody = [without(p) for p in ("phone", "to-jobs", "to-hook", "to-web", "to-archive")]
    found = sent("ALARM", *everybody)

    assert [(d.receiver, d.delivered, d.subscription) for d in found.values()] == [
        (NOBODY, False, None)
    ]


def test_an_action_that_tells_nobody_gives_no_delivery():
    parts = good_parts()
    deliver = courier(account_of(parts))

    assert deliver(parts["errors"], f"arn:aws:automate:{REGION}:ec2:stop", {"default": "{}"}) == ()
