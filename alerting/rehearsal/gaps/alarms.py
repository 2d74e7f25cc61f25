"""Alarms: moto has no composites, its metric alarms start in OK and never act."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from alerting.cloudwatch.actions import ACTIONS_OF
from alerting.cloudwatch.composite import RuleError, children, parse_rule
from alerting.cloudwatch.reason import CREATED
from alerting.cloudwatch.state import State
from alerting.cloudwatch.transition import Transition
from alerting.live.clients import Clients
from alerting.rehearsal.gaps.call import Answer, Refusal, Request, now, page
from alerting.rehearsal.gaps.history import History

RunActions = Callable[[str, Mapping[str, Any], Transition], None]

_LOST = ("EvaluationWindow", "WarmUpConfiguration", "ActionConfiguration")
"""What moto takes and does not give back; `AccountId` in Metrics is lost as well."""
_Region = dict[str, dict[str, Any]]


class Alarms:
    """All calls on alarms but the writing of metric alarms, which moto holds well."""

    service = "cloudwatch"

    def __init__(
        self, account_id: str, moto: Clients, history: History, run_actions: RunActions
    ) -> None:
        self._account, self._moto = account_id, moto
        self._history, self._run_actions = history, run_actions
        self._composites: dict[str, _Region] = {}
        self._states: dict[str, _Region] = {}
        self._lost: dict[str, _Region] = {}
        self.answers: dict[str, Answer] = {
            "PutMetricAlarm": self._put_metric,
            "PutCompositeAlarm": self._put_composite,
            "DescribeAlarms": self._describe,
            "DeleteAlarms": self._delete,
            "SetAlarmState": self._set_state,
            "EnableAlarmActions": lambda request: self._switch(request, on=True),
            "DisableAlarmActions": lambda request: self._switch(request, on=False),
        }

    def _put_metric(self, request: Request) -> None:
        """Moto holds it; what moto would lose is kept here."""
        name = request.params["AlarmName"]
        self._states.setdefault(request.region, {}).setdefault(name, _born())
        self._lost.setdefault(request.region, {})[name] = dict(request.params)

    def _put_composite(self, request: Request) -> dict[str, Any]:
        params, name = request.params, request.params["AlarmName"]
        try:
            parse_rule(params["AlarmRule"])
        except RuleError as error:
            raise Refusal("ValidationError", f"AlarmRule {error}") from None
        self._states.setdefault(request.region, {}).setdefault(name, _born())
        self._composites.setdefault(request.region, {})[name] = {
            **{key: value for key, value in params.items() if key != "Tags"},
            "AlarmArn": f"arn:aws:cloudwatch:{request.region}:{self._account}:alarm:{name}",
            "ActionsEnabled": params.get("ActionsEnabled", True),
            "AlarmConfigurationUpdatedTimestamp": now(),
            **{key: list(params.get(key, [])) for key in ACTIONS_OF.values()},
        }
        return {}

    def _describe(self, request: Request) -> dict[str, Any]:
        params = request.params
        # CloudWatch API reference: without AlarmTypes only metric alarms are returned.
        types = params.get("AlarmTypes") or ["MetricAlarm"]
        names = params.get("AlarmNames")
        found: list[dict[str, Any]] = []
        if "MetricAlarm" in types:
            found += self._metric_alarms(request.region, names)
        if "CompositeAlarm" in types:
            found += self._composite_alarms(request.region, names)
        wanted = self._relatives(request)
        found = [
            alarm
            for alarm in found
            if alarm["AlarmName"].startswith(params.get("AlarmNamePrefix", ""))
            and params.get("StateValue") in (None, alarm["StateValue"])
            and ("ActionPrefix" not in params or _acts_on(alarm, params["ActionPrefix"]))
            and (wanted is None or alarm["AlarmName"] in wanted)
        ]
        found.sort(key=lambda alarm: alarm["AlarmName"])
        shown, more = page(found, request, "MaxRecords")
        return {
            "MetricAlarms": [alarm for alarm in shown if "AlarmRule" not in alarm],
            "CompositeAlarms": [alarm for alarm in shown if "AlarmRule" in alarm],
            **more,
        }

    def _relatives(self, request: Request) -> set[str] | None:
        """Names of the alarms above or below one; None where these are not asked for."""
        composites = self._composites.get(request.region, {})
        if "ParentsOfAlarmName" in request.params:
            child = request.params["ParentsOfAlarmName"]
            return {name for name, one in composites.items() if child in _children(one)}
        if "ChildrenOfAlarmName" in request.params:
            parent = composites.get(request.params["ChildrenOfAlarmName"])
            return set(_children(parent)) if parent else set()
        return None

    def _metric_alarms(self, region: str, names: list[str] | None) -> Iterator[dict[str, Any]]:
        moto = self._moto("cloudwatch", region)
        if names is not None and not names:
            return
        for alarm in moto.describe_alarms(**({"AlarmNames": names} if names else {}))[
            "MetricAlarms"
        ]:
            given = self._lost.get(region, {}).get(alarm["AlarmName"], {})
            alarm |= {key: given[key] for key in _LOST if key in given}
            accounts = {
                q["Id"]: q["AccountId"] for q in given.get("Metrics", ()) if "AccountId" in q
            }
            for query in alarm.get("Metrics", ()):
                if query["Id"] in accounts:
                    query["AccountId"] = accounts[query["Id"]]
            yield {**alarm, **self._state(region, alarm["AlarmName"])}

    def _composite_alarms(self, region: str, names: list[str] | None) -> Iterator[dict[str, Any]]:
        for name, alarm in self._composites.get(region, {}).items():
            if names is None or name in names:
                yield {**alarm, **self._state(region, name)}

    def _state(self, region: str, name: str) -> dict[str, Any]:
        return self._states.setdefault(region, {}).setdefault(name, _born())

    def _delete(self, request: Request) -> dict[str, Any] | None:
        names, composites = request.params["AlarmNames"], self._composites.get(request.region, {})
        gone = [name for name in names if name in composites]
        if len(gone) > 1:
            raise Refusal("ValidationError", "at most one composite alarm can be deleted at a time")
        for name in names:
            parents = [
                p for p, one in composites.items() if p not in gone and name in _children(one)
            ]
            if parents:
                raise Refusal("ResourceConflict", f"{name} is a child of {', '.join(parents)}")
        for held in (composites, self._states.get(request.region, {})):
            for name in names:
                held.pop(name, None)
        rest = [name for name in names if name not in gone]
        if rest:
            self._moto("cloudwatch", request.region).delete_alarms(AlarmNames=rest)
        return {}

    def _set_state(self, request: Request) -> dict[str, Any]:
        params, region, name = request.params, request.region, request.params["AlarmName"]
        found = [*self._metric_alarms(region, [name]), *self._composite_alarms(region, [name])]
        if not found:
            raise Refusal("ResourceNotFound", f"there is no alarm {name}")
        alarm, moment = found[0], now()
        old, new = alarm["StateValue"], params["StateValue"]
        self._states[region][name] = {
            "StateValue": new,
            "StateReason": params["StateReason"],
            "StateReasonData": params.get("StateReasonData", ""),
            "StateUpdatedTimestamp": moment,
            "StateTransitionedTimestamp": moment,
        }
        if old == new:
            return {}
        self._history.add(
            region,
            alarm,
            "StateUpdate",
            f"Alarm updated from {old} to {new}",
            {"version": "1.0", "oldState": {"stateValue": old}, "newState": {"stateValue": new}},
        )
        change = Transition(moment.timestamp(), old, new, params["StateReason"])
        self._run_actions(region, alarm, change)
        return {}

    def _switch(self, request: Request, *, on: bool) -> dict[str, Any]:
        composites, rest = self._composites.get(request.region, {}), list[str]()
        for name in request.params["AlarmNames"]:
            if name in composites:
                composites[name]["ActionsEnabled"] = on
            else:
                rest.append(name)
        if rest:
            moto = self._moto("cloudwatch", request.region)
            (moto.enable_alarm_actions if on else moto.disable_alarm_actions)(AlarmNames=rest)
        return {}


def _born() -> dict[str, Any]:
    moment = now()
    return {
        "StateValue": str(State.INSUFFICIENT_DATA),
        "StateReason": CREATED,
        "StateUpdatedTimestamp": moment,
        "StateTransitionedTimestamp": moment,
    }


def _children(composite: Mapping[str, Any]) -> set[str]:
    """Names of the alarms a composite looks at."""
    named = children(parse_rule(composite["AlarmRule"]))
    return {ref.split(":alarm:", 1)[1] if ref.startswith("arn:") else ref for ref in named}


def _acts_on(alarm: Mapping[str, Any], prefix: str) -> bool:
    return any(action.startswith(prefix) for key in ACTIONS_OF.values() for action in alarm[key])
