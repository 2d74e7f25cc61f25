"""`python -m alerting backtest`: what is done with a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape

from alerting import output
from alerting.backtest.backtest import Backtest
from alerting.backtest.question import Question
from alerting.output import BadInput
from alerting.stack_errors import stack_errors


@dataclass(frozen=True, slots=True)
class Written:
    """Where a backtest is written to; `-` is standard output."""

    json: str | None = None
    markdown: str | None = None
    report: Path | None = None
    """A page of pictures."""
    png: Path | None = None


def backtest(
    inputs: Sequence[Path],
    question: Question,
    *,
    out: Path | None = None,
    dask: str | None = None,
) -> Backtest:
    """Try recordings.

    Raises:
        BadInput: nothing can be done at all.
    """
    from alerting.backtest.files import backtest_files

    if not inputs:
        raise BadInput("what is to be tried? name files or folders, or give --stack NAME")
    return backtest_files(inputs, question, out=out, dask=dask)


def backtest_stack(
    stack: str, question: Question, *, days: float, fresh: bool, dask: str | None = None
) -> Backtest:
    """Try the alarms of a stack on what CloudWatch has of their metrics.

    Args:
        stack: Its name.
        question: What is asked of each alarm.
        days: How far back.
        fresh: Whether to read everything anew, rather than what was read within a day from disk.
        dask: Address of a Dask scheduler that does the work.

    Raises:
        BadInput: the stack has mistakes, or AWS does not answer.
    """
    from alerting.backtest.gathering import Gathering
    from alerting.backtest.stack import ask_stack
    from alerting.live.clients import Unreachable, connect
    from alerting.live.shelf import Shelf
    from alerting.stackfile import read_stack

    if not days > 0:
        raise BadInput(f"--days must be above 0, got {days:g}")
    gathering = Gathering()
    with output.progress() as say, stack_errors(stack):
        file = read_stack(stack)
        try:
            connection = connect(file.config)
        except Unreachable as error:
            raise BadInput(str(error)) from None
        shelf = Shelf.usual(fresh=fresh)
        asked = ask_stack(file, connection, question, gathering, days=days, shelf=shelf, say=say)
    return gathering.gather(asked, total=len(asked), dask=dask)


def backtest_alarms(
    file: Path, recordings: Mapping[str, Path], question: Question, *, dask: str | None = None
) -> Backtest:
    """Try the alarms of a file on recordings.

    Raises:
        BadInput: a file that cannot be used, or no recording for any alarm.
    """
    from alerting.backtest.alarms import backtest_alarms

    return backtest_alarms(file, recordings, question, dask=dask)


def show(result: Backtest, written: Written) -> int:
    """Write what was asked for; the exit code."""
    from alerting.backtest.data import as_data
    from alerting.backtest.markdown import as_markdown
    from alerting.backtest.report import print_text

    if "-" not in (written.json, written.markdown):
        print_text(result, output.console())
    if written.json is not None:
        output.write(written.json, output.as_json(as_data(result)))
    if written.markdown is not None:
        output.write(written.markdown, as_markdown(result))
    if written.report is not None or written.png is not None:
        from alerting.backtest.pictures import write_pictures

        write_pictures(result, report=written.report, png=written.png)
    errors = output.errors()
    for failure in result.failures:
        errors.print(f"[bold red]error:[/] {escape(failure)}", soft_wrap=True)
    if result.interrupted:
        errors.print(f"interrupted; {len(result.results)} finished")
        return output.INTERRUPTED
    return output.BAD_INPUT if result.failures else output.FINE
