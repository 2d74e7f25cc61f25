"""The paths as a Mermaid flowchart."""

import re
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_aws import cloudwatch

from alerting.explain import diagram as drawing
from alerting.explain.diagram import diagram
from tests.explain.raw_programs import alarm, closed_policy, explained, topic_with

MAIL = ("oncall-mail", "email", "oncall@example.com")
PHONE = ("oncall-phone", "sms", "+15550100")

NODE = re.compile(r'[atr]\d+(\["(?P<box>.*)"\]|\(\["(?P<pill>.*)"\]\)|\("(?P<round>.*)"\))')
ARROW = re.compile(r"(?P<from>[atr]\d+) (-->|--x|-\.->)(\|[a-z ]+\|)? (?P<to>[atr]\d+)")
TEXT = re.compile(r"([\w \-./(),]|#\d+;|<br/>)*")


def drawn(program: Callable[[], Any]) -> str:
    source = diagram(explained(program))
    assert source is not None
    return source


def lines_of(source: str) -> list[str]:
    head, *lines = source.split("\n")
    assert head == "flowchart LR"
    return [line.strip() for line in lines]


def is_sound(source: str) -> bool:
    """Whether Mermaid takes it: every line a node or an arrow, arrows between nodes that exist."""
    nodes: set[str] = set()
    for line in lines_of(source):
        if found := NODE.fullmatch(line):
            text = found["box"] or found["pill"] or found["round"]
            assert TEXT.fullmatch(text), text
            nodes.add(re.split(r"\W", line)[0])
    arrows = [found for line in lines_of(source) if (found := ARROW.fullmatch(line))]
    assert len(nodes) + len(arrows) == len(lines_of(source))
    return all({found["from"], found["to"]} <= nodes for found in arrows)


def test_alarms_tell_topics_and_topics_receivers():
    def program():
        alarm("busy", topic_with(MAIL, PHONE).arn)

    assert drawn(program).split("\n") == [
        "flowchart LR",
        '  a0["busy"]',
        '  t0(["alerts"])',
        '  r0("oncall-mail (email)")',
        '  r1("oncall-phone (sms)")',
        "  a0 --> t0",
        "  t0 -->|must confirm| r0",
        "  t0 --> r1",
    ]


def test_alarms_that_tell_the_same_share_a_node():
    def program():
        topic = topic_with(PHONE)
        for number in range(30):
            alarm(f"busy-{number:02}", topic.arn)

    boxes = [line for line in lines_of(drawn(program)) if line.startswith("a")]
    assert len(boxes) == 2
    assert boxes[0].startswith('a0["busy-00<br/>busy-01<br/>')
    assert boxes[0].endswith('<br/>and 18 more"]')


def test_a_lost_path_is_crossed_where_it_breaks():
    def program():
        alarm("shut-out", topic_with(PHONE, policy=closed_policy()).arn)
        alarm("unheard", topic_with(name="quiet").arn)

    lines = lines_of(drawn(program))
    assert "a0 --x|lost| t0" in lines
    assert "t0 --> r0" in lines
    assert "t1 --x|lost| r1" in lines
    assert 'r1("nobody")' in lines


def test_a_topic_elsewhere_is_dotted():
    source = drawn(lambda: alarm("busy", "arn:aws:sns:us-east-1:999988887777:theirs"))
    assert "a0 -.->|cannot tell| t0" in lines_of(source)
    assert is_sound(source)


def test_a_function_is_told_without_a_topic():
    source = drawn(lambda: alarm("busy", "arn:aws:lambda:us-east-1:999988887777:function:restart"))
    assert lines_of(source)[1:] == ['r0("restart (lambda)")', "a0 -.->|cannot tell| r0"]


def test_a_child_is_part_of_its_composite():
    def program():
        child, topic = alarm("busy"), topic_with(PHONE)
        rule = pulumi.Output.concat("ALARM(", child.name, ")")
        cloudwatch.CompositeAlarm(
            "down", alarm_name="down", alarm_rule=rule, alarm_actions=[topic.arn]
        )

    source = drawn(program)
    assert "a0 -.->|part of| a1" in lines_of(source)
    assert is_sound(source)


def test_a_composite_has_a_node_of_its_own():
    def program():
        child, topic = alarm("busy"), topic_with(PHONE)
        alarm("other", topic.arn)
        rule = pulumi.Output.concat("ALARM(", child.name, ")")
        cloudwatch.CompositeAlarm(
            "down", alarm_name="down", alarm_rule=rule, alarm_actions=[topic.arn]
        )

    boxes = [line for line in lines_of(drawn(program)) if NODE.fullmatch(line)]
    assert boxes[:3] == ['a0["busy"]', 'a1["down"]', 'a2["other"]']


def test_two_topics_of_one_name_stay_two():
    def program():
        for partner in ("999988887777", "888877776666"):
            alarm(partner, f"arn:aws:sns:us-east-1:{partner}:alerts")

    lines = lines_of(drawn(program))
    assert lines.count('t0(["alerts"])') == lines.count('t1(["alerts"])') == 1


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_no_name_breaks_the_diagram(name: str):
    assert TEXT.fullmatch(drawing._label(name))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("end", "end"),
        ("1. first", "#49;. first"),
        ("- second", "#45; second"),
        ('a"b', "a#34;b"),
        ("<b>", "#60;b#62;"),
        ("#35;", "#35;35#59;"),
        ("`x`", "#96;x#96;"),
        ("größe", "größe"),
    ],
)
def test_what_means_something_to_mermaid_is_an_entity(name: str, label: str):
    assert drawing._label(name) == label


def test_nasty_names_make_a_sound_diagram():
    def program():
        topic = topic_with(('"] --> x["', "sms", "+15550100"), name="subgraph; `end` %% <br>")
        alarm("class #1 | style", topic.arn)

    assert is_sound(drawn(program))


def test_too_many_paths_are_not_drawn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "MOST_ARROWS", 2)
    assert diagram(explained(lambda: alarm("busy", topic_with(MAIL, PHONE).arn))) is None
