"""`python -m alerting rehearse --stack`: what is done, and where it is written to."""

from collections.abc import Mapping
from pathlib import Path

from alerting import output
from alerting.band_source import learned_bands
from alerting.rehearsal import report
from alerting.rehearsal.rehearse import rehearse
from alerting.scenarios import history_report
from alerting.scenarios.history import compare, read_history
from alerting.stack_errors import stack_errors
from alerting.stackfile import read_stack


def rehearse_stack(
    stack: str,
    *,
    recordings: Mapping[str, Path],
    history: Path | None = None,
    json: str | None = None,
    markdown: str | None = None,
    page: Path | None = None,
) -> int:
    """Deploy a stack in memory, replay recordings, and print who was told.

    Args:
        stack: Its name.
        recordings: By alarm; those that ship with the project are played too.
        history: Output of describe-alarm-history to compare with; None: nothing is compared.
        json: Where the data goes; None: nowhere.
        markdown: Where the Markdown goes; None: nowhere.
        page: Where a page with pictures goes; None: nowhere.

    Returns:
        The exit code.

    Raises:
        BadInput: a stack, recording or history that cannot be used.
    """
    happened = read_history(history) if history else ()
    with output.progress() as say, stack_errors(stack):
        result = rehearse(read_stack(stack), recordings=recordings, bands=learned_bands, say=say)
    compared = compare(result.replay, happened) if happened and result.replay else ()
    if "-" not in (json, markdown):
        report.print_text(result, output.console())
        for line in history_report.lines(compared) if happened else ():
            output.console().print(line, markup=False, soft_wrap=True)
    data, text = report.as_data(result), report.as_markdown(result)
    if happened:
        data["history"] = history_report.as_data(compared)
        text += f"\n\n{history_report.as_markdown(compared)}"
    if json is not None:
        output.write(json, output.as_json(data))
    if markdown is not None:
        output.write(markdown, text)
    if page is not None:
        from alerting.rehearsal.pictures import as_page

        output.write(str(page), as_page(result))
    return output.NO if result.lost or result.unheard else output.FINE
