"""Runs trials and keeps what comes back, whatever becomes of the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alerting.backtest.backtest import Backtest, Result
from alerting.backtest.pool import finished, workers
from alerting.backtest.progress import counted
from alerting.backtest.question import notes
from alerting.backtest.rows import write_rows
from alerting.backtest.trial import Outcome, Trial
from alerting.output import BadInput
from alerting.replay import Recording


@dataclass(frozen=True, eq=False)
class Asked:
    """One trial, and what is to become of its outcome."""

    trial: Trial
    notes: tuple[str, ...] = ()
    """What is odd about its data; sentences."""
    recording: Recording | None = None
    """Whose rows are written to `target`."""
    target: Path | None = None


@dataclass(eq=False)
class Gathering:
    """A backtest under way."""

    failures: list[str] = field(default_factory=list[str])
    """Metrics that could not be tried: which, and why."""
    remarks: list[str] = field(default_factory=list[str])
    """What else is worth knowing."""

    def gather(self, trials: Iterable[Asked], *, total: int, dask: str | None = None) -> Backtest:
        """Run trials, drawn as they are needed; stopped by an interrupt, keep those finished.

        Args:
            trials: May note failures and remarks here while it goes along.
            total: About how many there are.
            dask: Address of a Dask scheduler that does the work.

        Raises:
            BadInput: the Dask scheduler cannot be reached.
        """
        results: dict[int, Result] = {}
        interrupted = False
        with workers(total, dask) as executor, counted(total, "backtesting") as step:
            try:
                for (at, asked), outcome in finished(_numbered(trials), executor):
                    step()
                    result = self._result(asked, outcome)
                    if result is not None:
                        results[at] = result
            except KeyboardInterrupt:
                interrupted = True
        return Backtest(
            results=tuple(results[at] for at in sorted(results)),
            failures=tuple(self.failures),
            remarks=tuple(self.remarks),
            interrupted=interrupted,
        )

    def _result(self, asked: Asked, outcome: Outcome | Exception) -> Result | None:
        trial = asked.trial
        if isinstance(outcome, Exception):
            self.failures.append(f"{trial.name}: {type(outcome).__name__}: {outcome}")
            return None
        if asked.target is not None and asked.recording is not None:
            try:
                write_rows(asked.target, asked.recording, trial.series, outcome)
            except BadInput as error:
                self.failures.append(str(error))
        return Result(trial, outcome, (*notes(trial), *asked.notes))


def _numbered(trials: Iterable[Asked]) -> Iterator[tuple[tuple[int, Asked], Trial]]:
    for at, asked in enumerate(trials):
        yield (at, asked), asked.trial
