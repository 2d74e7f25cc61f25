"""The command line: `python -m alerting COMMAND`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from alerting import Missing, Side, output
from alerting.output import BadInput
from alerting.stack_errors import stack_errors

app = typer.Typer(
    name="alerting",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="""Know that your CloudWatch alarms reach a person, before and after you deploy them.

Exit codes: 0 fine; 1 the answer is no; 2 bad input; 3 cannot tell; 130 interrupted.
Set NO_COLOR to have no colours.""",
)

Stack = Annotated[
    str, typer.Option("--stack", "-s", help="The stack: the NAME in Pulumi.NAME.yaml.")
]
Json = Annotated[
    str | None,
    typer.Option("--json", metavar="FILE", help="Write the same as data; - for standard output."),
]
Markdown = Annotated[
    str | None,
    typer.Option("--markdown", metavar="FILE", help="Write it as Markdown; - for standard output."),
]


@app.command()
def explain(stack: Stack, json: Json = None, markdown: Markdown = None) -> None:
    """Say what each alarm does: when, who is told, how soon, what it costs, and what is wrong.

    The real program runs with the real stack file, without a cloud; the path from each alarm to
    each receiver is judged by AWS's own rules. Secrets are not known offline and never shown.

    Exits 1 where a finding is an error.

        python -m alerting explain --stack dev
        python -m alerting explain --stack prod --markdown explanation.md
    """
    from alerting.explain.data import as_data
    from alerting.explain.explanation import explain as run
    from alerting.explain.markdown import as_markdown
    from alerting.explain.text import print_text
    from alerting.stackfile import read_stack

    with output.progress() as say, stack_errors(stack):
        result = run(read_stack(stack), say=say)
    if "-" not in (json, markdown):
        print_text(result, output.console())
    if json is not None:
        output.write(json, output.as_json(as_data(result)))
    if markdown is not None:
        output.write(markdown, as_markdown(result))
    raise typer.Exit(output.NO if result.wrong else output.FINE)


Report = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE.html", help="Write a page with pictures; opens offline."
    ),
]


Alarms = Annotated[
    Path | None,
    typer.Option(
        "--alarms",
        metavar="FILE",
        help="Anybody's alarms: the output of aws cloudwatch describe-alarms, or a "
        "CloudFormation template.",
    ),
]
Recording = Annotated[
    list[str] | None,
    typer.Option(
        "--recording",
        metavar="ALARM=FILE",
        help="Play FILE (CSV with timestamp,value, or get-metric-data JSON) to ALARM.",
    ),
]


@app.command()
def rehearse(
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE...]", help="More scenario files, after --scenario."),
    ] = None,
    stack: Annotated[
        str | None, typer.Option("--stack", "-s", help="The stack: the NAME in Pulumi.NAME.yaml.")
    ] = None,
    alarms: Alarms = None,
    scenario: Annotated[
        list[Path] | None,
        typer.Option(
            "--scenario",
            metavar="FILE...",
            help="Play scenario files, or all *.scenario.yaml of a folder, and judge them.",
        ),
    ] = None,
    select: Annotated[
        str, typer.Option(metavar="TEXT", help="Only the scenarios' tests with TEXT in FILE::NAME.")
    ] = "",
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under", metavar="PERCENT", help="Exit 1 where scenarios cover less than this."
        ),
    ] = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Print all that the scenarios' alarms did.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw the alarms of every scenario into DIR, as PNG."),
    ] = None,
    recording: Recording = None,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Compare with what happened: the output of aws cloudwatch describe-alarm-history.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION",
            help="Show which notifications a stack sends otherwise than at a git revision.",
        ),
    ] = None,
    report: Report = None,
    json: Json = None,
    markdown: Markdown = None,
) -> None:
    """Replay metric data through alarms: show, or check, who was told what and when.

    The real program runs with the real stack file against an AWS in memory; recorded metrics are
    driven through its alarms by CloudWatch's own rules, and each notification is followed to its
    receivers. No AWS account is needed and nothing leaves the machine.

    Exits 1 where a notification reaches nobody. With scenario files, nothing is deployed: series
    and expectations are read from them, and a failed expectation exits 1.

        python -m alerting rehearse --stack dev
        python -m alerting rehearse --stack dev --recording cpu-high=my-instance.csv
        python -m alerting rehearse --scenario examples/scenarios
        python -m alerting rehearse --stack dev --against main --markdown difference.md
        python -m alerting rehearse --alarms alarms.json --recording web-cpu-high=cpu.csv
    """
    modes = {"--stack": stack, "--scenario": scenario, "--alarms": alarms}
    chosen = [mode for mode, value in modes.items() if value]
    if len(chosen) != 1:
        raise BadInput(
            "what is to be rehearsed? give one of --stack NAME, --scenario FILE... and "
            f"--alarms FILE, got {' and '.join(chosen) or 'none'}"
        )
    (mode,) = chosen
    judging = {
        "FILE": more,
        "--select": select,
        "--fail-under": fail_under,
        "--timeline": timeline,
        "--picture": picture,
    }
    files = dict(_alarm_and_file(text) for text in recording or [])
    if against is not None or not stack:
        _refuse("--against" if against else mode, {"--report": report})
    if against is not None:
        from alerting.scenarios.command import rehearse_against

        judging.pop("FILE") if scenario else None
        _refuse("--against", {**judging, "--alarms": alarms, "--history": history})
        _refuse("--scenario", {"--recording": recording} if scenario else {})
        code = rehearse_against(
            against,
            stack=stack,
            scenarios=[*(scenario or []), *(more or [])],
            recordings=files,
            json=json,
            markdown=markdown,
        )
    elif scenario:
        from alerting.scenarios.command import rehearse_scenarios

        _refuse(mode, {"--recording": recording, "--history": history})
        code = rehearse_scenarios(
            [*scenario, *(more or [])],
            select=select,
            fail_under=fail_under,
            show_timeline=timeline,
            picture=picture,
            json=json,
            markdown=markdown,
        )
    elif alarms:
        from alerting.scenarios.command import rehearse_alarms

        _refuse(mode, judging)
        code = rehearse_alarms(
            alarms, recordings=files, history=history, json=json, markdown=markdown
        )
    else:
        from alerting.rehearsal.command import rehearse_stack

        _refuse(mode, judging)
        code = rehearse_stack(
            stack or "",
            recordings=files,
            history=history,
            json=json,
            markdown=markdown,
            page=report,
        )
    raise typer.Exit(code)


@app.command()
def backtest(
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE|FOLDER]...",
            help="CSV (timestamp,value; or the console's export), or the JSON of "
            "aws cloudwatch get-metric-data; of a folder its CSV files.",
        ),
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option("--stack", "-s", help="Try a stack's alarms instead, on what CloudWatch has."),
    ] = None,
    alarms: Alarms = None,
    recording: Recording = None,
    days: Annotated[
        float, typer.Option(metavar="N", help="With --stack: how far back to read.")
    ] = 14,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="With --stack: read anew what was read within a day."),
    ] = False,
    width: Annotated[
        list[float] | None,
        typer.Option(metavar="W", help="Of the band, in standard deviations; may be repeated."),
    ] = None,
    datapoints: Annotated[
        list[str] | None,
        typer.Option(metavar="M/N", help="M of N datapoints; may be repeated."),
    ] = None,
    side: Annotated[Side, typer.Option(help="Which side of the band counts.")] = Side.OUTSIDE,
    missing: Annotated[
        Missing, typer.Option(help="What a missing datapoint counts as.")
    ] = Missing.MISSING,
    period: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS", help="Default: the commonest spacing of the first 100 rows."
        ),
    ] = None,
    per_week: Annotated[
        float, typer.Option(metavar="N", help="How many alarms a week you want at most.")
    ] = 1.0,
    incidents: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="When something was wrong: JSON, [[START, END], ...] by file."
        ),
    ] = None,
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="Whose days and hours the metric follows.")
    ] = "UTC",
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="START/END", help="A time that teaches the band nothing; may be repeated."
        ),
    ] = None,
    floor: Annotated[
        float | None,
        typer.Option(
            metavar="X", help="The least the metric can be. Default: 0 until it is below."
        ),
    ] = None,
    ceiling: Annotated[
        float | None,
        typer.Option(metavar="X", help="The most the metric can be: 100 of a percentage."),
    ] = None,
    adaptive: Annotated[
        bool,
        typer.Option("--adaptive", help="A sharper band that follows, and misses, slow incidents."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write timestamp,lower,upper,alarm per input, a row per row."
        ),
    ] = None,
    report: Report = None,
    png: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw a picture, for a pull request.")
    ] = None,
    json: Json = None,
    markdown: Markdown = None,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Hand the work to a Dask cluster."),
    ] = None,
) -> None:
    """Replay a metric's past: how often would an alarm on its band have gone off?

    Every width with every M of N, causally and by CloudWatch's own rules of evaluation, with the
    setting to take for the number of alarms a week you want.

        python -m alerting backtest my-metric.csv
        python -m alerting backtest recordings/ --width 3 --datapoints 3/5 --report report.html
        python -m alerting backtest --stack prod --per-week 0.5
        python -m alerting backtest --alarms alarms.json --recording web-cpu-high=cpu.csv
    """
    from alerting.backtest import command
    from alerting.backtest.options import read_question

    question = read_question(
        widths=width or (),
        datapoints=datapoints or (),
        period=period,
        side=side,
        missing=missing,
        per_week=per_week,
        incidents=incidents,
        timezone=timezone,
        exclude=exclude or (),
        floor=floor,
        ceiling=ceiling,
        adaptive=adaptive,
    )
    files = dict(_alarm_and_file(text) for text in recording or [])
    if alarms is not None:
        refused = {"FILE": inputs, "--stack": stack, "--out": out, "--period": period}
        _refuse("--alarms", refused)
        result = command.backtest_alarms(alarms, files, question, dask=dask)
    elif files:
        raise BadInput("--recording goes with --alarms")
    elif stack is not None:
        of_files = {"FILE": inputs, "--out": out, "--period": period}
        its_own = {"--side": side != Side.OUTSIDE, "--missing": missing != Missing.MISSING}
        _refuse("--stack", {**of_files, **its_own})
        result = command.backtest_stack(stack, question, days=days, fresh=fresh, dask=dask)
    else:
        result = command.backtest(inputs or (), question, out=out, dask=dask)
    raise typer.Exit(command.show(result, command.Written(json, markdown, report, png)))


@app.command()
def verify(
    stack: Stack,
    resend: Annotated[
        bool, typer.Option("--resend", help="Ask everybody again who has not confirmed.")
    ] = False,
    send: Annotated[
        bool,
        typer.Option("--send", help="Set alarms for a moment, and see that topics pass them on."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Send without asking: people will be told.")
    ] = False,
    timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=1, help="How long --send waits for a notification."),
    ] = 60,
    policy: Annotated[
        bool,
        typer.Option("--policy", help="Print the IAM policy this needs, and ask nothing of AWS."),
    ] = False,
    json: Json = None,
    markdown: Markdown = None,
) -> None:
    """After deploying: is every receiver reached?

    Reads the account, judges the path from each alarm to each receiver by the
    rules of explain, and compares what is there with what is declared: an alarm
    changed by hand, a receiver that unsubscribed. Reads what the alarms' history
    says of failed notifications; looks for alarms whose metric has no data. With
    --send, one alarm of each topic is set for a moment and the notification is
    followed into a temporary queue; you are asked before.

    Exits 1 where a notification is lost or something is not as declared, 3 where
    that cannot be told or a receiver has yet to confirm.

        python -m alerting verify --stack prod
        python -m alerting verify --stack prod --send
        python -m alerting verify --stack prod --send --policy
    """
    from alerting.live import command

    if yes and not send:
        raise BadInput("--yes answers what --send asks; give --send too")
    if policy:
        raise typer.Exit(command.print_policy(stack, ask_again=resend, send=send))
    sending = command.Sending(unasked=yes, timeout=timeout) if send else None
    code = command.verify(stack, ask_again=resend, send=sending, json=json, markdown=markdown)
    raise typer.Exit(code)


@app.command()
def presets(
    service: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="Explain the presets of one.")
    ] = None,
    markdown: Markdown = None,
) -> None:
    """List the alarms known to be good, by AWS service, or explain those of one.

    Each says what it watches, why it is as it is, what it cannot see, and where its
    figures come from.

        python -m alerting presets
        python -m alerting presets rds
        python -m alerting presets --markdown docs/presets.md
    """
    from alerting.catalog import command

    command.presets(service, page=markdown)


@app.command()
def schema(
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Where to; - for standard output.")
    ] = "-",
) -> None:
    """Print the JSON schema of a stack file, for editors that check and complete YAML.

        python -m alerting schema --out stack.schema.json

    and, as the first line of a stack file:

        # yaml-language-server: $schema=stack.schema.json
    """
    from alerting.settings.schema import stack_file_schema

    output.write(out, output.as_json(stack_file_schema()))


def _alarm_and_file(text: str) -> tuple[str, Path]:
    alarm, equals, file = text.partition("=")
    if not (alarm and equals and file):
        raise BadInput(f"--recording {text}: must be ALARM=FILE")
    return alarm, Path(file)


def _refuse(mode: str, options: Mapping[str, object]) -> None:
    """Refuse options that mean nothing beside another one, rather than to ignore them."""
    for name, value in options.items():
        if value:
            raise BadInput(f"{name} does not go with {mode}")


def main() -> None:
    """Run a command; every expected error is a line on standard error and exit code 2."""
    try:
        app()
    except BadInput as error:
        output.errors().print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(output.BAD_INPUT)
    except KeyboardInterrupt:
        output.errors().print("interrupted")
        sys.exit(output.INTERRUPTED)
