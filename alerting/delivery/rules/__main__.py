"""Prints docs/rules.md."""

import sys

from alerting.delivery.rules import RULES, rules_markdown

sys.stdout.write(rules_markdown(RULES))
