"""A backtest of recordings in files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from alerting.backtest.backtest import Backtest
from alerting.backtest.gathering import Asked, Gathering
from alerting.backtest.inputs import Source, sources, targets
from alerting.backtest.question import Question
from alerting.output import BadInput
from alerting.replay import RecordingError, WrongColumnsError


def backtest_files(
    inputs: Sequence[Path],
    question: Question,
    *,
    out: Path | None = None,
    dask: str | None = None,
) -> Backtest:
    """Try every recording in the files and folders named.

    Args:
        inputs: Files and folders.
        question: What is asked of each.
        out: Where a CSV per input goes, see `write_rows`.
        dask: Address of a Dask scheduler that does the work.

    Raises:
        BadInput: nothing can be done at all. What is wrong with single inputs is among the
            failures of the result.
    """
    if out is not None and (len(question.widths), len(question.datapoints)) != (1, 1):
        raise BadInput("--out writes one band and one alarm: give one --width and one --datapoints")
    found = sources(inputs)
    where = targets(found, out) if out is not None else {}
    gathering = Gathering()
    asked = _asked(found, question, where, gathering)
    result = gathering.gather(asked, total=len(found), dask=dask)
    if question.labels.fit_nothing and not result.interrupted:
        misfit = f"--incidents fits none of the inputs; it names {question.labels}"
        return replace(result, remarks=(*result.remarks, misfit))
    return result


def _asked(
    found: Sequence[Source],
    question: Question,
    where: Mapping[Source, Path],
    gathering: Gathering,
) -> Iterator[Asked]:
    for source in found:
        if source.path.is_dir():
            gathering.failures.append(f"{source.path}: there is no CSV file in this folder")
            continue
        try:
            recordings = question.recordings(source.path)
        except WrongColumnsError as error:
            if source.named:
                gathering.failures.append(str(error))
            else:
                gathering.remarks.append(f"skipped {error}")
            continue
        except RecordingError as error:
            gathering.failures.append(str(error))
            continue
        except OSError as error:
            gathering.failures.append(f"{source.path}: cannot be read: {error.strerror}")
            continue
        if source in where and len(recordings) > 1:
            gathering.failures.append(
                f"{source.path}: holds {len(recordings)} series; --out writes one per file"
            )
            continue
        for recording in recordings:
            trial = question.trial(recording.source, recording, question.labels.of(source.path))
            yield Asked(trial, recording.warnings, recording, where.get(source))
