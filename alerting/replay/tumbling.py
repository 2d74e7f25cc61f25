"""The one series a band is learned from: an alarm's datapoints at its own period."""

from collections.abc import Mapping

import numpy as np

from alerting.cloudwatch.evaluation import Evaluation
from alerting.replay.clock import calendar, parse_zone
from alerting.replay.metric import Watched
from alerting.replay.metric_math import Inputs, work_out
from alerting.replay.series import Series, Times
from alerting.replay.statistic import aggregate


def combined(
    watched: Watched, series: Mapping[str, Series], evaluation: Evaluation
) -> tuple[Series, int]:
    """The series, and how many seconds after its period a datapoint can be seen at the latest.

    A metric recorded at the alarm's period, or more coarsely, is taken as it is. One recorded finer
    is put together by its statistic, period by period, and metric math is worked out on that: a
    band belongs to periods that stand still, while a fixed threshold is held against sliding ones.

    Args:
        watched: What the alarm watches.
        series: The metrics by the Id of their query.
        evaluation: The alarm's.

    Raises:
        MathError, StatisticError: the expression or a statistic cannot be worked out.
    """
    if watched.metric is not None:
        (only,) = series.values()
        if only.spacing >= evaluation.period:
            return only, 0
    period = evaluation.period
    edges = _edges(list(series.values()), evaluation)
    tables: dict[str, np.ndarray] = {}
    late = 0
    for name, one in series.items():
        stamps, values = one.present()
        places = np.searchsorted(stamps, edges)[:, np.newaxis]
        statistic = watched.metrics[name].statistic
        tables[name] = aggregate(values, places[:-1], places[1:], statistic)
        ends = edges[np.searchsorted(edges, stamps, side="right")]
        late = max(late, int(np.max(stamps + one.spacing - ends, initial=0)))
    inputs = Inputs(tables, edges[:-1, np.newaxis], period)
    values = work_out(watched.expression, inputs)[:, 0]
    first = min(one.start for one in series.values())
    end = max(one.end for one in series.values())
    return Series.of(edges[:-1], values, spacing=period, start=first, end=end), late


def _edges(series: list[Series], evaluation: Evaluation) -> Times:
    first = min(int(one.stamps[0]) for one in series)
    last = max(int(one.stamps[-1]) for one in series)
    period = evaluation.period
    if evaluation.timezone:
        edges = calendar(period, parse_zone(evaluation.timezone), first, last)
        inner = np.searchsorted(edges, [first, last], side="right")
        return edges[inner[0] - 1 : inner[1] + 1]
    # Where a series already has datapoints of whole periods, these are kept in one piece.
    whole = next((one for one in series if one.spacing >= period), None)
    phase = int(whole.stamps[0]) % period if whole else 0
    start = first - (first - phase) % period
    return np.arange(start, last + period + 1, period)
