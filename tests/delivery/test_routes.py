"""Routes: from an alarm to each receiver, a verdict at every step."""

import json
from dataclasses import replace
from typing import Any

from alerting.account import Account, Item, Kind, Unknown
from alerting.cloudwatch import State
from alerting.delivery import NOBODY, Outcome, Route, receiver_label, routes
from tests.delivery.good_account import (
    ACCOUNT,
    HOOK,
    JOBS,
    NOTIFY,
    OTHER,
    PAGE,
    REGION,
    Fault,
    account_of,
    adding,
    arn,
    good_parts,
    invoke_policy,
    key_policy,
    policy,
    queue,
    queue_policy,
    setting,
    subscription,
    threshold_alarm,
    topic_policy,
    without,
)


def after(*faults: Fault, **more: Any) -> Account:
    parts = good_parts()
    for fault in faults:
        fault(parts)
    return account_of(parts, **more)


def told(account: Account, alarm: str, state: State = State.ALARM) -> dict[str, Route]:
    """The routes of one alarm and state by receiver."""
    return {r.receiver: r for r in routes(account) if (r.alarm.label, r.state) == (alarm, state)}


def lost_by(route: Route) -> str:
    """Id of the rule that reports why a route is broken."""
    assert route.deciding
    return route.deciding.rule


def names(route: Route) -> list[str]:
    return [step.name for step in route.steps]


def test_every_state_with_an_action_has_a_route_to_every_receiver():
    found = routes(after())

    assert [(r.alarm.label, r.state, r.receiver) for r in found if r.alarm.label == "cpu-high"] == [
        ("cpu-high", State.ALARM, "mail"),
        ("cpu-high", State.OK, "mail"),
    ]
    assert set(told(after(), "errors")) == {"phone", "to-jobs", "to-hook", "to-web", "to-archive"}


def test_a_route_names_each_step_in_the_order_of_the_path():
    route = told(after(), "errors")["to-jobs"]

    assert names(route) == [
        "alarm",
        "topic",
        "topic policy",
        "topic key",
        "subscription",
        "filter",
        "confirmation",
        "queue",
        "queue policy",
        "queue key",
    ]
    assert [step.name for step in route.dead_letters] == [
        "dead-letter queue",
        "dead-letter queue policy",
    ]
    assert route.outcome is Outcome.OK
    assert route.deciding is None
    assert route.why == ""


def test_an_alarm_whose_actions_are_off_breaks_all_its_routes():
    found = told(after(setting("errors", ActionsEnabled=False)), "errors")

    assert {r.outcome for r in found.values()} == {Outcome.BROKEN}
    assert {lost_by(route) for route in found.values()} == {"alarm-actions-off"}


def test_a_topic_that_nobody_hears_is_a_route_to_nobody():
    route = told(after(without("mail")), "cpu-high")[NOBODY]

    assert route.outcome is Outcome.BROKEN
    assert route.why == "nobody is subscribed to the topic"


def test_a_filter_that_lets_one_state_through_filters_the_other_by_intent():
    account = after()

    assert told(account, "errors", State.ALARM)["to-jobs"].outcome is Outcome.OK
    assert told(account, "errors", State.OK)["to-jobs"].outcome is Outcome.FILTERED


def test_a_filter_that_lets_nothing_through_is_broken():
    body = json.dumps({"NewStateValue": ["alarm"]})
    route = told(after(setting("to-jobs", FilterPolicy=body)), "errors")["to-jobs"]

    assert route.outcome is Outcome.BROKEN
    assert lost_by(route) == "filter-matches-nothing"


def test_a_filter_on_what_only_the_message_says_cannot_be_told():
    body = json.dumps({"NewStateReason": [{"prefix": "Threshold Crossed"}]})
    route = told(after(setting("to-jobs", FilterPolicy=body)), "errors")["to-jobs"]

    assert route.outcome is Outcome.CANNOT_TELL


def test_a_filter_on_the_state_before_is_decided_by_any_that_fits():
    for old, outcome in (("OK", Outcome.OK), ("ALARM", Outcome.BROKEN)):
        body = json.dumps({"NewStateValue": ["ALARM"], "OldStateValue": [old]})
        route = told(after(setting("to-jobs", FilterPolicy=body)), "errors")["to-jobs"]
        assert route.outcome is outcome


def test_a_filter_sees_the_trigger_of_a_threshold_alarm_but_a_band_has_no_namespace_there():
    body = json.dumps({"Trigger": {"Namespace": ["AWS/Lambda", "AWS/EC2"]}})
    account = after(setting("to-jobs", FilterPolicy=body))

    assert told(account, "errors")["to-jobs"].outcome is Outcome.OK
    assert told(account, "cpu-unusual")["to-jobs"].outcome is Outcome.FILTERED
    assert told(account, "both")["to-jobs"].outcome is Outcome.FILTERED


