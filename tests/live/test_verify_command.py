"""`python -m alerting verify`: what it asks, what it says, and how it exits."""

import json
import os
import signal
import sys

import pytest
import typer

from alerting import cli
from alerting.live import command
from alerting.live.clients import Unreachable
from alerting.output import BAD_INPUT, CANNOT_TELL, FINE, INTERRUPTED, NO
from tests.live.deployed_stack import deployed, project
from tests.live.test_proof import close_topic


@pytest.fixture
def stack(tmp_path, monkeypatch):
    with deployed(tmp_path) as there:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", "")
        monkeypatch.setattr(command, "connect", lambda _: there.connection)
        yield there


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command line; exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["alerting", *arguments])
        with pytest.raises(SystemExit) as done:
            cli.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return int(done.value.code or 0), printed.out, printed.err

    return call


def answer(monkeypatch, given) -> None:
    """A person at a terminal who answers this."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    def confirm(*_, **__):
        if isinstance(given, BaseException):
            raise given
        return given

    monkeypatch.setattr(typer, "confirm", confirm)


def sent(stack) -> bool:
    return any(name == "SetAlarmState" for _, name, _ in stack.calls)


def test_a_stack_that_is_fine(stack, run):
    code, out, err = run("verify", "--stack", "prod")
    assert code == FINE
    assert out.startswith("prod in account 123456789012, us-east-1\n")
    assert "found by name (there is no pulumi on the PATH)" in out
    assert "phone (sms)  would be delivered" in out
    assert err == ""
    assert max(map(len, out.splitlines())) <= 80
    assert not sent(stack)


def test_what_is_lost_exits_1_and_says_what_to_do(stack, run):
    close_topic(stack, "watch")
    code, out, _ = run("verify", "--stack", "prod")
    assert code == NO
    assert "error topic-policy-closed" in out
    assert "Policy.Statement.AlarmsPublish is gone" in " ".join(out.split())
    assert "mail (email)  lost: CloudWatch may not do sns:Publish" in out


def test_what_is_found_by_tag_is_asked_of_the_account(stack, run, tmp_path):
    text = (tmp_path / "Pulumi.prod.yaml").read_text()
    found = "{queues: {kind: sqs, tags: {team: shop}, off: [age]}}"
    project(tmp_path, f"{text}  watch:watch: {found}\n")
    stack.cloud.client("sqs").create_queue(QueueName="orders", tags={"team": "shop"})
    code, out, _ = run("verify", "--stack", "prod")
    assert code == NO
    assert "The alarm queues-orders-backlog is not there" in " ".join(out.split())


def test_who_has_to_confirm_exits_3(stack, run):
    stack.cloud.gaps.subscriptions.pending.add(stack.subscription("watch", "email"))
    code, out, _ = run("verify", "--stack", "prod")
    assert code == CANNOT_TELL
    assert "mail (email)  waiting for confirmation: it has not been confirmed" in out


def test_what_may_not_be_read_exits_3_and_is_said(stack, run):
    stack.refused["GetMetricData"] = "AccessDenied"
    code, out, _ = run("verify", "--stack", "prod")
    assert code == CANNOT_TELL
    assert "the alarms' metrics: GetMetricData: AccessDenied: not allowed" in out


def test_nothing_is_sent_where_nobody_can_be_asked(stack, run):
    code, _, err = run("verify", "--stack", "prod", "--send")
    assert code == BAD_INPUT
    assert "add --yes" in err
    assert stack.calls == []


def test_people_are_asked_and_shown_what_they_will_receive(stack, run, monkeypatch):
    answer(monkeypatch, given=False)
    code, _, err = run("verify", "--stack", "prod", "--send")
    assert code == FINE
    assert 'ALARM: "prod-odd" in US East (N. Virginia)' in err
    for receiver in ("mail (email)", "phone (sms)", "pager (https)", "jobs (sqs)"):
        assert receiver in err.split("prod-odd")[1]
    assert 'INSUFFICIENT_DATA: "prod-odd"' not in err  # nobody is told of that
    assert "nothing was sent" in err
    assert not sent(stack)


def test_what_is_agreed_to_is_sent(stack, run, monkeypatch):
    answer(monkeypatch, given=True)
    code, out, _ = run("verify", "--stack", "prod", "--send")
    assert code == FINE
    assert "ALARM of odd to page: arrived after" in out
    assert "phone (sms)  delivered" in out
    assert stack.probes() == []


def test_yes_asks_nobody(stack, run):
    code, out, err = run("verify", "--stack", "prod", "--send", "--yes")
    assert code == FINE
    assert "mail (email)  delivered" in out
    assert "Send it?" not in out + err


def test_what_is_lost_on_the_way_exits_1_with_awss_reason(stack, run):
    close_topic(stack, "watch-page")
    code, out, _ = run("verify", "--stack", "prod", "--send", "--yes")
    assert code == NO
    assert "ALARM of odd to page: CloudWatch Alarms is not authorized" in out


def test_turning_away_at_the_question_is_an_interruption(stack, run, monkeypatch):
    answer(monkeypatch, given=typer.Abort())
    code, _, _ = run("verify", "--stack", "prod", "--send")
    assert code == INTERRUPTED
    assert not sent(stack)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_half_way_cleans_up_and_exits_130(stack, run, number):
    def interrupt(operation):
        if operation == "ReceiveMessage":
            os.kill(os.getpid(), number)

    stack.before = interrupt
    code, out, err = run("verify", "--stack", "prod", "--send", "--yes")
    assert code == INTERRUPTED
    assert "putting everything back first" in err
    assert out == ""
    assert stack.probes() == []
    assert stack.alarm("prod-cpu")["StateValue"] == "INSUFFICIENT_DATA"


def test_the_probe_of_a_run_that_was_cut_off_is_removed_by_the_next(stack, run):
    sqs, sns = stack.cloud.client("sqs"), stack.cloud.client("sns")
    sqs.create_queue(QueueName="alerting-probe-0123456789ab")
    arn = "arn:aws:sqs:us-east-1:123456789012:alerting-probe-{}"
    for name in ("0123456789ab", "ba9876543210"):
        sns.subscribe(TopicArn=stack.topic("watch"), Protocol="sqs", Endpoint=arn.format(name))

    code, out, _ = run("verify", "--stack", "prod")
    assert code == FINE, "a probe is no receiver"
    assert "alerting-probe" not in out
    code, _, err = run("verify", "--stack", "prod", "--send", "--yes")
    assert code == FINE
    # The one whose queue is gone is left over; the other may be somebody's who sends right now.
    assert "removed alerting-probe-ba9876543210" in err
    assert stack.probes() == [
        "https://sqs.us-east-1.amazonaws.com/123456789012/alerting-probe-0123456789ab",
        arn.format("0123456789ab"),
    ]


def test_confirmations_are_asked_for_again(stack, run):
    for topic, protocol in (("watch", "email"), ("watch-page", "https")):
        stack.cloud.gaps.subscriptions.pending.add(stack.subscription(topic, protocol))
    code, out, _ = run("verify", "--stack", "prod", "--resend")
    assert code == CANNOT_TELL
    assert "asked again: mail (email), for notify" in out
    assert "asked again: pager (https), for page" in out
    asked = [params for _, name, params in stack.calls if name == "Subscribe"]
    assert {params["Endpoint"] for params in asked} == {
        "team@example.com",
        "https://example.com/pager",
    }
    assert "https://example.com/pager" not in out


def test_who_could_not_be_asked_is_said(stack, run):
    stack.cloud.gaps.subscriptions.pending.add(stack.subscription("watch", "email"))
    stack.refused["Subscribe"] = "AuthorizationError"
    _, out, _ = run("verify", "--stack", "prod", "--resend")
    assert "not asked: mail (email), for notify: Subscribe: AuthorizationError" in out


def test_data_goes_to_standard_output_alone(stack, run):
    code, out, _ = run("verify", "--stack", "prod", "--send", "--yes", "--json", "-")
    data = json.loads(out)
    assert (data["version"], data["exitCode"]) == (1, code)
    assert {(r["receiver"], r["verdict"]) for r in data["routes"]} == {
        ("mail", "delivered"),
        ("phone", "delivered"),
        ("pager", "delivered"),
        ("jobs", "delivered"),
        ("jobs", "filtered out"),
    }
    assert [s["arrived"] for s in data["sent"]] == [True, True]
    assert "example.com/pager" not in out


def test_markdown_has_the_routes_as_a_table(stack, run, tmp_path):
    close_topic(stack, "watch")
    run("verify", "--stack", "prod", "--markdown", str(tmp_path / "verified.md"))
    text = (tmp_path / "verified.md").read_text()
    assert "| topic | receiver | verdict | of what |" in text
    assert "- **error** `topic-policy-closed`" in text
    assert "example.com/pager" not in text


def test_the_policy_is_printed_without_asking_aws(tmp_path, run, monkeypatch):
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("verify", "--stack", "prod", "--policy", "--send")
    assert code == FINE
    assert json.loads(out)["Version"] == "2012-10-17"
    assert "sqs:CreateQueue" in out


def test_yes_to_nothing_is_refused(run):
    code, _, err = run("verify", "--stack", "prod", "--yes")
    assert code == BAD_INPUT
    assert "give --send too" in err


def test_a_stack_that_does_not_exist(stack, run):
    code, _, err = run("verify", "--stack", "production")
    assert code == BAD_INPUT
    assert "there is no stack 'production'; the stacks here are: prod" in err


def test_a_program_that_fails(stack, run, tmp_path):
    (tmp_path / "__main__.py").write_text("raise RuntimeError('no such thing')")
    code, _, err = run("verify", "--stack", "prod")
    assert code == BAD_INPUT
    assert "the program fails: RuntimeError: no such thing (__main__.py:1)" in err


def test_no_credentials(tmp_path, run, monkeypatch):
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    code, _, err = run("verify", "--stack", "prod")
    assert code == BAD_INPUT
    assert "there are no AWS credentials here" in err


def test_an_aws_that_does_not_answer_cannot_be_told(stack, run, monkeypatch):
    def connect(_):
        raise Unreachable("AWS cannot be reached: a proxy")

    monkeypatch.setattr(command, "connect", connect)
    code, _, err = run("verify", "--stack", "prod")
    assert code == CANNOT_TELL
    assert "cannot tell: AWS cannot be reached: a proxy" in err


def test_a_file_that_cannot_be_written(stack, run):
    code, _, err = run("verify", "--stack", "prod", "--json", "/nowhere/x.json")
    assert code == BAD_INPUT
    assert "/nowhere/x.json: cannot be written" in err
