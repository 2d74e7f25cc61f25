"""Bands that CloudWatch is still learning, while their alarms tell already."""

from collections.abc import Iterator

from alerting.account.model import Account, Item, Kind
from alerting.cloudwatch.detector import learned_for, what_it_learns
from alerting.delivery import Finding, Level
from alerting.delivery.composites import child_refs
from alerting.delivery.mutes import is_learning, names_in
from alerting.delivery.queries import is_band
from alerting.live.clients import Clients

YOUNG = "band-young"
"""Id of what is found, beside the rules'."""

_LEARNED = "TRAINED"
_EXPIRED = "EXPIRED"


def young_bands(
    clients: Clients, region: str, live: Account, alarms: tuple[Item, ...]
) -> Iterator[Finding]:
    """The alarms on a band that is not learned yet and that do not wait until it is.

    A band of which CloudWatch has no detector is none that is young: it makes one when the alarm is
    first evaluated.

    Args:
        clients: gives a boto3 client for a service in a Region.
        region: where the alarms are.
        live: the account.
        alarms: those that are looked at.

    Raises:
        ClientError: the detectors may not be seen.
    """
    banded = [alarm for alarm in alarms if is_band(alarm)]
    if not banded:
        return
    waiting = _waiting(live)
    states: dict[str, str] = {}
    pages = clients("cloudwatch", region).get_paginator("describe_anomaly_detectors")
    for page in pages.paginate(AnomalyDetectorTypes=["SINGLE_METRIC", "METRIC_MATH"]):
        for one in page["AnomalyDetectors"]:
            states[what_it_learns(one)] = one.get("StateValue", _LEARNED)
    for alarm in banded:
        state = states.get(learned_for(alarm.data) or "", _LEARNED)
        if state != _LEARNED and id(alarm) not in waiting:
            yield Finding(
                YOUNG,
                Level.WARNING,
                alarm,
                alarm.label,
                f"CloudWatch is still learning the band of {alarm.label} ({state}).",
                "It tells already, and a young band is wrong often.",
                "Give the alarm a learnUntil two weeks after the metric's first datapoint.",
            )


def _waiting(live: Account) -> set[int]:
    """The alarms that learning mode holds back, and those they look at, by `id`."""
    rules = [one for one in live.of(Kind.MUTE_RULE) if one.get("Status") != _EXPIRED]
    names = [name for one in rules if is_learning(one) for name in names_in(one)]
    held = [alarm for name in names for alarm in live.find(Kind.ALARM, name)]
    refs = (ref for alarm in held for ref in child_refs(alarm))
    return {id(one) for one in (*held, *(c for r in refs for c in live.find(Kind.ALARM, r)))}
