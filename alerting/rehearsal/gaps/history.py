"""The history of alarms: moto keeps one and has no call to read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerting.rehearsal.gaps.call import Answer, Request, now, page


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of an alarm's history."""

    region: str
    alarm: str
    alarm_type: str
    time: datetime
    item_type: str
    summary: str
    data: dict[str, Any]

    def as_item(self) -> dict[str, Any]:
        """In the shape of an `AlarmHistoryItems` element."""
        return {
            "AlarmName": self.alarm,
            "AlarmType": self.alarm_type,
            "Timestamp": self.time,
            "HistoryItemType": self.item_type,
            "HistorySummary": self.summary,
            "HistoryData": json.dumps(self.data),
        }


class History:
    """DescribeAlarmHistory."""

    service = "cloudwatch"

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.answers: dict[str, Answer] = {"DescribeAlarmHistory": self._describe}

    def add(
        self, region: str, alarm: Mapping[str, Any], item_type: str, summary: str, data: Any
    ) -> None:
        """Write down one item about an alarm in the shape of DescribeAlarms."""
        alarm_type = "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm"
        self.entries.append(
            Entry(region, alarm["AlarmName"], alarm_type, now(), item_type, summary, data)
        )

    def _describe(self, request: Request) -> dict[str, Any]:
        # CloudWatch user guide: without AlarmTypes only metric alarms are meant.
        types = request.params.get("AlarmTypes") or ["MetricAlarm"]
        name, kind = request.params.get("AlarmName"), request.params.get("HistoryItemType")
        start, end = request.time("StartDate"), request.time("EndDate")
        found = [
            entry
            for entry in self.entries
            if entry.region == request.region
            and entry.alarm_type in types
            and name in (None, entry.alarm)
            and kind in (None, entry.item_type)
            and (start is None or entry.time >= start)
            and (end is None or entry.time < end)
        ]
        found.sort(
            key=lambda entry: entry.time,
            reverse=request.params.get("ScanBy") != "TimestampAscending",
        )
        shown, more = page(found, request, "MaxRecords")
        return {"AlarmHistoryItems": [entry.as_item() for entry in shown], **more}
