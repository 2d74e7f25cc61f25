"""What the members of a family of alarms watch, out of what one alarm declares."""

from collections.abc import Mapping
from typing import Any, cast

from alerting.cloudwatch.limits import parse_datapoints
from alerting.components.alarm_args import AlarmArgs, EscalateArgs, GuardArgs, Missing

_MINUTE = 60
_WATCHED = (
    *("metric", "math", "logs", "log_anomalies", "fleet", "threshold", "band"),
    *("datapoints", "missing", "low_samples", "tags"),
)


def limit_of(alarm: AlarmArgs) -> str:
    """Which kind of limit an alarm has: `band` or `threshold`."""
    return "band" if "band" in alarm else "threshold"


def watched(alarm: AlarmArgs) -> AlarmArgs:
    """What an alarm watches and against what, without whom it tells."""
    return cast("AlarmArgs", {key: value for key, value in alarm.items() if key in _WATCHED})


def guard_alarm(guard: GuardArgs, alarm: AlarmArgs) -> AlarmArgs:
    """The alarm that says that there is traffic."""
    period, datapoints = _pace(alarm)
    metric: dict[str, Any] = {"statistic": "Sum", "period": period, **guard.get("metric", {})}
    metric.pop("region", None)
    made: dict[str, Any] = {
        "metric": metric,
        "threshold": {"at_least": guard.get("at_least")},
        "datapoints": guard.get("datapoints", datapoints),
        "missing": Missing.NOT_BREACHING,
    }
    return cast("AlarmArgs", made)


def _pace(alarm: AlarmArgs) -> tuple[int, str]:
    """How often and how long a guard looks unless it says so: as its alarm, by the minute at least.

    Metrics of AWS services have a datapoint a minute: of ten seconds five in six would be missing.
    """
    source: Mapping[str, Any] = alarm.get("metric") or alarm.get("math") or {}
    period, datapoints = source.get("period", 300), datapoints_of(alarm)
    parsed = parse_datapoints(datapoints)
    if not isinstance(period, int) or not 0 < period < _MINUTE or parsed is None:
        return period, datapoints
    breaching, periods = (-(-count * period // _MINUTE) for count in parsed)
    return _MINUTE, f"{breaching}/{periods}"


def datapoints_of(alarm: AlarmArgs) -> str:
    """`M/N` as said, or the default."""
    return alarm.get("datapoints", "3/5" if "band" in alarm else "1/1")


def later(escalate: EscalateArgs, alarm: AlarmArgs) -> int:
    """Seconds from the first limit to the second where a jump crosses both, and a minute.

    Of a second limit that is the first for longer it is the minute alone: there the first is meant
    to be told long before.
    """
    if "width" not in escalate and "threshold" not in escalate:
        return _MINUTE
    source: Mapping[str, Any] = alarm.get("metric") or alarm.get("math") or {}
    first, second = (
        parse_datapoints(datapoints_of(one)) for one in (alarm, second_limit(escalate, alarm))
    )
    period = source.get("period", 300)
    if first is None or second is None or not isinstance(period, int):
        return _MINUTE
    return max(second[0] - first[0], 0) * period + _MINUTE


def second_limit(escalate: EscalateArgs, alarm: AlarmArgs) -> AlarmArgs:
    """What is watched, against the second limit."""
    made: dict[str, Any] = {**watched(alarm), "datapoints": datapoints_of(alarm)}
    if "threshold" in escalate:
        made.pop("band", None)
        made["threshold"] = escalate["threshold"]
    elif "width" in escalate:
        made.pop("threshold", None)
        made["band"] = {**alarm.get("band", {}), "width": escalate["width"]}
    if "datapoints" in escalate:
        made["datapoints"] = escalate["datapoints"]
    return cast("AlarmArgs", made)
