"""What stands around the alarms of an account and passes no notification on.

`verify` does not need it, and asks for no permission to see it; an in-memory account is read with
it, so that all that is declared is seen to be there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.names import metric_filter_arn
from alerting.live.clients import Clients
from alerting.live.notes import Notes

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


def _declared(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in _TOLD_BY_LOGS}


_READERS: Mapping[Kind, _Reader] = {
    Kind.METRIC_FILTER: _read_metric_filters,
    Kind.LOG_DETECTOR: _read_log_detectors,
}
