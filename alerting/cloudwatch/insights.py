"""Metrics Insights: one alarm over a fleet, whose members come and go by themselves.

CloudWatch user guide, "Create a CloudWatch alarm based on a Metrics Insights query": a query with
GROUP BY and ORDER BY gives a series a group, and each is a contributor to the alarm with a state of
its own. "Metrics Insights query components and syntax": the functions, SCHEMA, and the quoting.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


_NAME = r'"(?:[^"\\]|\\.)*"'
_VALUE = r"'(?:[^'\\]|\\.)*'"
_NAMES = rf"{_NAME}(?:, {_NAME})*"
_CONDITION = rf"{_NAME} = {_VALUE}"
_CLAUSES = (
    rf"SELECT (?P<function>[A-Z]+)\((?P<metric>{_NAME})\)",
    rf" FROM SCHEMA\((?P<schema>{_NAMES})\)",
    rf"(?: WHERE (?P<where>{_CONDITION}(?: AND {_CONDITION})*))?",
    rf" GROUP BY (?P<over>{_NAMES})",
    r" ORDER BY (?P=function)\(\) (?:DESC|ASC)",
)
_QUERY = "".join(_CLAUSES)
"""Compiled when it is needed, which of most stacks it never is."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """What a query over a fleet looks at."""

    namespace: str
    metric: str
    statistic: str
    over: tuple[str, ...]
    """The dimensions that tell the members apart."""
    where: Mapping[str, str]
    """The values of the others."""


def parse_fleet(query: object) -> Fleet | None:
    """What a query of the form of `fleet_query` looks at; None of any other."""
    match = re.fullmatch(_QUERY, query) if isinstance(query, str) else None
    statistics = {function: statistic for statistic, function in FUNCTIONS.items()}
    if match is None or match["function"] not in statistics:
        return None
    conditions = re.findall(rf"({_NAME}) = ({_VALUE})", match["where"] or "")
    return Fleet(
        namespace=_unquoted(re.findall(_NAME, match["schema"])[0]),
        metric=_unquoted(match["metric"]),
        statistic=statistics[match["function"]],
        over=tuple(map(_unquoted, re.findall(_NAME, match["over"]))),
        where={_unquoted(name): _unquoted(value) for name, value in conditions},
    )


def members(over: Sequence[str], where: Sequence[str]) -> str:
    """Which members there are, in words: `any InstanceId`, `any TargetGroup of app/shop/1`."""
    return " of ".join(part for part in (f"any {' / '.join(over)}", " / ".join(where)) if part)


def fleet_query(
    namespace: str,
    metric: str,
    statistic: str,
    *,
    over: Sequence[str],
    where: Mapping[str, str] | None = None,
    lowest_first: bool = False,
) -> str:
    """The query that gives a series for each member of a fleet.

    Args:
        namespace: of the metric, `AWS/EC2`.
        metric: its name, `CPUUtilization`.
        statistic: a key of `FUNCTIONS`.
        over: the dimensions that tell the members apart, at least one.
        where: further dimensions of the metric, with the value they must have. Default: none.
        lowest_first: which series are kept where they are more than `MAX_SERIES`: the highest, or
            the lowest. Default: the highest.

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
        f"ORDER BY {function}() {'ASC' if lowest_first else 'DESC'}",
    )
    return " ".join(clause for clause in clauses if clause)


def _identifier(name: str) -> str:
    """Quoted, as names with anything but letters, digits and underscores must be."""
    return '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _text(value: str) -> str:
    return "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))
