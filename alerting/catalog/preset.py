"""What a preset is, and how a service's file is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from alerting.catalog.search import Search, read_search
from alerting.catalog.shape import shape_problems
from alerting.cloudwatch.limits import (
    evaluation_problems,
    is_percentile,
    math_problems,
    metric_problems,
)
from alerting.problems import Problem, must


class Limit(StrEnum):
    """What a value is compared with."""

    BAND = "band"
    THRESHOLD = "threshold"


class Weight(StrEnum):
    """How soon somebody should look."""

    HIGH = "high"
    """Something is down, or data is lost or about to be."""
    LOW = "low"
    """In working hours."""


_WORDS = {
    "side": ("above", "atLeast", "below", "atMost", "outside"),
    "missing": ("missing", "ignore", "breaching", "notBreaching"),
    "weight": tuple(Weight),
    "limits": tuple(Limit),
    "ours": ("figure", "gate", "period", "datapoints", "missing"),
}
"""The words that some keys may have."""


class CatalogueError(ValueError):
    """A service's file that says something impossible; the message lists all of it."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One metric of a preset."""

    name: str
    statistic: str
    unit: str
    """As AWS documents it. Never put into an alarm: with a unit that does not fit CloudWatch finds
    no datapoint, and AWS advises to leave it out (PutMetricAlarm API reference)."""


@dataclass(frozen=True, slots=True)
class DimensionSet:
    """One combination of dimensions that is published."""

    asked: tuple[str, ...]
    """Names whose values the user gives."""
    fixed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names whose values are always the same."""

    @classmethod
    def of(cls, words: list[str]) -> "DimensionSet":
        """From `["DistributionId", "Region=Global"]`."""
        pairs = [word.partition("=") for word in words]
        asked = tuple(name for name, equals, _ in pairs if not equals)
        return cls(asked, {name: value for name, equals, value in pairs if equals})

    def __str__(self) -> str:
        fixed = (f"{name}={value}" for name, value in self.fixed.items())
        return ", ".join((*self.asked, *fixed)) or "none"


@dataclass(frozen=True, slots=True)
class Preset:
    """A good alarm for one metric of one service."""

    name: str
    """`SERVICE.KEY`."""
    namespace: str
    metrics: Mapping[str, Observed]
    """By the name they have in the expression; of a plain metric one, called `observed`."""
    expression: str | None
    """Metric math; None where the metric is watched as it is. `{gate}` stands for `gate`."""
    gate: int | None
    """From how much traffic in a period on a share of it counts."""
    unit: str
    """Of what is compared."""
    dimensions: tuple[DimensionSet, ...]
    """Those the metric is published with; any other alarm would never see a datapoint."""
    side: str
    """`above`, `atLeast`, `below`, `atMost`; of a band also `outside`."""
    figure: float | None
    """The threshold, or the share of `of`; None where only the user can know it."""
    of: str | None
    """What `figure` is a share of."""
    limits: tuple[Limit, ...]
    """What it can be compared with, the default first."""
    period: int
    """Seconds."""
    datapoints: str
    """`M/N`."""
    missing: str
    """What a missing datapoint counts as, in CloudWatch's words."""
    weight: Weight
    recommended: bool
    """Whether it is among those to begin with."""
    why: str
    """What it means when it fires, and why it is compared as it is."""
    blind: str
    """What it cannot see, and what to beware of."""
    needs: str
    """What must be switched on for the metric to be published; empty: nothing."""
    source: str
    """Where the figures come from, in the tags of the page of sources."""
    ours: tuple[str, ...]
    """Which of its figures are our own suggestion and have no source."""
    region: str | None
    """The only Region its metrics are in; None: the resource's."""

    @property
    def watched(self) -> str:
        """What is compared, in the words of metric math."""
        if self.expression is None:
            [metric] = self.metrics.values()
            return f"{metric.name} ({metric.statistic})"
        return self.expression.replace("{gate}", str(self.gate))

    @property
    def is_percentile(self) -> bool:
        """Whether the metric is watched as it is, by a percentile."""
        return self.expression is None and any(
            is_percentile(metric.statistic) for metric in self.metrics.values()
        )


@dataclass(frozen=True, slots=True)
class Service:
    """The presets of one AWS service."""

    name: str
    title: str
    namespace: str
    published: str
    """How often its metrics come, and when not."""
    search: Search
    """How its resources are found by tag."""
    presets: Mapping[str, Preset]
    """By key."""


