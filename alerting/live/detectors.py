"""What CloudWatch has learned of which metrics, and since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from alerting.live.clients import Connection
from alerting.live.history import refusal
from alerting.output import BadInput
from alerting.replay import MetricKey

_NAMES = 100
"""DescribeAlarms takes so many at once."""


@dataclass(frozen=True, slots=True)
class Detector:
    """An anomaly detector."""

    key: MetricKey
    excluded: tuple[tuple[int, int], ...] = ()
    """Times it learns nothing from, [start, end) in epoch seconds."""
    timezone: str = "UTC"


def read_detectors(connection: Connection) -> Mapping[MetricKey, Detector]:
    """The detectors of single metrics, by what they learn.

    Raises:
        BadInput: AWS does not answer; in its words, with what to do about it.
    """
    client = connection.clients("cloudwatch", connection.region)
    pages = client.get_paginator("describe_anomaly_detectors").paginate()
    try:
        found = [_detector(one) for page in pages for one in page["AnomalyDetectors"]]
    except (ClientError, BotoCoreError) as error:
        raise BadInput(refusal(error)) from None
    return {one.key: one for one in found if one is not None}


def changed_last(connection: Connection, alarms: Iterable[str]) -> Mapping[str, int]:
    """When each alarm that exists was last configured, in epoch seconds, by its physical name.

    CloudWatch makes a detector when an alarm on its band is first evaluated and does not say when
    that was; it was at the latest soon after this.

    Raises:
        BadInput: AWS does not answer; in its words, with what to do about it.
    """
    client = connection.clients("cloudwatch", connection.region)
    names, found = list(alarms), dict[str, int]()
    try:
        for at in range(0, len(names), _NAMES):
            batch = names[at : at + _NAMES]
            pages = client.get_paginator("describe_alarms").paginate(AlarmNames=batch)
            for page in pages:
                for alarm in page["MetricAlarms"]:
                    time = alarm.get("AlarmConfigurationUpdatedTimestamp")
                    if isinstance(time, datetime):
                        found[alarm["AlarmName"]] = int(time.timestamp())
    except (ClientError, BotoCoreError) as error:
        raise BadInput(refusal(error)) from None
    return found


def _detector(raw: Mapping[str, Any]) -> Detector | None:
    single = raw.get("SingleMetricAnomalyDetector") or raw
    if not single.get("MetricName"):
        return None
    configuration = raw.get("Configuration") or {}
    ranges = configuration.get("ExcludedTimeRanges") or ()
    return Detector(
        MetricKey.of(
            single["Namespace"],
            single["MetricName"],
            single.get("Dimensions") or (),
            single.get("Stat") or "Average",
        ),
        tuple((int(r["StartTime"].timestamp()), int(r["EndTime"].timestamp())) for r in ranges),
        configuration.get("MetricTimezone") or "UTC",
    )
