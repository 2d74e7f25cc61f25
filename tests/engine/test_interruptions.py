"""One stack lives through interruptions at random moments of random changes.

Each round changes the stack file somehow and deploys; in the middle the engine or the provider is
killed, at a call to AWS or after some time. Then `docs/recovery.md` is followed, and afterwards the
state, the account and the program say the same, and the alarms that were there before and not part
of the change kept their actions all the while. `ENGINE_INTERRUPTIONS` says how many rounds (20, and
200 at night), `ENGINE_SEED` which; a failure names both.
"""

import os
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.conftest import Provider
from tests.engine.edits import put
from tests.engine.faults import Fault, Interrupt
from tests.engine.project import Project, kill
from tests.engine.recovery import Operator
from tests.engine.soundness import Watch, assert_sound
from tests.engine.timings import timed

pytestmark = pytest.mark.engine

ROUNDS = int(os.environ.get("ENGINE_INTERRUPTIONS", "20"))
SEED = int(os.environ.get("ENGINE_SEED", "6"))
STACK = "prod"
UP = ("up", "--stack", STACK, "--yes", "--skip-preview")
_HEAR_ALL = ("team-mail", "chat", "archive")
"""Those who are subscribed to a further severity too."""
_METRIC = {"namespace": "AWS/EC2", "name": "CPUUtilization"}

_MEMBERS = ("", "-alert", "-band", "-threshold", "-volume", "-escalated")
"""How the alarms that are made of one are called, after its name."""

Change = tuple[str, Callable[[dict[str, Any]], None], frozenset[str]]
"""What is changed, how, and the names of the alarms it may touch."""


def _change(dice: random.Random, config: Mapping[str, Any], number: int) -> Change:
    """Some change of the stack file that is not empty."""
    alarm, free = dice.choice(list(config["alarms"])), _free(config)
    other = dice.choice(free)
    extra = [name for name in config["receivers"] if name.startswith("extra")]
    further = [name for name in config["severities"] if name.startswith("s")]

    def describe(c: dict[str, Any]) -> None:
        c["alarms"][alarm]["description"] = f"Number {number}."

    def silence(c: dict[str, Any]) -> None:
        severity = "notify" if c["alarms"][alarm].get("severity") == "page" else "page"
        c["alarms"][alarm]["severity"] = severity

    def add_alarms(c: dict[str, Any]) -> None:
        for each in range(3):
            threshold = {"above": 50 + each}
            c["alarms"][f"new-{number}-{each}"] = {"metric": {**_METRIC}, "threshold": threshold}

    def rename_alarm(c: dict[str, Any]) -> None:
        c["alarms"][f"renamed-{number}"] = c["alarms"].pop(other)

    def drop_alarm(c: dict[str, Any]) -> None:
        del c["alarms"][other]

    def add_receivers(c: dict[str, Any]) -> None:
        c["receivers"][f"extra-mail-{number}"] = {
            "protocol": "email",
            "endpoint": f"extra{number}@example.com",
        }
        c["receivers"][f"extra-archive-{number}"] = {
            "protocol": "firehose",
            "endpoint": f"arn:aws:firehose:us-east-1:123456789012:deliverystream/s{number}",
        }
        c["receivers"][f"extra-hook-{number}"] = {
            "protocol": "lambda",
            "endpoint": f"arn:aws:lambda:us-east-1:123456789012:function:f{number}",
        }

    def drop_receivers(c: dict[str, Any]) -> None:
        for name in extra[:3]:
            del c["receivers"][name]

    def tag_everything(c: dict[str, Any]) -> None:
        c["tags"] = {"team": "platform", "round": str(number)}

    def filter_jobs(c: dict[str, Any]) -> None:
        c["receivers"]["jobs"]["filter"] = {"NewStateValue": dice.sample(["ALARM", "OK"], 1)}

    def new_severity(c: dict[str, Any]) -> None:
        """A topic more, with its key, alias, policy, subscriptions and heartbeat."""
        c["severities"][f"s{number}"] = {"heartbeat": {}}
        for name in _HEAR_ALL:
            c["receivers"][name]["severities"].append(f"s{number}")

    def drop_severity(c: dict[str, Any]) -> None:
        for severity in further:
            del c["severities"][severity]
            for name in _HEAR_ALL:
                c["receivers"][name]["severities"].remove(severity)

    nobody: frozenset[str] = frozenset()
    choices: list[Change] = [
        ("describe", describe, nobody),
        ("silence", silence, _made_of(alarm)),
        ("add alarms", add_alarms, nobody),
        ("add receivers", add_receivers, nobody),
        ("tag everything", tag_everything, nobody),
        ("filter jobs", filter_jobs, nobody),
    ]
    if len(free) > 3:
        choices += [
            ("rename alarm", rename_alarm, _made_of(other)),
            ("drop alarm", drop_alarm, _made_of(other)),
        ]
    if extra:
        watching = frozenset(f"{STACK}-second-path-{name}-dead-letters" for name in extra[:3])
        choices += [("drop receivers", drop_receivers, watching)]
    if further:
        watching = frozenset(
            f"{STACK}-{name}"
            for severity in further
            for name in (
                f"second-path-{severity}-failed",
                f"second-path-{severity}-misfiltered",
                f"{severity}-heartbeat",
                f"{severity}-heartbeat-missed",
            )
        )
        choices += [("drop severity", drop_severity, watching)]
    else:
        choices += [("new severity", new_severity, nobody)]
    return dice.choice(choices)


