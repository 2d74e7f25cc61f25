"""What a user asks of every metric alike, made into a trial for each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alerting.backtest.choice import WIDTHS, choices, fitting, refusals
from alerting.backtest.incidents import NO_LABELS, Incident, Labels
from alerting.backtest.trial import LEAST_PERIOD, Trial
from alerting.band import BandSettings
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.limits import period_problems
from alerting.cloudwatch.state import MissingData
from alerting.cloudwatch.words import duration
from alerting.replay import MetricKey, Recording, Series, Watched, read_recordings
from alerting.replay.expression import Name
from alerting.replay.series import commonest_spacing
from alerting.replay.tumbling import combined

_ONE_METRIC = Watched(0, {"m1": MetricKey("", "")}, Name("m1"))
"""What an alarm on a recording watches: one metric as it is, whatever its name."""


@dataclass(frozen=True)
class Question:
    """What is asked of every metric alike."""

    widths: tuple[float, ...] = ()
    """Of the band, in standard deviations. Default: those worth comparing."""
    datapoints: tuple[tuple[int, int], ...] = ()
    """M of N. Default: those worth comparing which CloudWatch takes at the metric's period."""
    period: int | None = None
    """Seconds. Default: the commonest spacing of a recording's first 100 rows."""
    comparison: Comparison = Comparison.OUTSIDE_BAND
    missing: MissingData = MissingData.MISSING
    settings: BandSettings = field(default_factory=BandSettings)
    per_week: float = 1.0
    """How many alarms a week are all right."""
    labels: Labels = NO_LABELS

    def recordings(self, path: Path) -> tuple[Recording, ...]:
        """The series in a file; at the spacing of their own where that is finer than the period.

        Raises:
            RecordingError: the file cannot be used.
            OSError: the file cannot be opened.
        """
        found = read_recordings(path)
        if self.period is None or all(self._finer(one.series) for one in found):
            return found
        return read_recordings(path, spacing=self.period)

    def trial(self, name: str, recording: Recording, incidents: tuple[Incident, ...] = ()) -> Trial:
        """What is asked of one recording.

        Rows that come more often than the period are put together by their average, period by
        period, as a rehearsal does it.
        """
        period = self.period or recording.series.spacing
        evaluation = Evaluation(period=period, treat_missing_data=self.missing)
        series, late = recording.series, 0
        if self._finer(series):
            series, late = combined(_ONE_METRIC, {"m1": series}, evaluation)
        widths, datapoints = self.widths or WIDTHS, self.datapoints or fitting(period)
        return Trial(
            name=name,
            series=series,
            evaluation=evaluation,
            comparison=self.comparison,
            choices=choices(widths, datapoints),
            settings=self.settings,
            late=late,
            incidents=incidents,
            per_week=self.per_week,
        )

    def _finer(self, series: Series) -> bool:
        own = commonest_spacing(series.stamps)
        if self.period is None or own is None:
            return False
        return own < self.period and self.period % own == 0


def notes(trial: Trial) -> Iterator[str]:
    """What is odd about a trial, before it is run; a sentence each."""
    period = trial.evaluation.period
    if trial.threshold is None and period < LEAST_PERIOD:
        yield (
            f"CloudWatch has no band at a period of {duration(period)}, so there is none here; "
            f"--period {LEAST_PERIOD} puts the datapoints together"
        )
    elif any(period_problems("period", period)):
        yield f"CloudWatch has no period of {duration(period)}; say the alarm's with --period"
    else:
        yield from refusals(trial.choices, period)
