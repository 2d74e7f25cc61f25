"""What became of alarms' actions: only their history says so.

Source: CloudWatch user guide, "Alarm history"; items of the type Action as AWS returns them, with
a summary that starts with `Successfully executed action` or `Failed to execute action`.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerting.live.clients import Clients

_SUMMARY = re.compile(r"(Successfully executed|Failed to execute) action (arn:\S+?)\.?(?:\s|$)")
_ONE_BY_ONE = 50
_PAGES = 200


@dataclass(frozen=True, slots=True)
class Performed:
    """One action that an alarm ran, or tried to."""

    alarm: str
    """Its name."""
    action: str
    """ARN of the topic or function."""
    time: datetime
    error: str | None
    """What AWS says went wrong; None where it ran."""


def performed(
    clients: Clients, region: str, alarms: Collection[tuple[str, str]], since: datetime
) -> tuple[Performed, ...]:
    """The newest try of every action of some alarms.

    A few alarms are asked one by one, many by going through the Region's history.

    Args:
        clients: gives a boto3 client for a service in a Region.
        region: where the alarms are.
        alarms: names and types (`MetricAlarm`, `CompositeAlarm`).
        since: how far back to look.

    Raises:
        ClientError: the history cannot be read.
    """
    newest: dict[tuple[str, str], Performed] = {}
    names = {name for name, _ in alarms}
    if len(alarms) <= _ONE_BY_ONE:
        asked = [{"AlarmName": name, "AlarmTypes": [kind]} for name, kind in alarms]
    else:
        # A type a call: composites are left out where they are not asked for by themselves.
        asked = [{"AlarmTypes": [kind]} for kind in sorted({kind for _, kind in alarms})]
    client = clients("cloudwatch", region)
    for filters in asked:
        for item in _items(client, filters, since):
            for action in _performed(item):
                if action.alarm in names:
                    newest.setdefault((action.alarm, action.action), action)
    return tuple(newest.values())


def _items(client: Any, filters: Mapping[str, Any], since: datetime) -> Iterator[Mapping[str, Any]]:
    pages = client.get_paginator("describe_alarm_history").paginate(
        HistoryItemType="Action", StartDate=since, ScanBy="TimestampDescending", **filters
    )
    for number, page in enumerate(pages):
        yield from page["AlarmHistoryItems"]
        if number + 1 == _PAGES:
            return


def _performed(item: Mapping[str, Any]) -> Iterator[Performed]:
    summary, data = str(item.get("HistorySummary")), _data(item)
    said = _SUMMARY.match(summary)
    if said is None:
        return
    failed = said[1].startswith("Failed")
    resource = data.get("notificationResource")
    action = resource if isinstance(resource, str) else said[2]
    error = str(data.get("error") or summary[said.end() :].strip() or "no reason is given")
    error = error.removeprefix("Received error:").strip().strip('"')
    yield Performed(item["AlarmName"], action, item["Timestamp"], error if failed else None)


def _data(item: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        data = json.loads(item.get("HistoryData") or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
