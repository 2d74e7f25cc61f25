"""The command line: `python -m alerting COMMAND`."""

import sys
from pathlib import Path
from typing import Annotated

import click
import typer
from rich.markup import escape

from alerting import output
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
def rehearse(
    stack: Stack,
    recording: Annotated[
        list[str] | None,
        typer.Option(
            "--recording",
            metavar="ALARM=FILE",
            help="Play FILE (CSV with timestamp,value, or get-metric-data JSON) to ALARM.",
        ),
    ] = None,
    json: Json = None,
    markdown: Markdown = None,
) -> None:
    """Deploy a stack in memory, replay recorded data, show who was told what and when.

    The real program runs with the real stack file against an AWS in memory; recorded metrics are
    driven through its alarms by CloudWatch's own rules, and each notification is followed to its
    receivers. No AWS account is needed and nothing leaves the machine.

    Exits 1 where a notification reaches nobody.

        python -m alerting rehearse --stack dev
        python -m alerting rehearse --stack dev --recording cpu-high=my-instance.csv
    """
    from alerting.rehearsal import report
    from alerting.rehearsal.rehearse import rehearse as run
    from alerting.stackfile import read_stack

    files = dict(_alarm_and_file(text) for text in recording or [])
    with output.progress() as say, stack_errors(stack):
        result = run(read_stack(stack), recordings=files, say=say)
    if "-" not in (json, markdown):
        report.print_text(result, output.console())
    if json is not None:
        output.write(json, output.as_json(report.as_data(result)))
    if markdown is not None:
        output.write(markdown, report.as_markdown(result))
    raise typer.Exit(output.NO if result.lost or result.unheard else output.FINE)


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


def main() -> None:
    """Run a command; every expected error is a line on standard error and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except BadInput as error:
        output.errors().print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        code = output.BAD_INPUT
    except click.exceptions.Abort:
        code = output.INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = output.BAD_INPUT
    except KeyboardInterrupt:
        code = output.INTERRUPTED
    if code == output.INTERRUPTED:
        output.errors().print("interrupted")
    sys.exit(code)