def _free(config: Mapping[str, Any]) -> list[str]:
    """The alarms that may go: neither another alarm nor a window names them."""
    alarms, windows = config["alarms"], config["windows"]
    named = {name for alarm in alarms.values() for name in alarm.get("all", ())}
    named |= {name for window in windows.values() for name in window.get("alarms", ())}
    return [name for name in alarms if name not in named]


def _made_of(alarm: str) -> frozenset[str]:
    """The names of all alarms that one may be made into."""
    return frozenset(f"{STACK}-{alarm}{member}" for member in _MEMBERS)


def test_a_stack_outlives_interruptions_at_any_moment(
    project: Project, account: Account, own_provider: Callable[..., Provider]
) -> None:
    dice = random.Random(SEED)
    project.edit(put("budget", to=1_000), STACK)  # rounds may add for longer than 25 USD last
    project.init(STACK)
    operator, provider = Operator(project, account, STACK), own_provider()
    project.port = provider.port
    project.up(STACK)
    struck = number = 0
    with timed(f"{ROUNDS} interruptions with recovery"):
        while struck < ROUNDS:
            number += 1
            names, touched = _edit(dice, project, number)
            victim = dice.choice(["engine", "engine", "provider"])
            moment = f"round {number} of seed {SEED}: {names}, {victim} killed"
            watch = Watch(account)
            watch.begin(besides=touched)
            code, output = _interrupted(dice, operator, provider, victim)
            struck += code != 0
            try:
                if victim == "provider":
                    provider = own_provider()
                    project.port = provider.port
                if code == -9:
                    operator.after_an_interruption()
                elif code != 0:
                    operator.after_an_open_error(output)
                watch.end()
                assert_sound(project, account, STACK)
            except Exception as error:
                raise AssertionError(moment) from error
            account.confirm_all()
            assert number < 3 * ROUNDS, f"only {struck} of {number} rounds were interrupted at all"


def _edit(dice: random.Random, project: Project, number: int) -> tuple[str, frozenset[str]]:
    """Change several things at once; which, and the alarms that may notice."""
    names: list[str] = []
    touched: frozenset[str] = frozenset()
    for part in range(3):
        name, change, noticed = _change(dice, project.config(STACK), 10 * number + part)
        project.edit(change, STACK)
        names.append(name)
        touched |= noticed
    return ", ".join(names), touched


def _interrupted(
    dice: random.Random, operator: Operator, provider: Provider, victim: str
) -> tuple[int, str]:
    """Deploy, and kill somebody on the way; how it ended."""
    project, account = operator.project, operator.account
    strike = provider.kill if victim == "provider" else lambda: kill(process)
    faults: list[Fault] = []
    timer = None
    if dice.random() < 0.7:
        faults = [Interrupt(dice.randint(1, 10), strike, done=dice.random() < 0.5)]
    account.faults = faults
    process = project.start(*UP)
    if not faults:
        timer = threading.Timer(dice.uniform(0.6, 2.2), strike)
        timer.start()
    ended = project.wait(process)
    if timer is not None:
        timer.cancel()
    account.faults = []
    return ended.code, ended.output
