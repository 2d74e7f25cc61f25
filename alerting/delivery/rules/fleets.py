"""Rules about alarms over a fleet."""

from collections.abc import Iterator, Mapping

from alerting.account import Item
from alerting.cloudwatch.insights import MAX_METRICS, MAX_SERIES, parse_fleet
from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule


@rule(
    "fleet-limits",
    Level.NOTE,
    why="It is one alarm on a Metrics Insights query, whose series are the members of the fleet.",
    consequence="Each member has a state of its own, and one that disappears goes to OK, as if it "
    f"were well. Of more than {MAX_METRICS:,} metrics some are not looked at, and of more than "
    f"{MAX_SERIES} members only those at the top of its order. Every metric is paid for.",
    fix="Watch what must not disappear by an alarm of its own, with missing data as breaching; "
    "narrow a fleet that is too large by a dimension.",
    source="CloudWatch user guide, Create a CloudWatch alarm based on a Metrics Insights query, "
    "and Limits",
)
def fleet_limits(paths: Paths) -> Iterator[Found]:
    """Alarms over a fleet, which have limits that those on a metric have not."""
    over = [alarm for alarm in paths.account.alarms if any(map(parse_fleet, _expressions(alarm)))]
    if over:
        look = "looks" if len(over) == 1 else "look"
        yield Found(
            over[0] if len(over) == 1 else None,
            f"{listed((alarm.label for alarm in over), 8)} {look} at whatever members there are: "
            f"one that disappears counts as well again, at most {MAX_METRICS:,} metrics are looked "
            f"at and {MAX_SERIES} members told apart, and each metric is paid for.",
            label="" if len(over) == 1 else f"{len(over)} alarms",
        )


def _expressions(alarm: Item) -> Iterator[object]:
    queries = alarm.get("Metrics")
    for query in queries if isinstance(queries, list) else ():
        if isinstance(query, Mapping):
            yield query.get("Expression")


RULES = (fleet_limits,)
