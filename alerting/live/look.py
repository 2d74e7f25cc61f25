"""What can be seen of a deployed stack without sending anything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Account, Item, Kind
from alerting.delivery import Finding, Level, findings
from alerting.live.action_history import Performed, performed
from alerting.live.clients import Connection
from alerting.live.declared import Declared
from alerting.live.drift import MISSING, drift, untold
from alerting.live.metrics import silences
from alerting.live.notes import in_words
from alerting.live.pairing import Match, match
from alerting.live.plan import muted
from alerting.live.probe import is_probe
from alerting.live.quiet import may_be_silent
from alerting.live.reader import read_account
from alerting.live.young_bands import young_bands
from alerting.sns.arn import parse_arn

HISTORY = timedelta(days=14)
"""How far back the alarms' history is read."""

_UNTOLD = "cannot-tell"


@dataclass(frozen=True)
class Look:
    """What can be seen of a deployed stack without sending anything."""

    connection: Connection
    declared: Declared
    match: Match
    findings: tuple[Finding, ...]
    untold: Mapping[str, str]
    """What could not be looked at, and why."""
    history: Mapping[tuple[str, str], Performed]
    """By alarm's name and action: the newest try."""
    probes: Account
    """The probes that hang on topics, which are nobody's receivers."""

    @property
    def live(self) -> Account:
        """What AWS holds."""
        return self.match.live

    @property
    def alarms(self) -> tuple[Item, ...]:
        """The stack's alarms that are there."""
        return tuple(alarm for alarm in self.live.alarms if alarm.urn is not None)

    @property
    def pending(self) -> tuple[Item, ...]:
        """The declared subscriptions that wait to be confirmed."""
        found = (s for s in self.live.of(Kind.SUBSCRIPTION) if s.urn is not None)
        return tuple(s for s in found if s.get("PendingConfirmation") == "true")


def look(
    declared: Declared, connection: Connection, *, say: Callable[[str], None] = lambda _: None
) -> Look:
    """Read the account, judge it by the rules, and compare it with what the stack declares.

    Args:
        declared: what the stack's program declares.
        connection: the account.
        say: is told what is being done.
    """
    say("reading the account")
    everything = _read(connection, declared)
    probes = [item for item in everything.items if _is_of_probe(item)]
    live = replace(
        everything,
        items=tuple(item for item in everything.items if not _is_of_probe(item)),
        unreadable={ref: why for ref, why in everything.unreadable.items() if not is_probe(ref)},
    )
    found = match(declared, live)
    unseen = {_name(found, ref): why for ref, why in live.unreadable.items()}
    unseen |= untold(declared, found.live, found.pairs)
    seen = Look(
        connection,
        declared,
        found,
        tuple(_by_rules(found.live)),
        unseen,
        {},
        replace(everything, items=tuple(probes)),
    )
    say("reading the alarms' history")
    history = _history(seen, unseen)
    say("looking for the alarms' metrics")
    more = [*drift(declared, found.live, found.pairs), *_states(seen), *_silences(seen, unseen)]
    more += _young_bands(seen, unseen)
    all_findings = sorted((*seen.findings, *more), key=lambda one: list(Level).index(one.level))
    return replace(
        seen,
        findings=tuple(_hidden(one, found) for one in _summed_up(seen, all_findings)),
        untold={found.hide(what): found.hide(why) for what, why in unseen.items()},
        history=history,
    )


def _read(connection: Connection, declared: Declared) -> Account:
    names: list[str] = []
    elsewhere: dict[str, str] = {}
    for arn in declared.arns(Kind.ALARM):
        parsed = parse_arn(arn)
        if parsed is None or parsed.region == connection.region:
            names.append(arn.split(":alarm:", 1)[1])
        else:
            elsewhere[arn] = f"it is in {parsed.region}; only {connection.region} is looked at"
    subscribed = (s.get("TopicArn") for s in declared.account.of(Kind.SUBSCRIPTION))
    others = [
        t for t in subscribed if isinstance(t, str) and not declared.account.find(Kind.TOPIC, t)
    ]
    account = read_account(
        connection.clients,
        account_id=connection.account_id,
        region=connection.region,
        partition=connection.partition,
        alarms=names,
        topics=[*declared.arns(Kind.TOPIC), *others],
        others=list(declared.arns(Kind.QUEUE, Kind.FUNCTION, Kind.ROLE, Kind.KEY)),
    )
    return replace(account, unreadable={**account.unreadable, **elsewhere})


