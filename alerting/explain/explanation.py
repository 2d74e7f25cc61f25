"""What a stack's alarms do, whom they tell and what they cost, before anything is deployed."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from alerting.account import Account, Deployment, Item, Kind, Ref, account_of
from alerting.cloudwatch import State
from alerting.cloudwatch.bill import Line, bill, is_certain, money, total
from alerting.cloudwatch.prices import alarm_charge
from alerting.delivery import Finding, Level, Route, findings, routes
from alerting.delivery.composites import child_refs, suppressor_ref
from alerting.delivery.possible import Possible
from alerting.delivery.publishing import actions, service_of
from alerting.explain.bill import charges, on_top
from alerting.explain.conditions import Conditions
from alerting.explain.duties import Confirmation, confirmations
from alerting.explain.explained import Explained
from alerting.explain.families import with_families
from alerting.explain.found import FoundByTag, found_by_tag
from alerting.explain.hearers import Audience, hearers, lost, unseen
from alerting.explain.requirements import Requirement, requirements
from alerting.explain.statements import OwnerStatement, owner_statements
from alerting.explain.topics import first_stop, tells_a_function, topic_names
from alerting.recording import record
from alerting.sns.limits import Protocol
from alerting.stackfile import StackFile

INVENTED_ACCOUNT = "123456789012"
"""Stands for the account where the config does not name it."""

_ACTING = {
    "automate": "EC2",
    "autoscaling": "Auto Scaling",
    "ssm": "Systems Manager",
    "ssm-incidents": "Incident Manager",
    "swf": "EC2",
}
"""What the services in the ARNs of actions are called."""
_ACCOUNT_IN_ARN = re.compile(r"\barn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):")


@dataclass(frozen=True)
class Explanation:
    """All that `explain` shows."""

    stack: str
    account: Account
    alarms: tuple[Explained, ...]
    routes: tuple[Route, ...]
    findings: tuple[Finding, ...]
    bill: tuple[Line, ...]
    """The fixed costs by kind."""
    confirmations: tuple[Confirmation, ...]
    statements: tuple[OwnerStatement, ...]
    requirements: tuple[Requirement, ...]
    """What must be switched on for alarms to have data, as far as the catalogue knows."""
    found: tuple[FoundByTag, ...]
    """The sets whose resources are found by tag."""
    secrets: tuple[str, ...]
    """Names of the config keys whose values are not known offline."""
    account_known: bool
    """False where the account id stands for another one."""
    names: Mapping[str, str]
    """What topics are called, by ARN."""
    budget: Decimal | None = None
    """USD a month that the fixed costs may come to, where the stack says so."""

    @property
    def together(self) -> str:
        """USD a month: `3.60`, and `from 3.60` where it may be more."""
        return money(total(self.bill), certain=self._certain)

    @property
    def left(self) -> str | None:
        """USD a month that the budget leaves, at most where it may be less."""
        if self.budget is None:
            return None
        left = money(self.budget - total(self.bill))
        return left if self._certain else f"at most {left}"

    @property
    def _certain(self) -> bool:
        """Whether nothing is to come that only AWS knows: quantities, and resources with a tag."""
        return is_certain(self.bill) and all(one.resources is not None for one in self.found)

    @property
    def wrong(self) -> bool:
        """Whether a finding is an error."""
        return any(finding.level is Level.ERROR for finding in self.findings)

    @property
    def account_note(self) -> str:
        """To be said beside ARNs where the account is not known."""
        return f"{self.account.account_id} stands for the account you deploy to."

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        """The protocols of the receivers."""
        used = {item.get("Protocol") for item in self.account.of(Kind.SUBSCRIPTION)}
        return tuple(protocol for protocol in Protocol if protocol in used)

    @property
    def on_top(self) -> str:
        """What is paid by use, in sentences."""
        return on_top(self.protocols, [line.kind for line in self.bill])


def explain(stack: StackFile, *, say: Callable[[str], None] = lambda _: None) -> Explanation:
    """Run the stack's program without a cloud and explain what it declares.

    Args:
        stack: the stack's config; the program is the one beside it.
        say: is told what is being done.

    Raises:
        Exception: what the program raises.
    """
    account = likely_account(stack.config)
    say(f"running the program of {stack.stack}")
    deployment = record(
        stack.program,
        config=stack.config,
        secret_keys=stack.secret_keys,
        stack=stack.stack,
        account=account or INVENTED_ACCOUNT,
    )
    budget = stack.config.get(f"{stack.project}:budget")
    return explanation_of(
        deployment,
        secret_keys=stack.secret_keys,
        account_known=account is not None,
        budget=None if budget is None else Decimal(str(budget)),
    )


def explanation_of(
    deployment: Deployment,
    *,
    secret_keys: Collection[str] = (),
    account_known: bool = True,
    budget: Decimal | None = None,
) -> Explanation:
    """Explain what any program declared, ours or not.

    Args:
        deployment: what it declared.
        secret_keys: full config keys whose values are stand-ins.
        account_known: whether the deployment's account id is the real one.
        budget: USD a month. Default: none.
    """
    account = account_of(deployment)
    # Registered from several threads, so that their own order means nothing.
    account = account.with_items(sorted(account.items, key=lambda item: (item.kind, item.label)))
    paths, names, audience = routes(account), topic_names(deployment, account), Audience(account)
    by_alarm: dict[int, list[Route]] = {}
    for route in paths:
        by_alarm.setdefault(id(route.alarm), []).append(route)
    parts, held = _composites(account, child_refs), _composites(account, _suppressors)
    conditions = Conditions(account)
    alarms: list[Explained] = []
    for alarm in account.alarms:
        found = by_alarm.get(id(alarm), [])
        alarms.append(
            Explained(
                alarm=alarm,
                severities=_severities(found, names),
                hearers=hearers(audience, found),
                lost=lost(found, names),
                unseen=unseen(audience, found, names),
                acts=_acts(alarm),
                part_of=tuple(parts.get(id(alarm), ())),
                holds_back=tuple(held.get(id(alarm), ())),
                earliest=earliest_notice(alarm.data),
                charge=alarm_charge(alarm.data),
                condition=conditions.of(alarm),
            )
        )
    return Explanation(
        stack=deployment.stack,
        account=account,
        alarms=with_families(account, alarms),
        routes=paths,
        findings=findings(account),
        bill=bill(charges(account)),
        confirmations=confirmations(account, paths, names),
        statements=owner_statements(account, paths, names),
        requirements=requirements(account),
        found=found_by_tag(deployment),
        secrets=tuple(sorted(key.split(":", 1)[-1] for key in secret_keys)),
        account_known=account_known,
        names=names,
        budget=budget,
    )


def earliest_notice(alarm: Mapping[str, Any]) -> int | None:
    """Seconds from the onset of a breach to the first notification, at the earliest.

    M × period + tick: an onset at the start of a datapoint has its M-th breaching one complete M
    periods later, and the next evaluation is at most a tick away (every minute, ten seconds or
    hour: CloudWatch user guide, "Evaluating an alarm"). One period of five minutes makes six. The
    time a metric takes to reach CloudWatch comes on top. None for a composite, which follows its
    alarms at once, and where the alarm does not say.
    """
    evaluation = None if alarm.get("AlarmRule") is not None else Possible(alarm).evaluation
    if evaluation is None:
        return None
    return evaluation.datapoints_to_alarm * evaluation.period + evaluation.tick


def likely_account(config: Mapping[str, Any]) -> str | None:
    """The account a stack is deployed to: the only one allowed, else what most ARNs in it name."""
    allowed = config.get("aws:allowedAccountIds")
    if isinstance(allowed, list) and len(allowed) == 1:
        return str(allowed[0])
    named = Counter(_ACCOUNT_IN_ARN.findall(json.dumps(config, default=str)))
    return min(named, key=lambda account: (-named[account], account), default=None)


def _severities(found: Iterable[Route], names: Mapping[str, str]) -> tuple[str, ...]:
    heard = (
        first_stop(route, names)
        for route in found
        if route.state is State.ALARM and not tells_a_function(route)
    )
    return tuple(dict.fromkeys(heard))


def _acts(alarm: Item) -> tuple[str, ...]:
    services = (service_of(a) for a in actions(alarm, State.ALARM) if isinstance(a, str))
    known = (_ACTING.get(s, s) for s in services if s not in ("", "sns", "lambda"))
    return tuple(dict.fromkeys(known))


def _suppressors(composite: Item) -> tuple[Ref | None]:
    return (suppressor_ref(composite),)


def _composites(
    account: Account, refs: Callable[[Item], Iterable[Ref | None]]
) -> dict[int, list[str]]:
    """Labels of the composites that refer to an alarm, by its `id`."""
    found: dict[int, list[str]] = {}
    for composite in account.alarms:
        for ref in dict.fromkeys(refs(composite)):
            for alarm in account.find(Kind.ALARM, ref):
                found.setdefault(id(alarm), []).append(composite.label)
    return found


def heading(explanation: Explanation) -> str:
    """What is explained."""
    return f"What {explanation.stack} does in {explanation.account.region}"
