"""The page of pictures, as text."""

import json
import re

from alerting.pictures import Section, page
from tests.pictures.examples import html, panel


def specs(text):
    """The pictures in a page."""
    (found,) = re.findall(r"^(\[.*\])\.forEach", text, re.MULTILINE)
    return json.loads(found)


def test_each_section_has_its_panel():
    found = specs(html(panel("one"), panel("two")))
    assert len(found) == 2


def test_a_page_without_panels_carries_no_library():
    assert len(page("Nothing", [Section("Empty", ("No metric.",))])) < 3000


def test_names_are_text_and_no_markup():
    text = html(panel("</script><script>alert(1)</script>"), name="<b>bold</b>")
    assert "<b>" not in text
    assert "<script>alert" not in text
    assert "&lt;b&gt;bold" in text


def test_the_page_may_load_nothing():
    policy = re.search(r'Content-Security-Policy" content="([^"]*)', html(panel()))
    assert policy[1].startswith("default-src 'none';")
    assert "http" not in policy[1]
