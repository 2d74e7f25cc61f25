"""Rules about an alarm and what it does."""

from collections.abc import Iterator

from alerting.account import Item, Kind, Unknown
from alerting.cloudwatch import MissingData, State
from alerting.cloudwatch.actions import ACTIONS_OF
from alerting.cloudwatch.composite import RuleError
from alerting.cloudwatch.limits import MAX_ACTIONS, MAX_NAME, evaluation_problems, period_problems
from alerting.delivery.composites import rule_of, used_by_others
from alerting.delivery.paths import Paths
from alerting.delivery.possible import Possible
from alerting.delivery.publishing import STATES, actions, elsewhere, service_of
from alerting.delivery.queries import is_band, returned
from alerting.delivery.routes import routes_of
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.steps import Outcome
from alerting.delivery.troubles import troubles


@rule(
    "alarm-without-action",
    Level.ERROR,
    why="An alarm that does nothing when it fires is seen by whoever happens to look. The children "
    "and suppressors of composite alarms are exempt: they speak through the composite.",
    consequence="CloudWatch changes the alarm's state and tells nobody; the console shows it red.",
    fix="Add the ARN of a topic to AlarmActions; of an alarm in a stack file, let another alarm "
    "hang on it or leave out `tell: false`.",
    source="CloudWatch user guide, Using Amazon CloudWatch alarms (alarm actions)",
)
def alarm_without_action(paths: Paths) -> Iterator[Found]:
    """An alarm that does nothing on entering ALARM."""
    used = used_by_others(paths.account)
    if _rule_in_the_dark(paths):
        return
    for alarm in paths.account.alarms:
        if actions(alarm, State.ALARM) or id(alarm) in used:
            continue
        others = [state for state in (State.OK, State.INSUFFICIENT_DATA) if actions(alarm, state)]
        what = f"{alarm.label} has no action for ALARM"
        what += f", only for {listed(others)}." if others else "."
        yield Found(alarm, what)


def _rule_in_the_dark(paths: Paths) -> bool:
    """Whether a composite may name any alarm, because nothing is known of its rule."""
    for alarm in paths.account.alarms:
        try:
            rule = rule_of(alarm)
        except RuleError:
            return True
        if isinstance(rule, Unknown) and not paths.account.find(Kind.ALARM, rule):
            return True
    return False


@rule(
    "alarm-actions-off",
    Level.ERROR,
    why="Actions are switched off during a maintenance and then forgotten.",
    consequence="CloudWatch goes on evaluating the alarm and runs none of its actions.",
    fix="Set ActionsEnabled to true; for a planned silence use a mute rule, which ends by itself.",
    source="CloudWatch API reference, PutMetricAlarm (ActionsEnabled)",
)
def alarm_actions_off(paths: Paths) -> Iterator[Found]:
    """An alarm that has actions which are switched off."""
    used = used_by_others(paths.account)
    for alarm in paths.account.alarms:
        off = str(alarm.get("ActionsEnabled", True)).lower() == "false"
        if off and id(alarm) not in used and any(actions(alarm, state) for state in State):
            yield Found(alarm, f"The actions of {alarm.label} are switched off.")


@rule(
    "alarm-too-many-actions",
    Level.ERROR,
    why="The quota is fixed.",
    consequence="CloudWatch refuses the alarm.",
    fix="Let one topic tell them all.",
    source="CloudWatch user guide, CloudWatch service quotas (5 actions per alarm and state)",
)
def alarm_too_many_actions(paths: Paths) -> Iterator[Found]:
    """An alarm with more than five actions for one state."""
    for alarm in paths.account.alarms:
        for key in ACTIONS_OF.values():
            given = alarm.get(key)
            count = len(given) if isinstance(given, list | tuple) else 0
            if count > MAX_ACTIONS:
                what = f"{alarm.label} has {count} {key}, at most {MAX_ACTIONS} are allowed."
                yield Found(alarm, what)


