"""What a rule hands to its target."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.events.transformer import TransformerError, handed

EVENT = {"id": "1", "detail": {"name": 'a "b"', "count": 3, "list": ["x"]}}


def filled(template: str, event: Any = EVENT, **paths: str) -> Any:
    return handed({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}, event)


def test_a_target_is_handed_the_event_unless_it_says_otherwise():
    assert handed({"Arn": "arn:x"}, EVENT) == EVENT


def test_a_constant_and_a_part():
    assert handed({"Input": '{"a": 1}'}, EVENT) == {"a": 1}
    assert handed({"InputPath": "$.detail.list[0]"}, EVENT) == "x"


def test_a_variable_stands_for_a_value_of_any_kind():
    made = filled('{"name": <n>, "all": <d>}', n="$.detail.name", d="$.detail")
    assert made == {"name": 'a "b"', "all": EVENT["detail"]}


def test_a_variable_within_text_becomes_part_of_it():
    assert filled(r'{"said": "it is \"<n>\"."}', n="$.detail.name") == {"said": 'it is "a "b"".'}


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_the_whole_event_is_handed_on_as_it_is(detail: Any):
    made = filled('{"topic": "<3", "event": <aws.events.event.json>}', {"detail": detail})
    assert made == {"topic": "<3", "event": {"detail": detail}}


@pytest.mark.parametrize(
    ("template", "paths", "message"),
    [
        ("{", {}, "not JSON"),
        ('{"a": <no>}', {}, "<no> is not known"),
        ('{"a": <aws.events.rule-arn>}', {}, "is not known"),
        ('{"a": "<n>"}', {"n": "$.detail.count"}, "stands in text, and is none"),
        ('{"a": <n>}', {"n": "$.detail.no"}, "nothing stands at"),
        ('{"a": <n>}', {"n": "$.detail.*"}, "no path"),
    ],
)
def test_what_cannot_be_handed_on_is_told(template: str, paths: Any, message: str):
    with pytest.raises(TransformerError, match=message.replace("*", r"\*")):
        filled(template, **paths)


def test_what_stands_in_text_may_hold_what_json_escapes():
    event = {"detail": {"name": "line\nand \\"}}
    assert filled(json.dumps({"a": "<n>"}), event, n="$.detail.name") == {"a": "line\nand \\"}
