"""`rehearse` with scenarios, with anybody's alarms, or against an earlier revision."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from alerting import output
from alerting.scenarios import difference_report, history_report, report, timeline
from alerting.scenarios.against import compare_scenarios, compare_stack
from alerting.scenarios.history import compare, read_history
from alerting.scenarios.playback import play_back, recordings_for
from alerting.scenarios.session import play_files
from alerting.scenarios.stage import alarms_stage


def rehearse_scenarios(
    files: Sequence[Path],
    *,
    select: str = "",
    fail_under: float | None = None,
    show_timeline: bool = False,
    picture: Path | None = None,
    json: str | None = None,
    markdown: str | None = None,
) -> int:
    """Play scenario files and print the outcome.

    Args:
        files: Scenario files, or folders of them.
        select: Only tests with this in `FILE::NAME`.
        fail_under: The least coverage in percent; None: any.
        show_timeline: Whether all that the alarms did is printed.
        picture: A folder for a picture of every test's alarms; None: none are drawn.
        json: Where the data goes; None: nowhere.
        markdown: Where the Markdown goes; None: nowhere.

    Returns:
        The exit code.

    Raises:
        BadInput: scenarios that cannot be played.
    """
    with output.progress() as say:
        session = play_files(files, select=select, say=say)
        if picture is not None:
            from alerting.scenarios.pictures import draw

            draw(session, picture, say)
    if "-" not in (json, markdown):
        report.print_text(session, output.console(), timeline=show_timeline)
    _written(report.as_data(session), report.as_markdown(session), json, markdown)
    least = fail_under or 0.0
    lacking = [covered for covered in session.coverage if covered.percent < least]
    for covered in lacking:
        output.errors().print(
            f"coverage of {covered.name} is {covered.percent:.1f} %, less than {least:g} %"
        )
    return output.NO if session.failed or lacking else output.FINE


def rehearse_alarms(
    file: Path,
    *,
    recordings: Mapping[str, Path],
    history: Path | None = None,
    json: str | None = None,
    markdown: str | None = None,
) -> int:
    """Replay recordings through the alarms of a file and print what came of it.

    Args:
        file: Output of describe-alarms, or a CloudFormation template.
        recordings: By alarm; those of the project in the current folder are played too.
        history: Output of describe-alarm-history to compare with; None: nothing is compared.
        json: Where the data goes; None: nowhere.
        markdown: Where the Markdown goes; None: nowhere.

    Returns:
        The exit code.

    Raises:
        BadInput: a file that cannot be used.
    """
    with output.progress() as say:
        say(f"reading {file}")
        stage = alarms_stage(file)
        happened = read_history(history) if history else ()
        say("replaying")
        played = play_back(stage, recordings_for(stage, recordings, Path()))
        compared = compare(played.run.replay, happened) if history else ()
    if "-" not in (json, markdown):
        out = output.console()
        timeline.print_text(played, out)
        for line in history_report.lines(compared) if history else ():
            out.print(line, markup=False, soft_wrap=True)
    data, text = timeline.as_data(played), timeline.as_markdown(played)
    if history:
        data["history"] = history_report.as_data(compared)
        text += f"\n\n{history_report.as_markdown(compared)}"
    _written(data, text, json, markdown)
    return output.FINE


def rehearse_against(
    revision: str,
    *,
    stack: str | None = None,
    scenarios: Sequence[Path] = (),
    recordings: Mapping[str, Path],
    json: str | None = None,
    markdown: str | None = None,
) -> int:
    """Replay the same data through a stack as it is and as it was; print what differs.

    Args:
        revision: A git revision of the project.
        stack: The stack, with `recordings`; None: that of the scenarios.
        scenarios: Scenario files whose series are played.
        recordings: By alarm; those of the project in the current folder are played too.
        json: Where the data goes; None: nowhere.
        markdown: Where the Markdown goes; None: nowhere.

    Returns:
        The exit code.

    Raises:
        BadInput: no such revision, or a stack, scenario or recording that cannot be used.
    """
    with output.progress() as say:
        say(f"replaying now and at {revision}")
        if stack is not None:
            found = compare_stack(stack, revision, recordings, Path())
        else:
            found = compare_scenarios(scenarios, revision)
    if "-" not in (json, markdown):
        difference_report.print_text(found, output.console())
    data, text = difference_report.as_data(found), difference_report.as_markdown(found)
    _written(data, text, json, markdown)
    return output.FINE


def _written(data: object, text: str, json: str | None, markdown: str | None) -> None:
    if json is not None:
        output.write(json, output.as_json(data))
    if markdown is not None:
        output.write(markdown, text)