def test_who_has_to_confirm_is_waited_for():
    account = after(setting("mail", PendingConfirmation="true"))

    route = told(account, "cpu-high")["mail"]
    assert route.outcome is Outcome.WAITING
    assert route.why == "it has not been confirmed"
    unsaid = told(after(without("mail", "PendingConfirmation")), "cpu-high")["mail"]
    assert unsaid.outcome is Outcome.WAITING


def test_a_queue_of_another_account_has_to_be_confirmed_there():
    theirs = arn("sqs", "jobs", account=OTHER)
    account = after(setting("to-jobs", Endpoint=theirs), without("to-jobs", "PendingConfirmation"))
    steps = {step.name: step for step in told(account, "errors")["to-jobs"].steps}

    assert steps["confirmation"].outcome is Outcome.WAITING
    assert steps["queue"].outcome is Outcome.CANNOT_TELL


def test_what_is_given_by_its_arn_only_cannot_be_told_and_never_passes():
    for part in ("topic-key", "jobs", "hook", "archive"):
        outcomes = {r.outcome for r in told(after(without(part)), "errors").values()}
        assert Outcome.CANNOT_TELL in outcomes
        assert Outcome.BROKEN not in outcomes


def test_a_topic_outside_the_picture_ends_the_route_there():
    account = after(setting("cpu-high", AlarmActions=[arn("sns", "theirs")]))
    route = told(account, "cpu-high")[NOBODY]

    assert route.outcome is Outcome.CANNOT_TELL
    assert "is not part of what can be seen here" in route.why


def test_a_topic_of_another_account_is_not_missing_even_where_everything_was_looked_up():
    foreign = arn("sns", "theirs", account=OTHER)
    account = after(setting("cpu-high", AlarmActions=[foreign]), whole=True)

    assert told(account, "cpu-high")[NOBODY].outcome is Outcome.CANNOT_TELL


def test_an_unknown_action_follows_the_resources_it_will_come_from():
    parts = good_parts()
    page_urn = parts["page"].urn
    assert page_urn
    setting("errors", AlarmActions=[Unknown((page_urn,))])(parts)
    found = told(account_of(parts), "errors")

    assert set(found) == {"phone", "to-jobs", "to-hook", "to-web", "to-archive"}
    assert {r.outcome for r in found.values()} == {Outcome.OK}


def test_in_a_first_preview_edges_stand_and_what_hangs_on_arns_cannot_be_told():
    parts = good_parts()
    page = parts["page"]
    unknown = Unknown((page.urn or "",))
    parts["page"] = Item(Kind.TOPIC, unknown, {**page.data, "TopicArn": unknown}, page.urn)
    for part in ("cpu-unusual", "errors", "both"):
        setting(part, AlarmActions=[unknown], OKActions=[unknown])(parts)
    for part in ("phone", "to-jobs", "to-hook", "to-web", "to-archive"):
        setting(part, TopicArn=unknown)(parts)
    found = told(account_of(parts), "errors")

    assert set(found) == {"phone", "to-jobs", "to-hook", "to-web", "to-archive"}
    assert {r.outcome for r in found.values()} == {Outcome.CANNOT_TELL}


def test_a_new_topic_in_preview_with_nothing_of_its_own_is_open():
    new = Unknown(("urn:new",))
    topic = Item(Kind.TOPIC, new, {"TopicArn": new}, "urn:new")
    mail = subscription("mail", NOTIFY, "email", "oncall@example.com", TopicArn=new)
    alarm = threshold_alarm("cpu-high", NOTIFY, AlarmActions=[new], OKActions=[new])
    account = Account(ACCOUNT, REGION, (alarm, topic, mail))

    assert {r.outcome for r in routes(account)} == {Outcome.OK}


def test_a_subscription_whose_topic_is_not_known_keeps_silence_from_being_told():
    account = after(setting("mail", TopicArn=Unknown()))

    assert told(account, "cpu-high")[NOBODY].outcome is Outcome.CANNOT_TELL


def test_a_topic_whose_arn_is_not_known_may_be_the_one_a_written_out_arn_means():
    parts = good_parts()
    parts["notify"] = replace(parts["notify"], arn=Unknown((parts["notify"].urn or "",)))
    setting("cpu-high", AlarmActions=[Unknown((parts["notify"].urn or "",))])(parts)

    assert told(account_of(parts), "cpu-high")[NOBODY].outcome is Outcome.CANNOT_TELL


def test_a_topic_that_counts_subscriptions_which_are_not_in_the_picture_cannot_be_told():
    account = after(without("mail"), setting("notify", SubscriptionsConfirmed="2"))

    assert told(account, "cpu-high")[NOBODY].outcome is Outcome.CANNOT_TELL


def test_the_first_policy_of_a_topic_lets_no_other_account_in():
    alarm = threshold_alarm("theirs", NOTIFY)
    foreign = arn("cloudwatch", "alarm:theirs", account=OTHER)
    account = after(adding("theirs", Item(Kind.ALARM, foreign, alarm.data)))
    route = told(account, "theirs")["mail"]

    assert lost_by(route) == "topic-policy-closed"


