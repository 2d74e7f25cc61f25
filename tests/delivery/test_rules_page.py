"""docs/rules.md is what the code says."""

import subprocess
import sys
from pathlib import Path

from alerting.delivery import RULES
from alerting.delivery.rules import rules_markdown

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_equals_the_rules():
    assert PAGE.read_text() == rules_markdown(RULES), "run: make docs, or see the page's head"


def test_the_module_prints_the_page():
    made = subprocess.run(
        [sys.executable, "-m", "alerting.delivery.rules"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert made.stdout == rules_markdown(RULES)


def test_every_rule_says_what_it_finds_and_ids_are_unique():
    assert all(rule.finds.endswith(".") and rule.why and rule.fix for rule in RULES)
    assert all(rule.source for rule in RULES if rule.id != "cannot-tell")
    assert len({rule.id for rule in RULES}) == len(RULES)
