"""AWS's Regions: what CloudWatch's messages call them, and which metrics only one of them has."""

from collections.abc import Iterator, Mapping
from typing import Any

from alerting.problems import Problem

_NAMES = {
    "af-south-1": "Africa (Cape Town)",
    "ap-east-1": "Asia Pacific (Hong Kong)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-south-2": "Asia Pacific (Hyderabad)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ap-southeast-3": "Asia Pacific (Jakarta)",
    "ap-southeast-4": "Asia Pacific (Melbourne)",
    "ca-central-1": "Canada (Central)",
    "ca-west-1": "Canada West (Calgary)",
    "cn-north-1": "China (Beijing)",
    "cn-northwest-1": "China (Ningxia)",
    "eu-central-1": "EU (Frankfurt)",
    "eu-central-2": "Europe (Zurich)",
    "eu-north-1": "EU (Stockholm)",
    "eu-south-1": "EU (Milan)",
    "eu-south-2": "Europe (Spain)",
    "eu-west-1": "EU (Ireland)",
    "eu-west-2": "EU (London)",
    "eu-west-3": "EU (Paris)",
    "il-central-1": "Israel (Tel Aviv)",
    "me-central-1": "Middle East (UAE)",
    "me-south-1": "Middle East (Bahrain)",
    "sa-east-1": "South America (Sao Paulo)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-gov-east-1": "AWS GovCloud (US-East)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
}
# "EU (...)" for the older European Regions is what real messages say, although AWS's Region list
# says "Europe (...)" by now; the Regions of 2022 and later are told by that list.


def region_name(region: str) -> str:
    """`US East (N. Virginia)` for `us-east-1`; a Region without a known name is its code."""
    return _NAMES.get(region, region)


_HOMES = {"AWS/Billing": "us-east-1", "AWS/CloudFront": "us-east-1", "AWS/Route53": "us-east-1"}
"""Namespaces of services without a Region, and where their metrics are (CloudWatch user guide,
"Create a billing alarm"; CloudFront developer guide, "Types of metrics for CloudFront"; Route 53
developer guide, "Monitoring health checks using CloudWatch"). Of the standard partition."""
_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-isoe", "eusc-")


def region_problems(alarm: Mapping[str, Any], region: str) -> Iterator[Problem]:
    """The metrics of an alarm that another Region has; it would wait for their data for ever.

    `alarm` is an `AlarmArgs` of `alerting.components`.
    """
    if region.startswith(_OTHER_PARTITIONS):
        return
    named: list[tuple[tuple[str, ...], object]] = [(("metric",), alarm.get("metric"))]
    using = _map(_map(alarm.get("math")).get("using"))
    named += [(("math", "using", str(key)), metric) for key, metric in using.items()]
    for path, metric in named:
        namespace = _map(metric).get("namespace")
        home = _HOMES.get(namespace, region) if isinstance(namespace, str) else region
        if home != region:
            text = f"{namespace} has its metrics in {home}, and an alarm watches its own Region's"
            problem = Problem(("namespace",), f"{text}: make a stack of its own there")
            yield problem.under(*path)


def _map(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}
