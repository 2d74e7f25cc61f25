"""What a scenario is played on: the alarms of a stack, of a program, or of a file."""

import sys
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from alerting.account import Account, Deployment, Item, Kind, Ref, account_of
from alerting.cloudwatch.actions import ACTIONS_OF
from alerting.delivery import NOBODY, Courier, Delivery, courier, receiver_label, routes
from alerting.replay import MetricKey, NotReplayableError, Watched, watched
from alerting.replay.composites import Composite, Family, family
from alerting.replay.suppression import Suppressor
from alerting.scenarios.mistakes import did_you_mean
from alerting.stack_errors import stack_errors


@dataclass(frozen=True, eq=False)
class Stage:
    """An account made ready for many replays."""

    name: str
    """How people call it: the stack, or the file."""
    account: Account
    by_action: bool = False
    """Whether receivers are the alarms' actions themselves, because topics are not in the
    picture."""
    also: Mapping[str, Item] = field(default_factory=dict[str, Item])
    """Further names of alarms."""
    unread: tuple[str, ...] = ()
    """Alarms of the file that could not be read, and why."""

    @cached_property
    def courier(self) -> Courier:
        """Who gets a message."""
        return _told_by_action if self.by_action else courier(self.account)

    @cached_property
    def alarms(self) -> Mapping[str, Item]:
        """Alarms by every name people may use: as declared, and as AWS has it.

        What several are called (a component's children may be) means none of them.
        """
        physical = {
            name: alarm
            for alarm in self.account.alarms
            if isinstance(name := alarm.get("AlarmName"), str)
        }
        called = Counter(alarm.label for alarm in self.account.alarms)
        declared = {one.label: one for one in self.account.alarms if called[one.label] == 1}
        return {**self.also} | physical | declared

    def no_alarm(self, name: str) -> str:
        """That there is no alarm of this name, and which there are."""
        called = [alarm for alarm in self.account.alarms if alarm.label == name]
        if len(called) > 1:
            names = ", ".join(str(alarm.get("AlarmName")) for alarm in called)
            return f"{self.name} has {len(called)} alarms {name!r}; say which by its name: {names}"
        known = [alarm.label for alarm in self.account.alarms]
        return f"{self.name} has no alarm {name!r}{did_you_mean(name, known)}"

    @cached_property
    def receivers(self) -> tuple[str, ...]:
        """Everybody who could be told, in alphabetical order."""
        return tuple(sorted(set(self._receivers()) - {NOBODY}))

    def _receivers(self) -> Iterator[str]:
        if self.by_action:
            for alarm in self.account.alarms:
                for key in ACTIONS_OF.values():
                    yield from map(str, alarm.get(key) or ())
            return
        for subscription in self.account.of(Kind.SUBSCRIPTION):
            yield receiver_label(self.account, subscription)
        for route in routes(self.account):
            yield route.receiver

    @cached_property
    def holders(self) -> Mapping[str, Item]:
        """What may hold actions back, mute rules and suppressors, by every name they have."""
        found: dict[str, Item] = {}
        for rule in self.account.of(Kind.MUTE_RULE):
            found |= {
                name: rule for name in (rule.get("Name"), rule.label) if isinstance(name, str)
            }
        for one in self.family.composites.values():
            if isinstance(one, Composite) and isinstance(one.suppressor, Suppressor):
                alarm = one.suppressor.alarm
                found |= {name: alarm for name, item in self.alarms.items() if item is alarm}
        return found

    def watched(self, alarm: Item) -> Watched | NotReplayableError:
        """What an alarm watches, or why it cannot be replayed."""
        return self._watched[id(alarm)]

    @cached_property
    def _watched(self) -> Mapping[int, Watched | NotReplayableError]:
        return {id(alarm): _watched(alarm) for alarm in self.account.alarms}

    @cached_property
    def family(self) -> Family:
        """Its alarms, and what its composites hang on."""
        return family(self.account, self.account.alarms)

    @cached_property
    def replayable(self) -> tuple[Item, ...]:
        """The alarms that can be replayed if they are given data, in the account's order."""
        kin, able = self.family, set[int]()
        for alarm in kin.members:
            found = kin.composites.get(id(alarm))
            if isinstance(found, Composite):
                if all(id(child) in able for child in found.children.values()):
                    able.add(id(alarm))
            elif isinstance(self.watched(alarm), Watched):
                able.add(id(alarm))
        alarms = (alarm for alarm in self.account.alarms if id(alarm) in able)
        return tuple(one for one in alarms if self._told_rightly(one, able))

    def _told_rightly(self, alarm: Item, able: Container[int]) -> bool:
        """Whether an alarm that can be driven has no suppressor that cannot."""
        found = self.family.composites.get(id(alarm))
        suppressor = found.suppressor if isinstance(found, Composite) else None
        if isinstance(suppressor, Suppressor):
            return id(suppressor.alarm) in able
        return suppressor is None

    @cached_property
    def readers(self) -> Mapping[MetricKey, tuple[Item, ...]]:
        """Which alarms read a metric."""
        found: dict[MetricKey, list[Item]] = {}
        for alarm in self.account.alarms:
            what = self.watched(alarm)
            if isinstance(what, Watched):
                for key in dict.fromkeys(what.metrics.values()):
                    found.setdefault(key, []).append(alarm)
        return {key: tuple(alarms) for key, alarms in found.items()}

    def period(self, key: MetricKey) -> int:
        """The shortest period at which an alarm reads a metric, in seconds."""
        found = (self.watched(alarm) for alarm in self.readers[key])
        return min(what.period for what in found if isinstance(what, Watched))


