"""CloudWatch alarms, on a learned band or on a fixed threshold."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch.limits import (
    MAX_DESCRIPTION,
    MAX_TAGS,
    action_problems,
    alarm_problems,
    name_problems,
    tag_problems,
)
from alerting.cloudwatch.regions import region_problems
from alerting.components._args import refuse, shape_problems
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs
from alerting.components.alarm_family import (
    AlarmKind,
    MadeAlarm,
    all_made,
    family_of,
    is_band,
    is_over_fleet,
    made_alarms,
)
from alerting.components.alarm_shape import alarm_shape
from alerting.components.composite_alarm import (
    Named,
    composite_alarm_inputs,
    composite_sentence,
)
from alerting.components.composite_problems import composite_problems
from alerting.components.declared_alarm import as_asked, physical_name, written_out
from alerting.components.detectors import detector_problems, make_detectors
from alerting.components.family_problems import combines, family_problems
from alerting.components.fleet_problems import fleet_problems, quota_problems
from alerting.components.log_alarm import KINDS, log_problems, make_log_source
from alerting.components.metric_alarm import (
    BAND_ID,
    METRIC_ID,
    metric_alarm_inputs,
    sentence,
)
from alerting.components.mute_windows import (
    learning_problems,
    make_mute_rules,
    window_problems,
)
from alerting.components.renames import aliases, rename_problems
from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn


class Alarms(pulumi.ComponentResource):
    """Any number of alarms, each telling the topic of its severity.

    They are children of one component: a component each costs a third to two thirds more.

    Raises:
        ValueError: what CloudWatch would refuse, or accept and never act on; all of it at once.
    """

    alarm_ids: pulumi.Output[Mapping[str, str]]
    """Physical names (CloudWatch's ids) by the key of every alarm that is made: those in
    `AlarmsArgs.alarms`, and of a family all members (`alerting.components.alarm_family`)."""

    def __init__(
        self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"Alarms {name!r}", alarms_problems(args))
        super().__init__("alerting:index:Alarms", name, {**args}, opts)

        alarms = {key: written_out(key, a, args)[0] for key, a in args["alarms"].items()}
        made, self._shapes = all_made(alarms, args), dict[str, Mapping[str, Any]]()
        detectors = make_detectors(self, name, args, alarms)
        log_sources = self._make_log_sources(name, args, alarms)
        told: dict[str, dict[str, pulumi.Resource]] = {key: {} for key in alarms}
        ids: dict[str, pulumi.Output[str]] = {}
        names: dict[str, pulumi.Output[str]] = {}  # known in a preview, as ids are not
        for key in _in_order(made):
            one = made[key]
            needed = [detectors.get(one.origin)] if is_band(one) else []
            if one.kind is AlarmKind.METRIC:
                needed.append(log_sources.get(one.origin))
            options = pulumi.ResourceOptions(
                parent=self,
                aliases=_former(name, alarms[one.origin], key[len(one.origin) :]),
                depends_on=[resource for resource in needed if resource is not None],
            )
            inputs = _inputs(one, made, args, lambda ref: names.get(ref, ref))
            if one.kind is AlarmKind.METRIC:
                alarm = cloudwatch.MetricAlarm(f"{name}-{key}", **inputs, opts=options)
                names[key] = alarm.name
            else:
                alarm = cloudwatch.CompositeAlarm(f"{name}-{key}", **inputs, opts=options)
                names[key] = alarm.alarm_name
            ids[key] = alarm.id
            if one.tells:
                told[one.origin][one.name] = alarm
            self._shapes[key] = {**alarm_shape(inputs), "AlarmArn": alarm.arn}
        make_mute_rules(self, name, args, alarms, made, told)
        self.alarm_ids = pulumi.Output.all(**ids).apply(dict)  # of nothing, `all` gives a list
        self.register_outputs({"alarm_ids": self.alarm_ids})

    def _make_log_sources(
        self, name: str, args: AlarmsArgs, alarms: Mapping[str, AlarmArgs]
    ) -> dict[str, pulumi.Resource]:
        """What makes the metrics of the alarms on logs, by the alarm's key."""
        return {
            key: make_log_source(
                f"{name}-{key}-logs",
                alarm,
                called=physical_name(key, alarm, args),
                tags=_tags(alarm, args),
                opts=pulumi.ResourceOptions(parent=self, aliases=_former(name, alarm, "-logs")),
            )
            for key, alarm in alarms.items()
            if any(kind in alarm for kind in KINDS)
        }

    @property
    def shapes(self) -> Mapping[str, Mapping[str, Any]]:
        """The alarms by key for a `Dashboard`: in the shape of DescribeAlarms, ARNs as outputs."""
        return self._shapes


def _former(name: str, alarm: AlarmArgs, suffix: str) -> list[pulumi.Alias] | None:
    return aliases(f"{name}-{former}{suffix}" for former in alarm.get("formerly", ()))


def _tags(alarm: AlarmArgs, args: AlarmsArgs) -> dict[str, pulumi.Input[str]]:
    return {**args.get("tags", {}), **alarm.get("tags", {})}


def alarm_shapes(args: AlarmsArgs) -> dict[str, Mapping[str, Any]]:
    """The alarms by key, in the shape of DescribeAlarms as far as prices look at it."""
    made = made_alarms(args)

    def named(ref: str) -> str:
        return made[ref].name if ref in made else ref

    return {key: alarm_shape(_inputs(one, made, args, named)) for key, one in made.items()}


def _in_order(made: Mapping[str, MadeAlarm]) -> Iterator[str]:
    """The keys, each after those it hangs on."""
    order = TopologicalSorter({key: one.hangs_on for key, one in made.items()}).static_order()
    return (key for key in order if key in made)


def alarms_problems(args: AlarmsArgs) -> Iterator[Problem]:
    """Everything that can be told about a set of alarms from its own plain values."""
    misshapen = list(shape_problems(args, AlarmsArgs))
    yield from misshapen
    topics = args.get("topics", {})
    default = args.get("default_severity")
    if default is None and len(topics) > 1:
        yield Problem(("default_severity",), "is required where there are several topics")
    elif default is not None and default not in topics:
        yield must("default_severity", f"one of {', '.join(sorted(topics))}", default)
    yield from tag_problems(args.get("tags"))
    for problem in rename_problems(args.get("alarms", {})):
        yield problem.under("alarms")
    odd = {problem.path[1] for problem in misshapen if problem.path[:1] == ("alarms",)}
    written: dict[str, AlarmArgs] = {}
    for key, declared in args.get("alarms", {}).items():
        written[key], found = written_out(key, declared, args)
        one = _one_alarm_problems(key, declared, written[key], found, args, sound=key not in odd)
        yield from (problem.under("alarms", key) for problem in one)
    if misshapen:
        return
    made = all_made(written, args)
    yield from _name_problems(written, args)
    yield from quota_problems(sum(is_over_fleet(one) for one in made.values()))
    yield from composite_problems(written, made, args.get("region", ""))
    yield from window_problems(args)
    yield from detector_problems(written, args.get("windows", {}))


def _name_problems(alarms: Mapping[str, AlarmArgs], args: AlarmsArgs) -> Iterator[Problem]:
    """Names that would be given twice, and those of members of families that are too long."""
    keys, names = dict[str, str](), dict[str, str]()
    for key, alarm in alarms.items():
        for one in family_of(key, alarm, args):
            at = ("alarms", key)
            if one.key != key:
                other = one.key if one.key in alarms else keys.setdefault(one.key, key)
                if other != key:
                    both = f"is made of an alarm called {one.key!r}, and there is another"
                    yield Problem(at, f"{both} of that name")
                    continue
            if one.name != physical_name(key, alarm, args):
                yield from (problem.under(*at) for problem in name_problems("name", one.name))
            if one.name in names:
                both = f"is {one.name!r}, and so is that of {names[one.name]!r}"
                yield Problem((*at, "name"), f"{both}: one would overwrite the other")
            names.setdefault(one.name, one.key)


def _one_alarm_problems(
    key: str,
    declared: AlarmArgs,
    alarm: AlarmArgs,
    found: list[Problem],
    args: AlarmsArgs,
    *,
    sound: bool,
) -> Iterator[Problem]:
    """What is wrong with one alarm by itself.

    Args:
        key: its key.
        declared: as it is declared.
        alarm: the same, written out.
        found: what was wrong with writing it out.
        args: those it is declared in.
        sound: whether it has the shape of an alarm.
    """
    region, topics = args.get("region", ""), args.get("topics", {})
    if not found and not combines(alarm):
        found = [
            as_asked(problem, declared)
            for problem in (
                *alarm_problems(alarm),
                *_query_id_problems(alarm),
                *region_problems(alarm, region),
            )
        ]
        found += learning_problems(alarm)
        found += (as_asked(problem, declared) for problem in fleet_problems(alarm))
        found += log_problems(alarm, name=physical_name(key, alarm, args), region=region)
    if sound:
        found += family_problems(alarm, region=region, topics=topics, sound=not found)
    if "name" not in alarm:
        found += name_problems("name", physical_name(key, alarm, args))
    severity = alarm.get("severity")
    if severity is not None and severity not in topics:
        found.append(must("severity", f"one of {', '.join(sorted(topics))}", severity))
    actions = alarm.get("actions", ())
    found += action_problems("actions", [severity, *actions])
    for action in actions:
        if isinstance(action, str):
            found += _action_arn_problems(action, region)
    tags, more = args.get("tags", {}), alarm.get("tags", {})
    if len({**tags, **more}) > MAX_TAGS >= max(len(tags), len(more)):
        allowed = f"at most {MAX_TAGS} tags together with those of the stack"
        found.append(must("tags", allowed, len({**tags, **more})))
    yield from found
    if found or not sound:
        return
    made = {one.key: one for one in family_of(key, alarm, args)}
    described = (_description(one, made, args) for one in made.values())
    for text in described:
        if isinstance(text, str) and len(text) > MAX_DESCRIPTION:
            allowed = f"at most {MAX_DESCRIPTION} characters, the links in it included"
            yield must("description", allowed, text)
            return


def _query_id_problems(alarm: AlarmArgs) -> Iterator[Problem]:
    """A metric of an expression must not be called as what we add to the expression."""
    ours = (METRIC_ID, BAND_ID) if "band" in alarm else (METRIC_ID,)
    for key in alarm.get("math", {}).get("using", {}):
        if key in ours:
            yield Problem(("math", "using", key), "has a name that is taken; give it another")


def _action_arn_problems(action: str, region: str) -> Iterator[Problem]:
    parsed = parse_arn(action)
    if parsed is None:
        yield must("actions", "ARNs", action)
    elif parsed.region not in ("", region):
        yield must("actions", f"in {region}: an action is in the alarm's own Region", action)


def _inputs(
    one: MadeAlarm, made: Mapping[str, MadeAlarm], args: AlarmsArgs, named: Named
) -> dict[str, Any]:
    """The inputs of an alarm's resource; `named` gives the names of the alarms it hangs on."""
    alarm, actions = one.alarm, list[pulumi.Input[str]]()
    if one.severity is not None:
        further = alarm.get("actions", ()) if one.key == one.origin else ()
        actions = [args["topics"][one.severity], *further]
    inputs: dict[str, Any] = {
        "alarm_description": _description(one, made, args),
        "alarm_actions": actions or None,
        "ok_actions": (actions or None) if alarm.get("tell_ok", True) else None,
        "tags": _tags(alarm, args) or None,
    }
    if one.kind is AlarmKind.COMPOSITE:
        return {"alarm_name": one.name, **inputs, **composite_alarm_inputs(one, named)}
    if alarm.get("tell_insufficient_data"):
        inputs["insufficient_data_actions"] = actions or None
    return {"name": one.name, **inputs, **metric_alarm_inputs(alarm)}


def _description(
    one: MadeAlarm, made: Mapping[str, MadeAlarm], args: AlarmsArgs
) -> pulumi.Input[str]:
    """What happened when this alarm fires, and where to read what to do."""
    links = {"Runbook": one.alarm.get("runbook"), "Dashboard": args.get("dashboard_url")}
    tail = "".join(f"\n{what}: {link}" for what, link in links.items() if link)
    if "description" in one.alarm:
        return one.alarm["description"] + tail
    said = composite_sentence(one, made) if one.rule is not None else sentence(one.alarm)
    return said + tail if isinstance(said, str) else pulumi.Output.concat(said, tail)
