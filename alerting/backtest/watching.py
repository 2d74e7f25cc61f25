"""The alarms of an account that can be backtested, and what is tried of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerting.account import Account, Item, Unknown
from alerting.backtest.choice import WIDTHS, Choice, choices, fitting
from alerting.backtest.detector import DetectorBand
from alerting.backtest.gathering import Gathering
from alerting.backtest.question import Question
from alerting.backtest.trial import Trial
from alerting.band import BandSettings
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.replay import NotReplayableError, Series, Watched, watched
from alerting.replay.tumbling import combined


@dataclass(frozen=True, eq=False)
class Watching:
    """An alarm that can be tried."""

    alarm: Item
    what: Watched
    evaluation: Evaluation
    comparison: Comparison

    @property
    def declared(self) -> Choice:
        """How it is set."""
        rule = self.evaluation
        return Choice(self.what.band_width, rule.datapoints_to_alarm, rule.evaluation_periods)

    def put_together(self, data: Mapping[str, Series]) -> tuple[Series, int]:
        """What it watches at its own period, and how late a datapoint of that can be seen.

        Args:
            data: Its metrics by the Id of their query.

        Raises:
            MathError, StatisticError: its expression or a statistic cannot be worked out.
        """
        return combined(self.what, data, self.evaluation)

    def trial(
        self,
        series: Series,
        late: int,
        question: Question,
        settings: BandSettings,
        detector: DetectorBand | None = None,
    ) -> Trial:
        """What is asked of it: how it is set, and the settings worth comparing with that.

        Args:
            series: What it watches, put together.
            late: How late a datapoint of that can be seen, in seconds.
            question: What is asked of every alarm; side and missing data are the alarm's own.
            settings: How its band is learned.
            detector: CloudWatch's own band, where there is one.
        """
        declared = self.declared
        widths: Sequence[float | None] = [None]
        if declared.width is not None:
            widths = sorted({*(question.widths or WIDTHS), declared.width})
        datapoints = question.datapoints or fitting(self.what.period)
        return Trial(
            name=self.alarm.label,
            series=series,
            evaluation=self.evaluation,
            comparison=self.comparison,
            choices=choices(widths, sorted({*datapoints, (declared.m, declared.n)})),
            threshold=self.alarm.get("Threshold") if declared.width is None else None,
            settings=settings,
            statistic=self.what.metric.statistic if self.what.metric else "Average",
            late=late,
            incidents=question.labels.of(self.alarm.label),
            declared=declared,
            per_week=question.per_week,
            detector=detector,
        )


def all_watching(account: Account, gathering: Gathering) -> Iterator[Watching]:
    """The alarms of an account that can be tried; why the others cannot is noted."""
    for alarm in account.alarms:
        try:
            what = watched(alarm.data)
            pairs = [pair for key in what.metrics.values() for pair in key.dimensions]
            if any(isinstance(value, Unknown) for _, value in pairs):
                raise NotReplayableError("a dimension of its metric is not known before deploying")
            if isinstance(alarm.get("Threshold"), Unknown):
                raise NotReplayableError("its threshold is not known before deploying")
            yield Watching(
                alarm, what, Evaluation.of(alarm.data), Comparison(alarm.get("ComparisonOperator"))
            )
        except (NotReplayableError, ValueError, TypeError, KeyError) as error:
            gathering.remarks.append(f"{alarm.label} is not tried: {error}")