_SERVICE_KEYS = {
    "title": str,
    "namespace": str,
    "published": str,
    "search": dict,
    "presets": dict,
}
_SERVICE_OPTIONAL = {"needs": str, "region": str}
_PRESET_KEYS = {
    "unit": str,
    "dimensions": list,
    "side": str,
    "limits": list,
    "period": int,
    "datapoints": str,
    "missing": str,
    "weight": str,
    "why": str,
    "blind": str,
    "source": str,
}
_PRESET_OPTIONAL = {
    "namespace": str,
    "metric": str,
    "statistic": str,
    "expression": str,
    "using": dict,
    "gate": int,
    "figure": (int, float),
    "of": str,
    "recommended": bool,
    "needs": str,
    "ours": list,
}


def read_service(name: str, data: Mapping[str, Any]) -> Service:
    """A service from its file.

    Raises:
        CatalogueError: with everything that is wrong in it.
    """
    problems = list(shape_problems(data, _SERVICE_KEYS, _SERVICE_OPTIONAL))
    search, found = (None, []) if problems else read_search(data["search"])
    problems += [problem.under("search") for problem in found]
    presets: dict[str, Preset] = {}
    for key, entry in data.get("presets", {}).items():
        found = list(shape_problems(entry, _PRESET_KEYS, _PRESET_OPTIONAL)) or list(_words(entry))
        if not found and not problems:
            presets[key] = _preset(f"{name}.{key}", entry, data)
            found = list(preset_problems(presets[key], entry))
        problems += [problem.under("presets", key) for problem in found]
    if problems or search is None:
        raise CatalogueError(f"{name}: " + "; ".join(map(str, problems)))
    return Service(name, data["title"], data["namespace"], data["published"], search, presets)


def _words(data: Mapping[str, Any]) -> Iterator[Problem]:
    for key, allowed in _WORDS.items():
        given = data.get(key, ())
        for word in (given,) if isinstance(given, str) else given:
            if word not in allowed:
                yield must(key, f"one of {', '.join(allowed)}", word)


def _preset(name: str, data: Mapping[str, Any], service: Mapping[str, Any]) -> Preset:
    using = data.get("using") or {
        "observed": {
            "metric": data.get("metric", ""),
            "statistic": data.get("statistic", ""),
            "unit": data["unit"],
        }
    }
    sets = cast("list[list[str]]", data["dimensions"])
    return Preset(
        name=name,
        namespace=data.get("namespace", service["namespace"]),
        metrics={
            key: Observed(one["metric"], one["statistic"], one["unit"])
            for key, one in using.items()
        },
        expression=data.get("expression"),
        gate=data.get("gate"),
        unit=data["unit"],
        dimensions=tuple(DimensionSet.of(words) for words in sets),
        side=data["side"],
        figure=data.get("figure"),
        of=data.get("of"),
        limits=tuple(Limit(limit) for limit in data["limits"]),
        period=data["period"],
        datapoints=data["datapoints"],
        missing=data["missing"],
        weight=Weight(data["weight"]),
        recommended=data.get("recommended", False),
        why=data["why"],
        blind=data["blind"],
        needs=data.get("needs", service.get("needs", "")),
        source=data["source"],
        ours=tuple(data.get("ours", ())),
        region=service.get("region"),
    )


def preset_problems(preset: Preset, data: Mapping[str, Any]) -> Iterator[Problem]:
    """What contradicts itself in a preset, or what CloudWatch would refuse."""
    if ("metric" in data) == ("expression" in data):
        yield Problem((), "needs exactly one of metric and expression")
    if ("expression" in data) != ("using" in data):
        yield Problem((), "expression and using belong together")
    if (preset.gate is not None) != ("{gate}" in (preset.expression or "")):
        yield Problem(("gate",), "belongs to an expression that names it")
    if not preset.dimensions or not preset.limits:
        yield Problem((), "needs at least one set of dimensions and one limit")
    if preset.side == "outside" and preset.limits[:1] == (Limit.THRESHOLD,):
        yield Problem(("side",), "a threshold has one side")
    if preset.of is not None and preset.figure is None:
        yield Problem(("of",), "needs the figure that is a share of it")
    band = Limit.BAND in preset.limits
    yield from evaluation_problems(preset.datapoints, preset.period, band=band)
    for key in ("why", "blind", "source"):
        if not data[key].strip():
            yield must(key, "a sentence", data[key])
    metrics = {
        key: {"namespace": preset.namespace, "name": one.name, "statistic": one.statistic}
        for key, one in preset.metrics.items()
    }
    if preset.expression is None:
        plain = {**metrics["observed"], "period": preset.period}
        yield from metric_problems(plain, path="metric")
    else:
        math = {"expression": preset.watched, "period": preset.period, "using": metrics}
        yield from math_problems(math, band=band)
