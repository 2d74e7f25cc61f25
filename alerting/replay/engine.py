"""Metric data driven through the alarms of an account.

Every alarm is evaluated as CloudWatch would have: see `clock` for when and over what, `watch` for
what is counted, and `alerting.cloudwatch.state` for what follows; `composites` for those that watch
other alarms.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import nan

from alerting.account.model import Account, Item, Unknown
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.state import State
from alerting.replay.clock import parse_zone
from alerting.replay.composites import driven, family, is_composite
from alerting.replay.expression import MathError, Name
from alerting.replay.heartbeats import Beat, beats, settings, steps
from alerting.replay.history import Change, History, Replay, Skipped
from alerting.replay.metric import MetricKey, NotReplayableError, Watched, watched
from alerting.replay.schedules import ScheduleError
from alerting.replay.series import Series, Values
from alerting.replay.setting import Setting
from alerting.replay.statistic import StatisticError
from alerting.replay.timeline import Timeline, stepped
from alerting.replay.tumbling import combined
from alerting.replay.watch import Points, Watch, start_of

Bands = Callable[[Item, Series, float], tuple[Values, Values]]
"""Lower and upper edge beside each stamp of a series, NaN where there is no band yet; from the
alarm, the series and the width in standard deviations."""


def replay(
    account: Account,
    data: Mapping[MetricKey, Series],
    *,
    bands: Bands | None = None,
    ingestion_delay: int = 0,
    extra_range: int = 2,
    alarms: Iterable[Item] | None = None,
) -> Replay:
    """Drive metric data through alarms.

    An alarm starts in INSUFFICIENT_DATA when its first datapoint can be seen. What cannot be
    replayed (PromQL alarms, metrics without data, functions of metric math that are not known here,
    composites over any of these, ...) is listed with the reason and does not stop the others.
    What schedules set, `heartbeats` says; the clock of an alarm that one of them sets starts with
    the replay, whatever data it has.

    Args:
        account: Whose alarms.
        data: The metrics. Each series holds the statistic of its key.
        bands: Where bands come from; None: band alarms are not replayed. Asked with a series at
            the alarm's period: one recorded finer is put together first.
        ingestion_delay: Seconds from the end of a datapoint's period until CloudWatch has it.
        extra_range: How many slots beyond N an alarm with a period of a minute or more looks at.
        alarms: Replay these alone, and what composites among them hang on without telling of it.
            Default: all of the account's.

    Raises:
        ValueError: there is no data at all.
    """
    if not data:
        raise ValueError("a replay needs the data of at least one metric")
    start = min(series.start for series in data.values())
    end = max(series.end for series in data.values())
    wanted = tuple(account.alarms if alarms is None else alarms)
    kin = family(account, wanted)
    beating: dict[int, list[Beat]] = {}
    for beat in beats(account):
        beating.setdefault(id(beat.alarm), []).append(beat)
    outcomes: dict[int, History | Skipped] = {}
    for alarm in kin.members:
        if is_composite(alarm):
            continue
        set_by = beating.get(id(alarm), ())
        given = {**_silence(alarm, start, end), **data} if set_by else data
        outcomes[id(alarm)] = _outcome(
            alarm, given, bands, ingestion_delay, extra_range, (start, end), set_by
        )
    outcomes |= driven(account, kin, outcomes, end)
    told = [outcomes[id(alarm)] for alarm in wanted]
    return Replay(
        start,
        end,
        tuple(one for one in told if isinstance(one, History)),
        tuple(one for one in told if isinstance(one, Skipped)),
    )


def evaluate(
    series: Series,
    evaluation: Evaluation,
    comparison: Comparison,
    *,
    threshold: float | None = None,
    band: tuple[Values, Values] | None = None,
    statistic: str = "Average",
    ingestion_delay: int = 0,
    extra_range: int = 2,
    end: int | None = None,
) -> Timeline:
    """One series through one alarm that need not exist.

    Args:
        series: The metric.
        evaluation: Period, M of N, missing data.
        comparison: With a threshold or with a band.
        threshold: The fixed limit.
        band: Lower and upper edge beside each stamp; NaN: no band yet, so no datapoint either.
        statistic: What several datapoints of one slot come to.
        ingestion_delay: Seconds from the end of a datapoint's period until CloudWatch has it.
        extra_range: How many slots beyond N are looked at.
        end: Where to stop. Default: the tick at which the last row is seen, or the series' end if
            that is later, so that every row has a state.

    Raises:
        ValueError: the comparison needs the other sort of limit.
    """
    if comparison.of_band != (band is not None) or comparison.of_band == (threshold is not None):
        raise ValueError(f"{comparison} needs a {'band' if comparison.of_band else 'threshold'}")
    if end is None:
        last = series.stamps[-1:] + series.spacing + ingestion_delay
        end = max(series.end, int(-(-last[0] // evaluation.tick) * evaluation.tick))
    return Watch(
        evaluation=evaluation,
        slots=evaluation.evaluation_range(extra_range),
        comparison=comparison,
        inputs={"m1": Points.of(series, statistic, ingestion_delay, band)},
        expression=Name("m1"),
        threshold=threshold,
        start=start_of([series], evaluation, ingestion_delay),
        end=end,
    ).timeline()


def _outcome(
    alarm: Item,
    data: Mapping[MetricKey, Series],
    bands: Bands | None,
    ingestion_delay: int,
    extra_range: int,
    within: tuple[int, int],
    set_by: Sequence[Beat],
) -> History | Skipped:
    """Of a metric alarm."""
    start, end = within
    try:
        what = watched(alarm.data)
        since = start if set_by else None
        watch = _watch(alarm, what, data, bands, ingestion_delay, extra_range, since, end)
        return _history(alarm, what, watch, settings(set_by, start, end))
    except MathError as error:
        return Skipped(alarm, f"its expression {error}")
    except (NotReplayableError, ScheduleError, StatisticError) as error:
        return Skipped(alarm, str(error))


def _silence(alarm: Item, start: int, end: int) -> dict[MetricKey, Series]:
    """Nothing from an alarm's metrics, all the time."""
    try:
        what = watched(alarm.data)
    except NotReplayableError:
        return {}
    nothing = Series.of([start], [nan], spacing=what.period, start=start, end=end)
    return dict.fromkeys(what.metrics.values(), nothing)


