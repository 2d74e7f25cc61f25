"""The policies: the delivery rules over what the engine hands over, as plain functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from resources import ANY_ACCOUNT, deployment_of, known_account, likely_accounts, resources_of

from alerting.account import account_of
from alerting.delivery import RULES, Finding, Level, findings
from alerting.delivery.troubles import CANNOT_TELL


@dataclass(frozen=True)
class Judgement:
    """What the delivery rules say about a stack."""

    errors: tuple[Finding, ...]
    """What is wrong for certain."""
    doubts: tuple[Finding, ...]
    """What cannot be told, what would be wrong in one of several accounts only, and warnings."""
    accounts: tuple[str, ...]
    """The accounts it was judged for, where that it is one of them is all that is known."""


def judge(resources: Sequence[PolicyResource], config: Mapping[str, Any]) -> Judgement:
    """Judge a stack.

    Where the account is not known, which is the rule in a first preview, the stack is judged for
    each account that its own documents name, and an error is what is wrong in all of them.

    Args:
        resources: As the SDK hands them over.
        config: `account`, and what is excepted: `exceptRules`, `exceptResources`.
    """
    made = resources_of(resources, _registered)
    account = config.get("account") or known_account(made, resources)
    named = [] if account else likely_accounts(made)
    views = [
        [f for f in findings(account_of(deployment_of(made, one))) if not _excepted(f, config)]
        for one in named or [account or ANY_ACCOUNT]
    ]
    wrong = [{_key(f) for f in view if f.level is Level.ERROR} for view in views]
    certain = wrong[0].intersection(*wrong[1:])
    doubts = {
        _key(finding): finding
        for view in reversed(views)
        for finding in view
        if _key(finding) not in certain
        and (finding.level is not Level.NOTE or finding.rule == CANNOT_TELL)
    }
    return Judgement(
        errors=tuple(finding for finding in views[0] if _key(finding) in certain),
        doubts=tuple(doubts.values()),
        accounts=tuple(named),
    )


_registered: set[str] = set()
"""What the engine has told of one by one; of what a program only reads it does not."""


def declared_here(args: ResourceValidationArgs, report: ReportViolation) -> None:  # noqa: ARG001
    """Remember what is declared: a topic that is only read has receivers nobody here knows."""
    _registered.add(args.urn)


def someone_listens(args: StackValidationArgs, report: ReportViolation) -> None:
    """Refuse a stack in which a notification is lost or an alarm can never fire."""
    for finding in judge(args.resources, args.get_config() or {}).errors:
        report(_said(finding), finding.urn)


def in_doubt(args: StackValidationArgs, report: ReportViolation) -> None:
    """Say what cannot be told, and what is not wrong yet."""
    judgement = judge(args.resources, args.get_config() or {})
    for finding in judgement.doubts:
        report(_said(finding), finding.urn)
    if judgement.accounts and _has_alarms(args.resources):
        named = " and for ".join(judgement.accounts)
        report(
            "The account is not known before the first deployment; the stack was judged for "
            f"{named}. Set `account` in the policy's config to be sure.",
            None,
        )


def _has_alarms(resources: Sequence[PolicyResource]) -> bool:
    return any(r.resource_type.endswith((":MetricAlarm", ":CompositeAlarm")) for r in resources)


def _key(finding: Finding) -> tuple[str, str, Level]:
    return finding.rule, finding.urn or finding.label, finding.level


def _excepted(finding: Finding, config: Mapping[str, Any]) -> bool:
    names = {finding.label, finding.urn, (finding.urn or "").rsplit("::", 1)[-1]}
    excepted: Sequence[str] = config.get("exceptResources") or ()
    return finding.rule in (config.get("exceptRules") or ()) or not names.isdisjoint(excepted)


def _said(finding: Finding) -> str:
    parts = (f"{finding.rule}: {finding.what}", finding.consequence, finding.fix)
    return " ".join(part for part in parts if part)


def _config() -> PolicyConfigSchema:
    return PolicyConfigSchema(
        properties={
            "account": {
                "type": "string",
                "pattern": "^[0-9]{12}$",
                "description": "The account the stack is deployed to, for its first preview.",
            },
            "exceptRules": {
                "type": "array",
                "items": {"type": "string", "enum": [rule.id for rule in RULES]},
                "description": "Rules that are not applied.",
            },
            "exceptResources": {
                "type": "array",
                "items": {"type": "string"},
                "description": "URNs or names of resources about which nothing is said.",
            },
        }
    )


POLICIES: list[Policy] = [
    ResourceValidationPolicy(
        name="declared-here",
        description="Tells what a stack declares from what it only reads; it refuses nothing.",
        validate=declared_here,
        enforcement_level=EnforcementLevel.ADVISORY,
    ),
    StackValidationPolicy(
        name="someone-listens",
        description="What every CloudWatch alarm tells must reach its receivers.",
        validate=someone_listens,
        enforcement_level=EnforcementLevel.MANDATORY,
        config_schema=_config(),
    ),
    StackValidationPolicy(
        name="in-doubt",
        description="What cannot be told of alarms' notifications before deploying.",
        validate=in_doubt,
        enforcement_level=EnforcementLevel.ADVISORY,
        config_schema=_config(),
    ),
]
"""What the pack is made of."""
