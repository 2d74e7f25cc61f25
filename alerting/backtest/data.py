"""A backtest as data: what `--json` writes."""

from datetime import UTC, datetime
from typing import Any

from alerting.backtest.backtest import VERSION, Backtest, Result
from alerting.backtest.cell import Cell
from alerting.backtest.choice import Choice
from alerting.backtest.trial import Alarm
from alerting.band_source import ESTIMATE


def as_data(backtest: Backtest) -> dict[str, Any]:
    """The whole as plain data; times are ISO 8601 in UTC, durations seconds, shares 0 to 1."""
    return {
        "version": VERSION,
        "band": ESTIMATE,
        "metrics": [_metric(one) for one in backtest.results],
        "failures": list(backtest.failures),
        "remarks": list(backtest.remarks),
        "interrupted": backtest.interrupted,
    }


def _metric(one: Result) -> dict[str, Any]:
    trial, outcome = one.trial, one.outcome
    beside = outcome.beside
    return {
        "name": one.name,
        "datapoints": int(trial.series.stamps.size),
        "period": trial.evaluation.period,
        "from": _time(trial.series.start),
        "to": _time(trial.series.end),
        "threshold": trial.threshold,
        "firstBand": _time(outcome.first) if trial.threshold is None else None,
        "judgedSeconds": outcome.judged,
        "coverage": [{"width": w, "inside": share} for w, share in outcome.coverage.items()],
        "matrix": [_cell(cell) for cell in outcome.cells],
        "shown": _choice(outcome.shown.choice),
        "declared": _choice(trial.declared) if trial.declared else None,
        "alarms": [_alarm(alarm) for alarm in outcome.alarms],
        "advice": {
            "alarmsPerWeek": trial.per_week,
            "choice": _choice(outcome.advice.cell.choice) if outcome.advice.cell else None,
            "text": outcome.advice.text,
        },
        "cloudWatchBand": beside
        and {
            **_cell(beside.cell),
            "inSampleUntil": _time(beside.in_sample_until),
            "alarmsInSample": beside.in_sample,
            "agreement": beside.agreement,
        },
        "notes": list(one.notes),
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {"width": choice.width, "datapoints": choice.datapoints}


def _cell(cell: Cell) -> dict[str, Any]:
    score = cell.score
    return {
        **_choice(cell.choice),
        "alarms": cell.alarms,
        "alarmsPerWeek": cell.per_week,
        "secondsInAlarm": cell.seconds,
        "longestSeconds": cell.longest,
        "stateChanges": cell.changes,
        "incidents": score
        and {
            "known": score.incidents,
            "found": score.found,
            "trueAlarms": score.true,
            "falseAlarms": score.false,
            "precision": score.precision,
            "recall": score.recall,
            "delaySeconds": score.delay,
        },
    }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "from": _time(alarm.start),
        "to": _time(alarm.end),
        "seconds": alarm.seconds,
        "datapoint": _time(alarm.stamp),
        "value": alarm.value,
        "band": None if alarm.lower is None else [alarm.lower, alarm.upper],
        "inIncident": alarm.incident,
    }


def _time(time: int | None) -> str | None:
    if time is None:
        return None
    return datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z")
