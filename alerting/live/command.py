"""`python -m alerting verify`: what is done, in which order, and what comes of it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.markup import escape

from alerting import output
from alerting.account.ledger import account_of
from alerting.cloudwatch.messages import Transition, subject
from alerting.live.clients import Connection, Unreachable, connect
from alerting.live.data_sources import answers, sender
from alerting.live.declared import declare
from alerting.live.deployed import NoState, State, export
from alerting.live.look import Look, look
from alerting.live.notes import in_words
from alerting.live.permissions import policy
from alerting.live.plan import Trial, plan
from alerting.live.probe import sweep
from alerting.live.proof import carry_out
from alerting.live.quiet import heartbeats
from alerting.live.report.data import as_data
from alerting.live.report.markdown import as_markdown
from alerting.live.report.rows import told
from alerting.live.report.text import print_asked, print_text
from alerting.live.resend import resend
from alerting.live.verify import Verification, conclude
from alerting.output import BadInput
from alerting.recording import record
from alerting.stack_errors import stack_errors
from alerting.stackfile import StackFile, read_stack


@dataclass(frozen=True, slots=True)
class Sending:
    """How something is sent."""

    unasked: bool = False
    """Without asking."""
    timeout: float = 60
    """Seconds to wait for each notification."""
    poll: int = 2
    """Seconds that one look into a probe waits."""


def verify(
    name: str,
    *,
    ask_again: bool = False,
    send: Sending | None = None,
    json: str | None = None,
    markdown: str | None = None,
) -> int:
    """Verify a stack and say what came of it; the exit code.

    Raises:
        BadInput: the stack, its program or the credentials are none, or nobody can be asked.
    """
    if send is not None and not send.unasked and not sys.stdin.isatty():
        raise BadInput("--send tells people, so it asks first, and there is no terminal: add --yes")
    try:
        seen, found_by = _look(name)
    except Unreachable as error:
        output.errors().print(f"[bold yellow]cannot tell:[/] {escape(str(error))}", soft_wrap=True)
        return output.CANNOT_TELL
    quiet = "-" in (json, markdown)
    out = output.errors() if quiet else output.console()
    result = conclude(seen)
    if send is not None:
        result = _send(result, send)
    if not quiet:
        print_text(result, out, found_by=found_by)
    if ask_again:
        print_asked(list(resend(seen)), out)
    if json is not None:
        output.write(json, output.as_json(as_data(result, found_by=found_by)))
    if markdown is not None:
        output.write(markdown, as_markdown(result, found_by=found_by))
    return result.exit_code


def print_policy(name: str, *, ask_again: bool, send: bool) -> int:
    """Print the IAM policy that verifying a stack needs; the exit code.

    Raises:
        BadInput: the stack or its program is none.
    """
    with stack_errors(name):
        stack = read_stack(name)
        deployment = record(
            stack.program, config=stack.config, secret_keys=stack.secret_keys, stack=stack.stack
        )
    document = policy(deployment, account_of(deployment), resend=ask_again, send=send)
    output.write("-", output.as_json(document))
    return output.FINE


def _look(name: str) -> tuple[Look, str]:
    """The account, and how the stack's things were found in it."""
    with output.progress() as say:
        with stack_errors(name):
            stack = read_stack(name)
        say("signing in")
        connection = connect(stack.config)
        say("asking Pulumi what is deployed")
        state, found_by = _state(stack)
        say(f"running the program of {stack.stack}")
        with stack_errors(name):
            lookups = answers(sender(connection.clients, connection.region))
            account_id, region = connection.account_id, connection.region
            declared = declare(stack, account_id, region, state, lookups=lookups)
        return look(declared, connection, say=say), found_by


def _state(stack: StackFile) -> tuple[State | None, str]:
    try:
        return export(stack.stack, stack.path.parent), "in the state that Pulumi keeps"
    except NoState as reason:
        return None, f"by name ({reason})"


def _send(result: Verification, sending: Sending) -> Verification:
    """Try every topic, if that is wanted."""
    seen, err = result.look, output.errors()
    connection = seen.connection
    chosen = plan(connection, seen.live, seen.alarms, heartbeats(seen.declared.account))
    if chosen.trials and not sending.unasked:
        _announce(result, chosen.trials)
        if not _agreed():
            err.print("nothing was sent")
            return result
    if chosen.trials:
        _sweep(seen, connection)
        with output.progress() as say:
            proofs = carry_out(
                connection,
                chosen.trials,
                timeout=sending.timeout,
                poll=sending.poll,
                say=say,
                warn=lambda text: err.print(f"[yellow]{escape(text)}[/]", soft_wrap=True),
            )
        return conclude(seen, proofs, chosen.untried)
    return conclude(seen, (), chosen.untried)


def _announce(result: Verification, trials: Sequence[Trial]) -> None:
    """Show what people will receive."""
    err = output.errors()
    err.print("This sets alarms for a moment and puts them back. People will receive:")
    for trial in trials:
        for old, new in ((trial.before, trial.state), (trial.state, trial.before)):
            receivers = told(result, trial.alarm, new)
            if receivers:
                title = subject(trial.alarm.data, Transition(0, old, new, ""))
                line = f"  {escape(title)}\n    {escape(', '.join(receivers))}"
                err.print(line, soft_wrap=True)
        if trial.parents:
            names = escape(", ".join(trial.parents))
            err.print(f"  and whatever {names} tells, if it changes with it", soft_wrap=True)


def _agreed() -> bool:
    try:
        return typer.confirm("Send it?", err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None


def _sweep(seen: Look, connection: Connection) -> None:
    """Remove the probes of runs that were cut off, which is no reason not to go on."""
    err = output.errors()
    try:
        for name in sweep(connection, seen.probes):
            err.print(f"removed {name}, the probe of a run that was cut off")
    except (ClientError, BotoCoreError) as error:
        said = f"the probe of a run that was cut off is left: {in_words(error)}"
        err.print(f"[yellow]{escape(said)}[/]", soft_wrap=True)