@rule(
    "action-refused",
    Level.ERROR,
    why="A name in the place of an ARN, or an action that does not go with the kind of alarm: a "
    "band alarm has no Auto Scaling actions, an alarm on metric math no EC2 actions, a composite "
    "neither.",
    consequence="CloudWatch refuses the alarm.",
    fix="Give the ARN of a topic (arn:aws:sns:REGION:ACCOUNT:NAME), or another kind of alarm.",
    source="CloudWatch API reference, PutMetricAlarm and PutCompositeAlarm (AlarmActions)",
)
def action_refused(paths: Paths) -> Iterator[Found]:
    """An action CloudWatch does not take for this alarm."""
    for trouble in troubles(paths).get("action-refused", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")
    for alarm in paths.account.alarms:
        composite = alarm.get("AlarmRule") is not None
        math, band = bool(alarm.get("Metrics")), is_band(alarm)
        services = {
            service_of(action)
            for state in State
            for action in actions(alarm, state)
            if isinstance(action, str)
        }
        if "autoscaling" in services and (composite or band):
            kind = "composite" if composite else "band"
            yield Found(alarm, f"{alarm.label} is a {kind} alarm and has an Auto Scaling action.")
        if services & {"automate", "swf"} and (composite or math):
            kind = "a composite alarm" if composite else "on metric math"
            yield Found(alarm, f"{alarm.label} is {kind} and has an EC2 action.")


@rule(
    "action-elsewhere",
    Level.ERROR,
    why="An ARN copied from another Region, or from the standard partition into China or GovCloud.",
    consequence="An action is in the alarm's own Region: CloudWatch refuses the alarm or its "
    "publish fails, and the topic stays silent.",
    fix="Use a topic of the alarm's own Region; it can have receivers elsewhere.",
    source="CloudWatch user guide, Cross-account alarm actions",
)
def action_elsewhere(paths: Paths) -> Iterator[Found]:
    """An action in another Region or partition than its alarm."""
    for alarm in paths.account.alarms:
        told = (action for state in STATES for action in actions(alarm, state))
        here = paths.place_of(alarm)
        whys = (elsewhere(here, action) for action in told if isinstance(action, str))
        yield from (Found(alarm, f"{alarm.label}: {why}.") for why in dict.fromkeys(whys) if why)


@rule(
    "action-missing",
    Level.ERROR,
    why="The topic or function was deleted, or its name is misspelt.",
    consequence="CloudWatch does not check that it exists; the action fails, which only the "
    "alarm's history shows.",
    fix="Create it, or name the right one.",
    source="CloudWatch API reference, PutMetricAlarm (its only error is LimitExceeded)",
)
def action_missing(paths: Paths) -> Iterator[Found]:
    """An action on a topic or function that does not exist."""
    for trouble in troubles(paths).get("action-missing", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "alarm-name-twice",
    Level.ERROR,
    why="Names are unique in a Region, metric and composite alarms together.",
    consequence="Creating the second overwrites the first without a word: one of the two things is "
    "no longer watched.",
    fix="Give each alarm a name of its own.",
    source="CloudWatch API reference, PutMetricAlarm (AlarmName; an update replaces everything)",
)
def alarm_name_twice(paths: Paths) -> Iterator[Found]:
    """Two alarms with one name."""
    named: dict[tuple[str, str], list[Item]] = {}
    for alarm in paths.account.alarms:
        name = alarm.get("AlarmName")
        if isinstance(name, str):
            named.setdefault((name, paths.place_of(alarm).region), []).append(alarm)
    for (name, _), alarms in named.items():
        if len(alarms) > 1:
            others = listed(alarm.label for alarm in alarms[:-1])
            what = f"{alarms[-1].label} is called {name!r}, and so is {others}."
            yield Found(alarms[-1], what)


@rule(
    "alarm-refused",
    Level.ERROR,
    why="These limits are checked by AWS alone, at the end of a deployment.",
    consequence="CloudWatch refuses the alarm.",
    fix="Keep to the limit named.",
    source="CloudWatch API reference, PutMetricAlarm (Period, EvaluationPeriods, Metrics)",
)
def alarm_refused(paths: Paths) -> Iterator[Found]:
    """An alarm outside CloudWatch's limits on names, periods and returned series."""
    for alarm in paths.account.alarms:
        name = alarm.get("AlarmName")
        if isinstance(name, str) and not 1 <= len(name) <= MAX_NAME:
            yield Found(alarm, f"{alarm.label} needs a name of 1 to {MAX_NAME} characters.")
        yield from (Found(alarm, f"{alarm.label}: {why}.") for why in _refusals(alarm))


def _refusals(alarm: Item) -> Iterator[str]:
    rule = Possible(alarm.data).evaluation
    if rule is not None and alarm.get("AlarmRule") is None:
        datapoints = f"{rule.datapoints_to_alarm}/{rule.evaluation_periods}"
        problems = (
            *period_problems("period", rule.period),
            *evaluation_problems(datapoints, rule.period, band=False),
        )
        yield from (str(problem) for problem in problems)
    count = None if is_band(alarm) else returned(alarm)
    if count not in (None, 1):
        yield f"exactly one of its Metrics must return data, {count} do"


@rule(
    "alarm-heard-by-nobody",
    Level.ERROR,
    why="Each filter is meant for some alarms, and this one is among none of them.",
    consequence="CloudWatch publishes, SNS drops the message for every subscription; nothing is "
    "logged but the metric NumberOfNotificationsFilteredOut.",
    fix="Widen one of the filters, or subscribe somebody without one.",
    source="SNS developer guide, Message filtering",
)
def alarm_heard_by_nobody(paths: Paths) -> Iterator[Found]:
    """An alarm whose ALARM message every receiver's filter drops."""
    heard: dict[int, set[Outcome]] = {}
    for edge in paths.edges:
        if edge.state is State.ALARM:
            found = heard.setdefault(id(edge.alarm), set())
            if paths.everybody_filters(edge.target.item):
                found.update(route.outcome for route in routes_of(paths, edge))
            else:
                found.add(Outcome.OK)
    for alarm in paths.account.alarms:
        if heard.get(id(alarm)) == {Outcome.FILTERED}:
            yield Found(alarm, f"No receiver's filter lets ALARM of {alarm.label} through.")


@rule(
    "ok-unheard",
    Level.NOTE,
    why="Whoever was woken wants to know that it is over, and tools that open a ticket on ALARM "
    "close it on OK.",
    consequence="CloudWatch tells nobody when the alarm clears.",
    fix="Add the topic to OKActions too.",
    source="CloudWatch API reference, PutMetricAlarm (OKActions)",
)
def ok_unheard(paths: Paths) -> Iterator[Found]:
    """Alarms that tell somebody of ALARM and nobody of OK."""
    yield from _together(
        [a for a in _speaking(paths) if not actions(a, State.OK)], "tells nobody of OK."
    )


@rule(
    "insufficient-data-unheard",
    Level.NOTE,
    why="With missing data treated as missing, an alarm whose metric stops goes to "
    "INSUFFICIENT_DATA and watches nothing.",
    consequence="CloudWatch tells nobody when the data stops.",
    fix="Add the topic to InsufficientDataActions (in a stack file `tellInsufficientData: true`), "
    "or choose breaching where silence is bad and notBreaching where it is good.",
    source="CloudWatch user guide, Configuring how CloudWatch alarms treat missing data",
)
def insufficient_data_unheard(paths: Paths) -> Iterator[Found]:
    """Alarms that go to INSUFFICIENT_DATA on missing data and tell nobody of it."""
    mute: list[Item] = []
    for alarm in _speaking(paths):
        rule = Possible(alarm.data).evaluation
        treated = rule.treat_missing_data if rule and alarm.get("AlarmRule") is None else None
        if treated is MissingData.MISSING and not actions(alarm, State.INSUFFICIENT_DATA):
            mute.append(alarm)
    yield from _together(mute, "tells nobody of INSUFFICIENT_DATA.")


def _speaking(paths: Paths) -> list[Item]:
    """The alarms that tell somebody of ALARM, rather than stop or scale something."""
    return [
        alarm
        for alarm in paths.account.alarms
        if any(
            isinstance(action, Unknown) or service_of(action) in ("sns", "lambda")
            for action in actions(alarm, State.ALARM)
        )
    ]


def _together(alarms: list[Item], says: str) -> Iterator[Found]:
    """One finding about all of them, or a stack of a thousand alarms gives a thousand notes."""
    names = [alarm.label for alarm in alarms]
    if len(alarms) == 1:
        yield Found(alarms[0], f"{names[0]} {says}")
    elif alarms:
        says = says.replace("tells", "tell", 1)
        yield Found(None, f"{listed(names, 8)} {says}", label=f"{len(alarms)} alarms")


RULES = (
    alarm_without_action,
    alarm_actions_off,
    alarm_too_many_actions,
    action_refused,
    action_elsewhere,
    action_missing,
    alarm_name_twice,
    alarm_refused,
    alarm_heard_by_nobody,
    ok_unheard,
    insufficient_data_unheard,
)
