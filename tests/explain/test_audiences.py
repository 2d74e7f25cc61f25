"""Those who are told the same alarms are named once."""

from io import StringIO

from rich.console import Console

from alerting.explain.audiences import audiences
from alerting.explain.explanation import Explanation
from alerting.explain.text import print_text
from tests.explain.raw_programs import alarm, explained, topic_with

LEAD, TEAM = ("lead", "email", "lead@example.com"), ("team", "email", "team@example.com")
BOTH = "lead (email) and team (email)"


def stack(alarms: int) -> Explanation:
    """So many alarms that tell the topic `alerts`, and one that tells another one."""

    def program():
        alerts = topic_with(LEAD, TEAM)
        for number in range(alarms):
            alarm(f"busy-{number}", alerts.arn)
        alarm("other", topic_with(("boss", "email", "boss@example.com"), name="others").arn)

    return explained(program)


def page(explanation: Explanation) -> str:
    out = StringIO()
    print_text(explanation, Console(file=out, width=80, no_color=True))
    return " ".join(out.getvalue().split())


def test_two_alarms_name_whom_they_tell():
    explanation = stack(2)
    assert audiences(explanation.alarms) == {}
    assert page(explanation).count(f"tells {BOTH} when") == 2


def test_three_alarms_name_the_topic_and_its_hearers_are_named_once():
    explanation = stack(3)
    assert audiences(explanation.alarms) == {"alerts": BOTH}
    assert page(explanation).count("tells alerts when") == 3
    assert page(explanation).count(BOTH) == 1


def test_an_alarm_that_tells_others_names_them():
    assert "tells boss (email) when" in page(stack(3))
