"""Mute rules of alarms: moto has none."""

from datetime import UTC, datetime
from typing import Any

from alerting.cloudwatch.mute_schedule import MuteSchedule, MuteScheduleError
from alerting.rehearsal.gaps.call import Answer, Refusal, Request, now, page


class MuteRules:
    """PutAlarmMuteRule, GetAlarmMuteRule, ListAlarmMuteRules, DeleteAlarmMuteRule."""

    service = "cloudwatch"

    def __init__(self, account_id: str) -> None:
        self._account = account_id
        self._held: dict[tuple[str, str], dict[str, Any]] = {}
        self.answers: dict[str, Answer] = {
            "PutAlarmMuteRule": self._put,
            "GetAlarmMuteRule": self._get,
            "ListAlarmMuteRules": self._list,
            "DeleteAlarmMuteRule": self._delete,
        }

    def muted_until(self, region: str, alarm: str) -> datetime | None:
        """The end of the window in which an alarm's actions are held back now; None: they run."""
        ends = [
            end
            for (place, _), rule in self._held.items()
            if place == region
            and alarm in rule.get("MuteTargets", {}).get("AlarmNames", ())
            and (end := _schedule(rule).closes(_now())) is not None
        ]
        return datetime.fromtimestamp(max(ends), UTC) if ends else None

    def _put(self, request: Request) -> dict[str, Any]:
        name, params = request.params["Name"], request.params
        arn = f"arn:aws:cloudwatch:{request.region}:{self._account}:alarm-mute-rule:{name}"
        rule = {
            **{key: value for key, value in params.items() if key != "Tags"},
            **{key: request.time(key) for key in ("StartDate", "ExpireDate") if key in params},
            "AlarmMuteRuleArn": arn,
            "LastUpdatedTimestamp": now(),
        }
        once = isinstance(_schedule(rule).opens, datetime)
        rule["MuteType"] = "ONE_TIME" if once else "RECURRING"
        self._held[request.region, name] = rule
        return {}

    def _get(self, request: Request) -> dict[str, Any]:
        name = request.params["AlarmMuteRuleName"]
        rule = self._held.get((request.region, name))
        if rule is None:
            raise Refusal("ResourceNotFoundException", f"there is no alarm mute rule {name}")
        return {**rule, "Status": _status(rule)}

    def _list(self, request: Request) -> dict[str, Any]:
        alarm, statuses = request.params.get("AlarmName"), request.params.get("Statuses")
        found = [
            {
                key: value
                for key, value in {**rule, "Status": _status(rule)}.items()
                if key not in ("Name", "Description", "Rule", "MuteTargets", "StartDate")
            }
            for (region, _), rule in self._held.items()
            if region == request.region
            and (alarm is None or alarm in rule.get("MuteTargets", {}).get("AlarmNames", ()))
            and (not statuses or _status(rule) in statuses)
        ]
        shown, more = page(found, request, "MaxRecords")
        return {"AlarmMuteRuleSummaries": shown, **more}

    def _delete(self, request: Request) -> dict[str, Any]:
        self._held.pop((request.region, request.params["AlarmMuteRuleName"]), None)
        return {}


def _schedule(rule: dict[str, Any]) -> MuteSchedule:
    try:
        return MuteSchedule.of(rule)
    except MuteScheduleError as error:
        raise Refusal("ValidationError", str(error)) from None


def _status(rule: dict[str, Any]) -> str:
    return _schedule(rule).status(_now())


def _now() -> int:
    return int(now().timestamp())