def _name(found: Match, ref: str) -> str:
    """What people call what could not be read: the declared thing, else the reference itself."""
    items = (one for pair in found.pairs for one in (pair.declared, pair.live))
    there = next((one for one in items if one is not None and one.arn == ref), None)
    return f"the {there.kind} {there.label}" if there else ref


def _is_of_probe(item: Item) -> bool:
    return is_probe(item.arn) or is_probe(item.get("Endpoint"))


def _by_rules(live: Account) -> Iterator[Finding]:
    """What the rules find, but for what cannot be told: the routes say that."""
    for finding in findings(live):
        about = finding.resource
        ours = about is None or about.urn is not None
        foreign = not ours and about is not None and about.kind in (Kind.ALARM, Kind.MUTE_RULE)
        if finding.rule != _UNTOLD and not foreign:
            yield finding


def _history(seen: Look, unseen: dict[str, str]) -> dict[tuple[str, str], Performed]:
    alarms = [
        (str(a.get("AlarmName")), "CompositeAlarm" if "AlarmRule" in a.data else "MetricAlarm")
        for a in seen.alarms
    ]
    clients, region = seen.connection.clients, seen.connection.region
    try:
        found = performed(clients, region, alarms, datetime.now(UTC) - HISTORY) if alarms else ()
    except (ClientError, BotoCoreError) as error:
        unseen["the alarms' history"] = in_words(error)
        return {}
    return {(one.alarm, one.action): one for one in found}


def _silences(seen: Look, unseen: dict[str, str]) -> list[Finding]:
    declared, live = seen.declared.account, seen.live
    telling = [alarm for alarm in seen.alarms if not may_be_silent(alarm, declared, live)]
    try:
        return list(silences(seen.connection.clients, seen.connection.region, telling))
    except (ClientError, BotoCoreError) as error:
        unseen["the alarms' metrics"] = in_words(error)
        return []


def _young_bands(seen: Look, unseen: dict[str, str]) -> list[Finding]:
    clients, region = seen.connection.clients, seen.connection.region
    try:
        return list(young_bands(clients, region, seen.live, seen.alarms))
    except (ClientError, BotoCoreError) as error:
        unseen["which bands are learned"] = in_words(error)
        return []


def _states(seen: Look) -> Iterator[Finding]:
    """What CloudWatch itself says about alarms."""
    for alarm in seen.alarms:
        if alarm.get("EvaluationState") == "EVALUATION_ERROR":
            yield Finding(
                "alarm-not-evaluated",
                Level.ERROR,
                alarm,
                alarm.label,
                f"CloudWatch cannot evaluate {alarm.label}.",
                "It keeps its state, whatever its metric does.",
                "Look at the alarm's reason in the console; its expression or a permission is off.",
            )
        if muted(seen.live, alarm):
            yield Finding(
                "alarm-muted",
                Level.NOTE,
                alarm,
                alarm.label,
                f"A mute rule holds back {alarm.label} right now.",
                "It tells nobody until the rule's window ends.",
                "",
            )


def _summed_up(seen: Look, found: Sequence[Finding]) -> Sequence[Finding]:
    """One finding instead of many where nothing at all is there."""
    items = [i for i in seen.declared.account.items if i.kind in (Kind.ALARM, Kind.TOPIC)]
    missing = {id(finding.resource) for finding in found if finding.rule == MISSING}
    if not items or any(id(item) not in missing for item in items):
        return found
    where = f"account {seen.connection.account_id}, {seen.connection.region}"
    what = f"Nothing of stack {seen.declared.deployment.stack} is in {where}."
    why = "Nobody is told of anything."
    fix = "Run `pulumi up`, or use the credentials of the account it was deployed to."
    return [
        Finding(
            "nothing-deployed", Level.ERROR, None, seen.declared.deployment.stack, what, why, fix
        )
    ]


def _hidden(finding: Finding, found: Match) -> Finding:
    return replace(
        finding,
        label=found.hide(finding.label),
        what=found.hide(finding.what),
        consequence=found.hide(finding.consequence),
        fix=found.hide(finding.fix),
    )
