"""A backtest of anybody's alarms, from a file, on recordings."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from alerting.account import Account
from alerting.alarm_files import read_alarms
from alerting.backtest.backtest import Backtest
from alerting.backtest.gathering import Asked, Gathering
from alerting.backtest.question import Question
from alerting.backtest.watching import all_watching
from alerting.band_source import settings_of
from alerting.output import BadInput
from alerting.rehearsal.library import Feed, feed, shipped_recordings
from alerting.replay.expression import MathError
from alerting.replay.statistic import StatisticError


def backtest_alarms(
    file: Path,
    recordings: Mapping[str, Path],
    question: Question,
    *,
    dask: str | None = None,
) -> Backtest:
    """Try the alarms of a file on recordings of their metrics.

    Args:
        file: Output of describe-alarms, or a CloudFormation template.
        recordings: By alarm; those that ship with the project in this folder are played too.
        question: What is asked of each. Side and missing data are the alarm's own.
        dask: Address of a Dask scheduler that does the work.

    Raises:
        BadInput: a file that cannot be used, or no recording for any alarm.
    """
    found = read_alarms(file)
    gathering = Gathering(remarks=list(found.unread))
    data = feed(found.account, recordings, shipped_recordings(Path("examples/recordings")))
    if not data.data:
        raise BadInput(f"{file}: no alarm has a recording; give one with --recording ALARM=FILE")
    asked = list(_asked(found.account, data, question, gathering))
    return gathering.gather(asked, total=len(asked), dask=dask)


def _asked(
    account: Account, found: Feed, question: Question, gathering: Gathering
) -> Iterator[Asked]:
    for one in all_watching(account, gathering):
        name = one.alarm.label
        series = {
            query: found.data[key] for query, key in one.what.metrics.items() if key in found.data
        }
        if len(series) < len(one.what.metrics):
            gathering.remarks.append(f"{name} is not tried: there is no recording of its metric")
            continue
        try:
            whole, late = one.put_together(series)
        except MathError as error:
            gathering.failures.append(f"{name}: its expression {error}")
            continue
        except StatisticError as error:
            gathering.failures.append(f"{name}: {error}")
            continue
        settings = settings_of(one.what.metric, question.settings)
        yield Asked(one.trial(whole, late, question, settings), found.warnings)
