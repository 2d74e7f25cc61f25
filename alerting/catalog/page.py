"""The catalogue as a page for people (`docs/presets.md`)."""

from collections.abc import Iterable, Iterator

from alerting.catalog.catalogue import sources
from alerting.catalog.preset import Limit, Preset, Service
from alerting.cloudwatch.words import duration, number

_INTRODUCTION = """# Presets

Alarms known to be good, for the services people run. Each says what it watches, why, and what it
cannot see. This page is made with `python -m alerting presets --markdown docs/presets.md`.

One alarm, and the set to begin with for one resource:

```yaml
config:
  anomaly-alerting:alarms:
    shop-storage:
      preset: rds.free-storage
      dimensions: {DBInstanceIdentifier: shop}
      of: 107374182400                     # what the figure is a share of, where it is one
      datapoints: 3/5                      # anything a preset brings can be said otherwise
  anomaly-alerting:watch:
    shop-db:
      kind: rds
      id: shop                             # or dimensions: {...}, where one does not name it
      off: [connections, freeable-memory]
      alarms:
        free-storage: {of: 107374182400}
        swap: {}                           # a preset that is not in the set
      severities: {high: page, low: notify}
```

A preset with a threshold becomes a band by `band: {}`, where a band makes sense, and one with a
band a threshold by `threshold: {above: 5}`. A set has the presets that go with the dimensions
given: of a load balancer without a target group those of the balancer alone. With `tags: {team:
shop}` instead of `id` it is made for every resource that has them ([watch.md](watch.md)).

A figure marked ‡ is our own suggestion; every other one comes from the source named below it.
A band that looks below cannot fire where its lower edge is 0, as in a quiet night: CloudWatch cuts
bands off at what a metric can be. **Bold** presets are those to begin with.
"""


def markdown(services: Iterable[Service]) -> str:
    """The page of some services."""
    return "\n".join((_INTRODUCTION, *(_service(one) for one in services), _sources()))


def limit_words(preset: Preset) -> str:
    """What the value is compared with: `above 80 Percent`, `below its band`, `at most ...`."""
    side = {"atLeast": "at least", "atMost": "at most"}.get(preset.side, preset.side)
    if preset.limits[0] is Limit.BAND:
        return f"{side} its band"
    if preset.figure is None:
        return f"{side} a figure of yours"
    mark = "‡" if "figure" in preset.ours else ""
    if preset.of is not None:
        return f"{side} {number(preset.figure)}{mark} × {preset.of}"
    unit = "" if preset.unit in ("None", "Count") else f" {preset.unit}"
    return f"{side} {number(preset.figure)}{mark}{unit}"


def when_words(preset: Preset) -> str:
    """How long, and what a gap means: `3/5 of 1 minute, missing is notBreaching`."""
    datapoints, period, missing = (
        f"{text}‡" if key in preset.ours else text
        for key, text in (
            ("datapoints", preset.datapoints),
            ("period", duration(preset.period)),
            ("missing", preset.missing),
        )
    )
    return f"{datapoints} of {period}; missing data is {missing}"


def other_limit_words(preset: Preset) -> str:
    """Whether it can be turned into the other sort of alarm."""
    if preset.limits == (Limit.THRESHOLD,):
        return "a threshold only"
    return f"can be a {preset.limits[1]} as well"


def search_words(service: Service) -> str:
    """Whether its resources are found by tag, and what to give if not."""
    instead = service.search.instead
    return f"Not found by tag: give {instead}." if instead else "Found by tag."


def _service(service: Service) -> str:
    lines = [
        f"## {service.title}",
        "",
        f"`{service.name}`, namespace `{service.namespace}`. Published {service.published}.",
        search_words(service),
        "",
        *(line for preset in service.presets.values() for line in _preset(preset)),
    ]
    return "\n".join(lines)


def _preset(preset: Preset) -> Iterator[str]:
    name = f"`{preset.name}`"
    yield f"- {f'**{name}**' if preset.recommended else name}: `{preset.watched}` is"
    yield f"  {limit_words(preset)}, {when_words(preset)} ({other_limit_words(preset)})."
    yield f"  {preset.why}"
    yield f"  Cannot see: {preset.blind}"
    if preset.needs:
        yield f"  Needs {preset.needs}."
    if preset.region:
        yield f"  In {preset.region} only."
    dimensions = " or ".join(f"`{one}`" for one in preset.dimensions)
    yield f"  Dimensions: {dimensions}. Weight: {preset.weight}. Source: {preset.source}."
    yield ""


def _sources() -> str:
    lines = [f"- {tag}: {text}" for tag, text in sources().items()]
    return "\n".join(("## Sources", "", *lines, ""))