def test_a_condition_on_the_alarm_fails_on_names_that_are_not_ascii():
    name = "cpu-höch"
    account = after(adding(name, threshold_alarm(name, PAGE)))
    route = told(account, name)["phone"]

    assert lost_by(route) == "topic-policy-closed"


def test_a_key_is_found_by_id_alias_and_the_arn_of_either():
    for ref in ("alias/alerts", arn("kms", "alias/alerts"), good_parts()["topic-key"].get("KeyId")):
        route = told(after(setting("page", KmsMasterKeyId=ref)), "errors")["phone"]
        assert route.outcome is Outcome.OK
        assert "topic key" in names(route)


def test_a_queue_known_by_its_url_alone_is_judged_by_its_policy():
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/jobs"
    lone = Item(Kind.QUEUE, Unknown(), {"QueueUrl": url, "Policy": queue_policy(JOBS, NOTIFY)})
    account = after(without("jobs"), adding("jobs", lone))
    route = told(account, "errors")["to-jobs"]

    assert lost_by(route) == "queue-closed"


def test_a_queue_across_an_opt_in_region_needs_that_regions_principal():
    far = arn("sqs", "jobs", "ap-east-1")
    data = queue("jobs").data
    for principal, outcome in (
        ("sns.ap-east-1.amazonaws.com", Outcome.OK),
        ("sns.amazonaws.com", Outcome.BROKEN),
    ):
        opened = queue_policy(far, PAGE).replace("sns.amazonaws.com", principal)
        there = Item(Kind.QUEUE, far, {**data, "QueueArn": far, "Policy": opened})
        account = after(setting("to-jobs", Endpoint=far), adding("jobs", there))
        assert told(account, "errors")["to-jobs"].outcome is outcome


def test_an_alarm_may_invoke_a_function_without_a_topic():
    alarms = arn("cloudwatch", "alarm:*")
    opened = invoke_policy(HOOK, alarms, "lambda.alarms.cloudwatch.amazonaws.com")
    account = after(setting("cpu-high", AlarmActions=[HOOK]), setting("hook", Policy=opened))
    route = told(account, "cpu-high")["hook"]

    assert (route.topic, route.subscription, route.protocol) == (None, None, "lambda")
    assert route.outcome is Outcome.OK


def test_actions_that_tell_nobody_give_no_route():
    reboot = f"arn:aws:automate:{REGION}:ec2:reboot"

    assert told(after(setting("cpu-high", AlarmActions=[reboot])), "cpu-high") == {}


def test_a_managed_policy_that_is_not_known_cannot_be_told_and_full_access_can():
    for arn_, outcome in (
        (f"arn:aws:iam::{ACCOUNT}:policy/writers", Outcome.CANNOT_TELL),
        ("arn:aws:iam::aws:policy/AmazonKinesisFirehoseFullAccess", Outcome.OK),
    ):
        account = after(setting("archive", Policies={}, AttachedPolicies=[arn_]))
        assert told(account, "errors")["to-archive"].outcome is outcome


def test_a_deny_in_any_policy_of_a_role_counts():
    denied = policy({"Effect": "Deny", "Action": "firehose:*", "Resource": "*"})
    parts = good_parts()
    parts["archive"].data["Policies"]["brake"] = denied

    assert told(account_of(parts), "errors")["to-archive"].outcome is Outcome.BROKEN


def test_the_order_of_statements_of_a_policy_never_matters():
    for part, text in (("page", topic_policy(PAGE)), ("topic-key", key_policy("x", PAGE))):
        document = json.loads(text)
        document["Statement"].reverse()
        backwards = after(setting(part, Policy=json.dumps(document)))
        forwards = after(setting(part, Policy=text))
        assert [r.outcome for r in routes(backwards)] == [r.outcome for r in routes(forwards)]


def test_a_receiver_is_called_as_it_is_declared_and_a_secret_endpoint_is_never_shown():
    def called(protocol: str, endpoint: Any, **more: Any) -> str:
        item = Item(
            Kind.SUBSCRIPTION,
            f"{PAGE}:1",
            {"Protocol": protocol, "Endpoint": endpoint, "TopicArn": PAGE},
            **more,
        )
        return receiver_label(after(), item)

    assert called("https", "https://x.example.com/KEY", called="pager") == "pager"
    assert called("https", "https://x.example.com/KEY") == "x.example.com"
    assert called("https", "https://[") == "(secret)"
    assert called("https", Unknown(secret=True)) == "(secret)"
    assert called("sms", "+15550100") == "…0100"
    assert called("email", "oncall@example.com") == "oncall@example.com"
    assert called("sqs", JOBS) == "jobs"
    assert called("sqs", arn("sqs", "elsewhere")) == "elsewhere"
    assert called("lambda", arn("lambda", "function:f")) == "f"
