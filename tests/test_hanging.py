"""Text that hangs beside its head."""

import io

from rich.console import Console
from rich.text import Text

from alerting.output import hanging


def printed(head: str, body: str, indent: int) -> list[str]:
    out = io.StringIO()
    hanging(Console(file=out, width=30), Text(head), Text(body), indent)
    return out.getvalue().splitlines()


def test_the_body_is_wrapped_beside_its_head():
    assert printed("  name", "one two three four five", 10) == [
        "  name    one two three four",
        "          five",
    ]


def test_a_head_may_bring_its_own_gap():
    assert printed("  name  ", "one", 8) == ["  name  one"]


def test_a_head_without_room_for_the_body_has_a_line_of_its_own():
    assert printed("a-name-of-ten", "one two", 8) == ["a-name-of-ten", "        one two"]


def test_without_an_indent_there_is_no_head():
    assert printed("", "one two", 0) == ["one two"]