def _watched(alarm: Item) -> Watched | NotReplayableError:
    try:
        return watched(alarm.data)
    except NotReplayableError as error:
        return error


def _told_by_action(alarm: Item, action: Ref, bodies: Mapping[str, str]) -> tuple[Delivery, ...]:
    del alarm, bodies
    return (Delivery(None, "", str(action), delivered=True),)


Stamp = tuple[int, int]
"""When a file was changed last, in nanoseconds, and its size."""

_made: dict[tuple[object, ...], Stage] = {}


def once(key: tuple[object, ...], make: Callable[[], Stage]) -> Stage:
    """The stage that `make` gives, made once a process for every key."""
    if key not in _made:
        _made[key] = make()
    return _made[key]


def stack_stage(stack: str, folder: Path) -> Stage:
    """The alarms of a stack: its program is run without a cloud, once as long as no file changes.

    Raises:
        BadInput: the stack is not there, its config has mistakes, or its program fails.
    """
    files = (folder / "Pulumi.yaml", folder / f"Pulumi.{stack}.yaml", folder / "__main__.py")
    key = ("stack", folder.resolve(), stack, *map(stamp, files))
    return once(key, lambda: Stage(_called(stack, folder), account_of(record_stack(stack, folder))))


def _called(stack: str, folder: Path) -> str:
    """A stack of another project than the one people stand in says of which."""
    here = Path.cwd()
    if folder.resolve() == here:
        return stack
    away = folder.resolve()
    return f"{stack} of {away.relative_to(here) if away.is_relative_to(here) else away}"


def record_stack(stack: str, folder: Path) -> Deployment:
    """What a stack's program declares.

    Raises:
        BadInput: the stack is not there, its config has mistakes, or its program fails.
    """
    from alerting.recording import record
    from alerting.stackfile import read_stack

    # What the program prints is for people, while standard output may be asked to hold JSON.
    with stack_errors(stack, folder), redirect_stdout(sys.stderr):
        file = read_stack(stack, folder)
        return record(
            file.program, config=file.config, secret_keys=file.secret_keys, stack=file.stack
        )


def alarms_stage(file: Path) -> Stage:
    """The alarms of a describe-alarms file or a template; read once as long as it stays as it is.

    Raises:
        BadInput: the file cannot be used.
    """
    from alerting.alarm_files import read_alarms

    def make() -> Stage:
        found = read_alarms(file)
        return Stage(
            file.name, found.account, by_action=True, also=found.logical_ids, unread=found.unread
        )

    return once(("alarms", file.resolve(), stamp(file)), make)


def project_folder(file: Path) -> Path:
    """The project a scenario file belongs to: the nearest Pulumi.yaml at or above it, else here."""
    for folder in file.absolute().parents:
        if (folder / "Pulumi.yaml").is_file():
            return folder
    return Path()


def stamp(file: Path) -> Stamp:
    """What changes when a file does; zeros where there is none."""
    try:
        about = file.stat()
    except OSError:
        return (0, 0)
    return about.st_mtime_ns, about.st_size
