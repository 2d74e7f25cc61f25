"""A backtest of a stack's alarms on what CloudWatch has of their metrics."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account import account_of
from alerting.backtest.advice import plural
from alerting.backtest.detector import DetectorBand
from alerting.backtest.gathering import Asked, Gathering
from alerting.backtest.question import Question
from alerting.backtest.watching import Watching, all_watching
from alerting.band import BandSettings
from alerting.band_source import settings_of
from alerting.cloudwatch.words import duration
from alerting.live.clients import Connection
from alerting.live.data_sources import answers, sender
from alerting.live.detectors import Detector, changed_last, read_detectors
from alerting.live.history import DAY, PRICE, History, Query, kept, read_history, refusal
from alerting.live.metrics import Metric, Nearest
from alerting.live.shelf import Shelf
from alerting.output import BadInput
from alerting.recording import record
from alerting.replay import MetricKey, Series
from alerting.replay.expression import MathError
from alerting.replay.statistic import StatisticError
from alerting.stackfile import StackFile


def _queries(one: Watching) -> Mapping[str, Query]:
    """What an alarm reads, by the Id of its query."""
    return {name: Query(key, one.what.period) for name, key in one.what.metrics.items()}


def _band_of(one: Watching) -> Query | None:
    """CloudWatch's own band at its width; None for metric math and for thresholds."""
    if one.what.metric is None or one.what.band_width is None:
        return None
    return Query(one.what.metric, one.what.period, one.what.band_width)


def ask_stack(
    stack: StackFile,
    connection: Connection,
    question: Question,
    gathering: Gathering,
    *,
    days: float,
    shelf: Shelf | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Asked]:
    """What to try of every metric alarm of a stack, deployed or not, on the past of its metrics.

    Args:
        stack: Its config; the program is the one beside it.
        connection: The account it belongs to.
        question: What is asked of each alarm. Side and missing data are the alarm's own.
        gathering: Is told of alarms that cannot be tried, and what the reading cost.
        days: How far back.
        shelf: Where metric history is kept. Default: nowhere.
        say: Is told what is being done.

    Raises:
        BadInput: AWS does not answer.
        Exception: What the program raises.
    """
    say(f"running the program of {stack.stack}")
    account = account_of(
        record(
            stack.program,
            config=stack.config,
            secret_keys=stack.secret_keys,
            stack=stack.stack,
            account=connection.account_id,
            region=connection.region,
            lookups=answers(sender(connection.clients, connection.region)),
        )
    )
    alarms = list(all_watching(account, gathering))
    say("asking which bands CloudWatch has")
    detectors = _detectors(connection, alarms, gathering)
    say("reading the history of metrics")
    queries = [query for one in alarms for query in _queries(one).values()]
    bands = [_band_of(one) for one in alarms if one.what.metric in detectors]
    queries += [band for band in bands if band is not None]
    history = read_history(connection, queries, days=days, shelf=shelf)
    gathering.remarks.append(_paid(history, len(set(queries))))
    say("preparing")
    asking = _Asking(connection, question, history, detectors, days)
    return list(asking.all(alarms, gathering))


def _detectors(
    connection: Connection, alarms: Sequence[Watching], gathering: Gathering
) -> Mapping[MetricKey, Detector]:
    if not any(map(_band_of, alarms)):
        return {}
    try:
        return read_detectors(connection)
    except BadInput as error:
        gathering.remarks.append(f"CloudWatch's own bands are left out: {error}")
        return {}


def _paid(history: History, queries: int) -> str:
    if not history.calls:
        return "all metric history was on disk from an earlier look, so nothing was paid"
    on_disk = queries - history.asked
    cost = f"about {history.cost:.2f} USD" if history.cost >= PRICE else "less than a cent"
    return (
        f"metric history took {plural(history.calls, 'call')} to GetMetricData for "
        f"{plural(history.metrics, 'metric')}, {cost} at {PRICE} USD a thousand"
        f"{f'; {on_disk} more were on disk' if on_disk else ''}. A second look within a day is free"
    )


@dataclass(eq=False)
class _Asking:
    """Makes trials of alarms and history."""

    connection: Connection
    question: Question
    history: History
    detectors: Mapping[MetricKey, Detector]
    days: float

    def all(self, alarms: Sequence[Watching], gathering: Gathering) -> Iterator[Asked]:
        """Those that can be made; why the others cannot is noted."""
        since = self._since(alarms, gathering)
        nearest = Nearest(self.connection.clients, self.connection.region)
        for one in alarms:
            name = one.alarm.label
            try:
                yield self._asked(one, since.get(str(one.alarm.get("AlarmName"))), nearest)
            except MathError as error:
                gathering.failures.append(f"{name}: its expression {error}")
            except (StatisticError, BadInput) as error:
                gathering.failures.append(f"{name}: {error}")

    def _since(self, alarms: Sequence[Watching], gathering: Gathering) -> Mapping[str, int]:
        banded = (one.alarm for one in alarms if _band_of(one) in self.history.found)
        names = [str(alarm.get("AlarmName")) for alarm in banded]
        try:
            return changed_last(self.connection, names) if names else {}
        except BadInput as error:
            gathering.remarks.append(f"how old CloudWatch's bands are is not known: {error}")
            return {}

    def _asked(self, one: Watching, since: int | None, nearest: Nearest) -> Asked:
        data: dict[str, Series] = {}
        for name, query in _queries(one).items():
            if query in self.history.refused:
                raise BadInput(f"{query.key}: CloudWatch answers {self.history.refused[query]}")
            series = self.history.series(query)
            if series is None:
                raise BadInput(self._silent(query, nearest))
            data[name] = series
        series, late = one.put_together(data)
        band = self._band(one, series, since)
        return Asked(one.trial(series, late, self.question, self._settings(one), band))

    def _settings(self, one: Watching) -> BandSettings:
        """Those asked for, and those of CloudWatch's own detector."""
        settings = self.question.settings
        detector = self.detectors.get(one.what.metric) if one.what.metric else None
        if detector is not None:
            excluded = (*settings.excluded, *detector.excluded)
            zone = detector.timezone if settings.timezone == "UTC" else settings.timezone
            settings = replace(settings, excluded=excluded, timezone=zone)
        return settings_of(one.what.metric, settings)

    def _band(self, one: Watching, series: Series, since: int | None) -> DetectorBand | None:
        query = _band_of(one)
        edges = self.history.band(query, series) if query else None
        return DetectorBand(*edges, until=since) if edges else None

    def _silent(self, query: Query, nearest: Nearest) -> str:
        key, looked_at = query.key, min(self.days * DAY, kept(query.period))
        silence = f"{key} has had no datapoint in {duration(looked_at)}"
        text = f"{silence}, so this alarm judges nothing"
        pairs = tuple((name, str(value)) for name, value in key.dimensions)
        try:
            found = nearest.to(Metric(key.namespace, key.name, pairs))
        except (ClientError, BotoCoreError) as error:
            return f"{text}; what else there is could not be listed: {refusal(error)}"
        if not found:
            return f"{text}; there is none with a name like it"
        return f"{text}; the nearest that exist: {'; '.join(map(str, found))}"
