"""Metrics Insights: one alarm over a fleet, whose members come and go by themselves.

CloudWatch user guide, "Create a CloudWatch alarm based on a Metrics Insights query": a query with
GROUP BY and ORDER BY gives a series a group, and each is a contributor to the alarm with a state of
its own. "Metrics Insights query components and syntax": the functions, SCHEMA, and the quoting.
"""

from collections.abc import Mapping, Sequence

FUNCTIONS: Mapping[str, str] = {
    "Average": "AVG",
    "SampleCount": "COUNT",
    "Maximum": "MAX",
    "Minimum": "MIN",
    "Sum": "SUM",
}
"""What statistics are called in a query; there are no percentiles."""

MAX_ALARMS = 200
"""Alarms on queries in one Region (CloudWatch quotas)."""
MAX_METRICS = 10_000
"""Metrics that a query looks at."""
MAX_SERIES = 500
"""Series that a query returns."""
MIN_PERIOD = 60
"""Seconds."""
MAX_RANGE = 3 * 3600
"""Seconds that an alarm on a query looks back: N times its period."""


def fleet_query(
    namespace: str,
    metric: str,
    statistic: str,
    *,
    over: Sequence[str],
    where: Mapping[str, str] | None = None,
) -> str:
    """The query that gives a series for each member of a fleet.

    Args:
        namespace: of the metric, `AWS/EC2`.
        metric: its name, `CPUUtilization`.
        statistic: a key of `FUNCTIONS`.
        over: the dimensions that tell the members apart, at least one.
        where: further dimensions of the metric, with the value they must have. Default: none.

    Raises:
        ValueError: the statistic is none of a query, or there is nothing to tell members apart by.
    """
    if statistic not in FUNCTIONS:
        raise ValueError(f"must be one of {', '.join(FUNCTIONS)} over a fleet, got {statistic!r}")
    if not over:
        raise ValueError("needs a dimension that tells the members of the fleet apart")
    fixed = dict(where or {})
    function = FUNCTIONS[statistic]
    schema = ", ".join(map(_identifier, (namespace, *sorted({*over, *fixed}))))
    groups = ", ".join(map(_identifier, over))
    conditions = " AND ".join(
        f"{_identifier(name)} = {_text(value)}" for name, value in sorted(fixed.items())
    )
    clauses = (
        f"SELECT {function}({_identifier(metric)})",
        f"FROM SCHEMA({schema})",
        f"WHERE {conditions}" if conditions else "",
        f"GROUP BY {groups}",
        f"ORDER BY {function}() DESC",
    )
    return " ".join(clause for clause in clauses if clause)


def _identifier(name: str) -> str:
    """Quoted, as names with anything but letters, digits and underscores must be."""
    return '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))


def _text(value: str) -> str:
    return "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))