def _watch(
    alarm: Item,
    what: Watched,
    data: Mapping[MetricKey, Series],
    bands: Bands | None,
    ingestion_delay: int,
    extra_range: int,
    since: int | None,
    end: int,
) -> Watch:
    """What a metric alarm counts; without any datapoint its clock starts at `since`, if ever."""
    lacking = [str(key) for key in what.metrics.values() if key not in data]
    if lacking:
        raise NotReplayableError(f"there is no data of {'; '.join(lacking)}")
    evaluation, comparison = _rules(alarm, what)
    series = {name: data[key] for name, key in what.metrics.items()}
    if what.band_width is not None:
        if bands is None:
            raise NotReplayableError("its limit is a band, and no band can be had here")
        whole, late = combined(what, series, evaluation)
        band = bands(alarm, whole, what.band_width)
        statistic = what.metric.statistic if what.metric else "Average"
        expression, threshold = Name("m1"), None
        inputs = {"m1": Points.of(whole, statistic, ingestion_delay + late, band)}
        start = start_of([whole], evaluation, ingestion_delay + late)
    else:
        threshold = alarm.get("Threshold")
        if threshold is None or isinstance(threshold, Unknown):
            raise NotReplayableError("its threshold is not known")
        expression = what.expression
        inputs = {
            name: Points.of(one, what.metrics[name].statistic, ingestion_delay)
            for name, one in series.items()
        }
        start = start_of(list(series.values()), evaluation, ingestion_delay)
    if since is not None:
        start = -(-since // evaluation.tick) * evaluation.tick
    if start is None:
        raise NotReplayableError("its metric has no datapoint, so that its clock never starts")
    return Watch(
        evaluation=evaluation,
        slots=evaluation.evaluation_range(extra_range),
        comparison=comparison,
        inputs=inputs,
        expression=expression,
        threshold=threshold,
        start=start,
        end=end,
    )


def _rules(alarm: Item, what: Watched) -> tuple[Evaluation, Comparison]:
    try:
        evaluation = Evaluation.of(alarm.data)
        if evaluation.timezone is not None:
            parse_zone(evaluation.timezone)
        comparison = Comparison(alarm.get("ComparisonOperator"))
    except KeyError as error:
        raise NotReplayableError(f"lacks {error}") from None
    except TypeError:
        raise NotReplayableError("has a value that is not known yet") from None
    except ValueError as error:
        raise NotReplayableError(str(error)) from None
    m, n = evaluation.datapoints_to_alarm, evaluation.evaluation_periods
    if evaluation.period <= 0 or not 1 <= m <= n:
        raise NotReplayableError(f"wants {m} of {n} datapoints of {evaluation.period} seconds")
    if comparison.of_band != (what.band_width is not None):
        limit = "threshold" if comparison.of_band else "band"
        raise NotReplayableError(f"its operator {comparison} does not go with a {limit}")
    return evaluation, comparison


def _history(alarm: Item, what: Watched, watch: Watch, set_at: Sequence[Setting]) -> History:
    line = watch.timeline()
    old = State.INSUFFICIENT_DATA
    changes: list[Change] = []
    for time, new, setting in steps(line, set_at, watch.evaluation):
        changes.append(Change(time, alarm, old, new, setting or watch))
        old = new
    if set_at:
        line = stepped(line.start, line.end, [(one.time, one.new) for one in changes])
    return History(alarm, what, line, tuple(changes), watch)
