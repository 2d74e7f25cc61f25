"""The findings: what loses notifications, or will, one function a rule."""

from alerting.account import Account
from alerting.delivery.paths import Paths
from alerting.delivery.rules import (
    alarms,
    bands,
    composites,
    dashboards,
    detectors,
    firing,
    fleets,
    heartbeats,
    keys,
    mutes,
    receivers,
    reminders,
    second_path,
    subscriptions,
    topics,
    unseen,
)
from alerting.delivery.rules.page import rules_markdown
from alerting.delivery.rules.rule import Finding, Level, Rule

__all__ = ["RULES", "Finding", "Level", "Rule", "findings", "rules_markdown"]

RULES: tuple[Rule, ...] = (
    *alarms.RULES,
    *firing.RULES,
    *fleets.RULES,
    *bands.RULES,
    *detectors.RULES,
    *composites.RULES,
    *mutes.RULES,
    *dashboards.RULES,
    *topics.RULES,
    *keys.RULES,
    *subscriptions.RULES,
    *receivers.RULES,
    *second_path.RULES,
    *heartbeats.RULES,
    *reminders.RULES,
    *unseen.RULES,
)
"""All rules, in the order of the path: alarm, topic, key, subscription, receiver."""


def findings(account: Account) -> tuple[Finding, ...]:
    """What the rules have to say about an account: errors first, then warnings, then notes."""
    paths = Paths(account)
    found = [finding for rule in RULES for finding in rule.findings(paths)]
    order = list(Level)
    return tuple(sorted(found, key=lambda finding: order.index(finding.level)))
