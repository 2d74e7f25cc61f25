"""What stands around the alarms of an account and passes no notification on.

`verify` does not need it, and asks for no permission to see it; an in-memory account is read with
it, so that all that is declared is seen to be there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.names import detector_arn, metric_filter_arn
from alerting.live.clients import Clients
from alerting.live.notes import Notes, as_text
from alerting.live.receivers import read_receiver

_SCHEDULE_KEYS = (
    "ActionAfterCompletion",
    "Arn",
    "Description",
    "EndDate",
    "FlexibleTimeWindow",
    "GroupName",
    "KmsKeyArn",
    "Name",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "State",
    "Target",
)
_DASHBOARD_KEYS = ("DashboardArn", "DashboardBody", "DashboardName")
_RULE_KEYS = (
    "Arn",
    "Description",
    "EventBusName",
    "EventPattern",
    "Name",
    "RoleArn",
    "ScheduleExpression",
    "State",
)
_MACHINE_KEYS = ("definition", "name", "roleArn", "stateMachineArn", "status", "type")
_TOLD_BY_LOGS = ("creationTime", "creationTimeStamp", "lastModifiedTimeStamp")


def read_surroundings(clients: Clients, notes: Notes, region: str, place: str) -> None:
    """Read them all into the notes.

    Args:
        clients: gives a boto3 client for a service in a Region.
        notes: are added to.
        region: where.
        place: what stands in ARNs around a service: `arn:aws:{}:us-east-1:123456789012`.
    """
    for kind, read in _READERS.items():

        def attempt(read: _Reader = read) -> None:
            read(clients, notes, region, place)

        notes.attempt(f"every {kind}", attempt)


_Reader = Callable[[Clients, Notes, str, str], None]


def _read_metric_filters(clients: Clients, notes: Notes, region: str, place: str) -> None:
    pages = clients("logs", region).get_paginator("describe_metric_filters").paginate()
    for page in pages:
        for raw in page["metricFilters"]:
            arn = metric_filter_arn(place.format("logs"), raw["logGroupName"], raw["filterName"])
            notes.add(Kind.METRIC_FILTER, arn, _declared(raw))


def _read_log_detectors(clients: Clients, notes: Notes, region: str, place: str) -> None:
    del place
    pages = clients("logs", region).get_paginator("list_log_anomaly_detectors").paginate()
    for page in pages:
        for raw in page["anomalyDetectors"]:
            notes.add(Kind.LOG_DETECTOR, raw["anomalyDetectorArn"], _declared(raw))


def _read_schedules(clients: Clients, notes: Notes, region: str, place: str) -> None:
    del place
    client = clients("scheduler", region)
    for page in client.get_paginator("list_schedules").paginate():
        for listed in page["Schedules"]:
            raw = client.get_schedule(GroupName=listed["GroupName"], Name=listed["Name"])
            data = {key: raw[key] for key in _SCHEDULE_KEYS if raw.get(key) is not None}
            notes.add(Kind.SCHEDULE, raw["Arn"], as_text(data))
            read_receiver(clients, notes, raw["Target"]["RoleArn"], region)


def _read_dashboards(clients: Clients, notes: Notes, region: str, place: str) -> None:
    del place
    client = clients("cloudwatch", region)
    for page in client.get_paginator("list_dashboards").paginate():
        for listed in page["DashboardEntries"]:
            raw = client.get_dashboard(DashboardName=listed["DashboardName"])
            data = {key: raw[key] for key in _DASHBOARD_KEYS}
            notes.add(Kind.DASHBOARD, raw["DashboardArn"], data)


def _read_detectors(clients: Clients, notes: Notes, region: str, place: str) -> None:
    pages = clients("cloudwatch", region).get_paginator("describe_anomaly_detectors")
    for page in pages.paginate(AnomalyDetectorTypes=["SINGLE_METRIC", "METRIC_MATH"]):
        for raw in page["AnomalyDetectors"]:
            arn = detector_arn(place.format("cloudwatch"), raw)
            notes.add(Kind.DETECTOR, arn, as_text(raw))


def _declared(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in _TOLD_BY_LOGS}


def _read_event_rules(clients: Clients, notes: Notes, region: str, place: str) -> None:
    """Those of the default bus, which is where AWS's own events are."""
    del place
    client = clients("events", region)
    for page in client.get_paginator("list_rules").paginate():
        for raw in page["Rules"]:
            pages = client.get_paginator("list_targets_by_rule").paginate(Rule=raw["Name"])
            targets = [target for page in pages for target in page["Targets"]]
            data = {key: raw[key] for key in _RULE_KEYS if raw.get(key) is not None}
            notes.add(Kind.EVENT_RULE, raw["Arn"], {**data, "Targets": targets})
            for role in (target["RoleArn"] for target in targets if target.get("RoleArn")):
                read_receiver(clients, notes, role, region)


def _read_state_machines(clients: Clients, notes: Notes, region: str, place: str) -> None:
    del place
    client = clients("stepfunctions", region)
    for page in client.get_paginator("list_state_machines").paginate():
        for listed in page["stateMachines"]:
            raw = client.describe_state_machine(stateMachineArn=listed["stateMachineArn"])
            data = {key: raw[key] for key in _MACHINE_KEYS}
            notes.add(Kind.STATE_MACHINE, raw["stateMachineArn"], data)
            read_receiver(clients, notes, raw["roleArn"], region)


_READERS: Mapping[Kind, _Reader] = {
    Kind.DETECTOR: _read_detectors,
    Kind.DASHBOARD: _read_dashboards,
    Kind.METRIC_FILTER: _read_metric_filters,
    Kind.LOG_DETECTOR: _read_log_detectors,
    Kind.EVENT_RULE: _read_event_rules,
    Kind.SCHEDULE: _read_schedules,
    Kind.STATE_MACHINE: _read_state_machines,
}
KINDS = frozenset(_READERS)
"""What is read here alone."""
