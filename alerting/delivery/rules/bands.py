"""Rules about alarms on an anomaly detection band."""

from collections.abc import Iterator, Mapping

from alerting.account import Item, Unknown
from alerting.delivery.paths import Paths
from alerting.delivery.possible import Possible
from alerting.delivery.queries import BAND, BAND_OPERATORS, is_band, queries, returned
from alerting.delivery.rules.rule import Found, Level, rule


@rule(
    "band-alarm-refused",
    Level.ERROR,
    why="The watched series and its band must both return data (Terraform and Pulumi say false "
    "unless told), the band must be the threshold, and there must be no other.",
    consequence="CloudWatch refuses the alarm: “Exactly two elements of the metrics list should "
    "return data”, “Metrics list must contain exactly one metric matching the ThresholdMetricId”.",
    fix="Two queries with ReturnData true, ThresholdMetricId the id of the band, one of the three "
    "band operators, no Threshold.",
    source="CloudWatch API reference, PutMetricAlarm (ThresholdMetricId, ReturnData)",
)
def band_alarm_refused(paths: Paths) -> Iterator[Found]:
    """A band alarm in a form CloudWatch does not take."""
    for alarm in _band_alarms(paths):
        yield from (Found(alarm, f"{alarm.label}: {why}.") for why in _refusals(alarm))


def _refusals(alarm: Item) -> Iterator[str]:
    operator, threshold_id = alarm.get("ComparisonOperator"), alarm.get("ThresholdMetricId")
    if isinstance(alarm.get("Threshold"), int | float):
        yield "it has a Threshold beside its band"
    if isinstance(operator, str) and operator not in BAND_OPERATORS:
        yield f"{operator} compares with a number, not with a band"
    found = queries(alarm)
    if not threshold_id:
        yield f"{operator} needs a ThresholdMetricId"
    elif isinstance(threshold_id, str) and found is not None:
        band = [q for q in found if q.get("Id") == threshold_id]
        expression = band[0].get("Expression") if band else None
        if not band:
            yield f"none of its Metrics has the id {threshold_id!r}"
        elif not isinstance(expression, Unknown) and BAND not in str(expression):
            yield f"{threshold_id!r} is not an {BAND}"
    count = returned(alarm)
    if count not in (None, 2):
        yield f"exactly two of its Metrics must return data, {count} do"


@rule(
    "band-with-unit",
    Level.ERROR,
    why="A unit picks the datapoints that were published with it; the example in the provider's "
    "own documentation has one.",
    consequence="The series stays empty and the alarm in INSUFFICIENT_DATA.",
    fix="Leave the unit out.",
    source="CloudWatch API reference, MetricStat (Unit) and PutMetricAlarm (Unit)",
)
def band_with_unit(paths: Paths) -> Iterator[Found]:
    """A band alarm that asks for a unit."""
    for alarm in _band_alarms(paths):
        stats = [q.get("MetricStat") for q in queries(alarm) or ()]
        units = [s.get("Unit") for s in stats if isinstance(s, Mapping)]
        unit = next((u for u in (alarm.get("Unit"), *units) if isinstance(u, str) and u), None)
        if unit:
            yield Found(alarm, f"{alarm.label} is on a band and asks for the unit {unit}.")


@rule(
    "band-high-resolution",
    Level.ERROR,
    why="Bands are learned from datapoints a minute apart and more.",
    consequence="CloudWatch has no band for the metric: the alarm stays in INSUFFICIENT_DATA.",
    fix="Use a period of 60 seconds or more under the band, or a threshold.",
    source="CloudWatch user guide, Using CloudWatch anomaly detection (no high-resolution metrics)",
)
def band_high_resolution(paths: Paths) -> Iterator[Found]:
    """A band on a period below a minute."""
    for alarm in _band_alarms(paths):
        rule = Possible(alarm.data).evaluation
        if rule is not None and rule.period < 60:
            yield Found(alarm, f"{alarm.label} is on a band and has a period of {rule.period} s.")


def _band_alarms(paths: Paths) -> Iterator[Item]:
    return (alarm for alarm in paths.account.alarms if is_band(alarm))


RULES = (band_alarm_refused, band_with_unit, band_high_resolution)
