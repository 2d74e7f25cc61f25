"""What a stack's alarms do, whom they tell and what they cost, before anything is deployed."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account import Account, Deployment, Item, Kind, account_of
from alerting.cloudwatch import State
from alerting.cloudwatch.prices import Charge, alarm_charge, key_charge
from alerting.delivery import Finding, Level, Route, findings, routes
from alerting.delivery.composites import child_refs, suppressor_ref
from alerting.delivery.possible import Possible
from alerting.delivery.publishing import actions, service_of
from alerting.explain.bill import Line, bill
from alerting.explain.duties import (
    Confirmation,
    QueueStatement,
    confirmations,
    queue_statements,
)
from alerting.explain.hearers import Audience, Hearer, hearers, lost, unseen
from alerting.explain.requirements import Requirement, requirements
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


@dataclass(frozen=True, slots=True)
class Explained:
    """One alarm."""

    alarm: Item
    severities: tuple[str, ...]
    """What the topics that hear of ALARM are called."""
    hearers: Mapping[State, tuple[Hearer, ...]]
    """By state, the receivers at the end of its paths."""
    lost: tuple[tuple[str, str], ...]
    """The ends that ALARM does not reach because a path is broken, each with the reason."""
    unseen: tuple[str, ...]
    """What it tells of ALARM whose hearers cannot be seen from here, in words."""
    acts: tuple[str, ...]
    """The services it sets something off in, rather than tell anybody."""
    part_of: tuple[str, ...]
    """The composite alarms that hang on it."""
    earliest: int | None
    """Seconds from the onset to the first notification; None where that cannot be said."""
    charge: Charge


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
    statements: tuple[QueueStatement, ...]
    requirements: tuple[Requirement, ...]
    """What must be switched on for alarms to have data, as far as the catalogue knows."""
    secrets: tuple[str, ...]
    """Names of the config keys whose values are not known offline."""
    account_known: bool
    """False where the account id stands for another one."""
    names: Mapping[str, str]
    """What topics are called, by ARN."""

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
    return explanation_of(
        deployment, secret_keys=stack.secret_keys, account_known=account is not None
    )


def explanation_of(
    deployment: Deployment, *, secret_keys: Collection[str] = (), account_known: bool = True
) -> Explanation:
    """Explain what any program declared, ours or not.

    Args:
        deployment: what it declared.
        secret_keys: full config keys whose values are stand-ins.
        account_known: whether the deployment's account id is the real one.
    """
    account = account_of(deployment)
    # Registered from several threads, so that their own order means nothing.
    account = account.with_items(sorted(account.items, key=lambda item: (item.kind, item.label)))
    paths, names, audience = routes(account), topic_names(deployment, account), Audience(account)
    by_alarm: dict[int, list[Route]] = {}
    for route in paths:
        by_alarm.setdefault(id(route.alarm), []).append(route)
    composites = _composites(account)
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
                part_of=tuple(composites.get(id(alarm), ())),
                earliest=earliest_notice(alarm.data),
                charge=alarm_charge(alarm.data),
            )
        )
    return Explanation(
        stack=deployment.stack,
        account=account,
        alarms=tuple(alarms),
        routes=paths,
        findings=findings(account),
        bill=bill([*(a.charge for a in alarms), *(key_charge() for _ in account.of(Kind.KEY))]),
        confirmations=confirmations(account, paths, names),
        statements=queue_statements(account),
        requirements=requirements(account),
        secrets=tuple(sorted(key.split(":", 1)[-1] for key in secret_keys)),
        account_known=account_known,
        names=names,
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
    """The account a stack is deployed to, as far as the ARNs in its config tell."""
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


def _composites(account: Account) -> dict[int, list[str]]:
    """Labels of the composites that hang on an alarm, by its `id`."""
    found: dict[int, list[str]] = {}
    for composite in account.alarms:
        for ref in dict.fromkeys((*child_refs(composite), suppressor_ref(composite))):
            for alarm in account.find(Kind.ALARM, ref):
                found.setdefault(id(alarm), []).append(composite.label)
    return found


def heading(explanation: Explanation) -> str:
    """What is explained."""
    return f"What {explanation.stack} does in {explanation.account.region}"


def closing_line(explanation: Explanation) -> str:
    """The counts."""
    receivers = {
        (hearer.name, hearer.protocol)
        for explained in explanation.alarms
        for told in explained.hearers.values()
        for hearer in told
        if hearer.told
    }
    levels = Counter(finding.level for finding in explanation.findings)
    counts = (
        (len(explanation.alarms), "alarm"),
        (len(receivers), "receiver"),
        *((levels[level], str(level)) for level in Level),
    )
    return ", ".join(f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in counts)
