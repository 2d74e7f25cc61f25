"""The reminders of a stack, as what the component takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerting.components.alarm_args import AlarmsArgs
from alerting.components.alarm_family import made_alarms
from alerting.components.alert_topic import Place
from alerting.components.reminders import RemindArgs, RemindersArgs, reminders_problems
from alerting.problems import Problem
from alerting.settings.models import Remind, Severity
from alerting.spans import parse_span

NAME = "reminders"
"""Of the component, which the machine and the rules are called after."""


@dataclass(frozen=True)
class Reminding:
    """Which alarms are reminded of over which topic."""

    severities: Mapping[str, Severity]
    alarms: AlarmsArgs
    place: Place

    @property
    def args(self) -> RemindersArgs | None:
        """What reminders are made from; None where there is nothing to remind of."""
        told = self._told()
        some = {name: remind for name, remind in self._reminding.items() if name in told}
        return self._args(some) if some else None

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        read: dict[str, Remind] = {}
        for severity, remind in self._reminding.items():
            try:
                parse_span(remind.after)
            except ValueError as error:
                path = ("severities", severity, "remind", "after")
                yield Problem(path, f"{error}, got {remind.after!r}")
            else:
                read[severity] = remind
        for problem in reminders_problems(self._args(read), name=NAME) if read else ():
            match problem.path:
                case ("severities", severity, *rest):
                    yield Problem(("severities", severity, "remind", *rest), problem.message)
                case _:
                    yield problem

    def idle_problems(self) -> Iterator[Problem]:
        """Reminders that no alarm needs, where all alarms are sound."""
        told = self._told()
        for severity in self._reminding:
            if severity not in told:
                path = ("severities", severity, "remind")
                yield Problem(path, f"has nothing to remind of: no alarm tells {severity!r}")

    def _args(self, reminding: Mapping[str, Remind]) -> RemindersArgs:
        told = self._told()
        severities = {
            severity: RemindArgs(
                topic_arn=self.alarms["topics"][severity],
                alarms=told.get(severity, []),
                after=parse_span(remind.after),
                at_most=remind.at_most,
            )
            for severity, remind in reminding.items()
        }
        return RemindersArgs(
            severities=severities,
            place=self.place,
            prefix=self.alarms.get("prefix", ""),
            tags=self.alarms.get("tags", {}),
        )

    @property
    def _reminding(self) -> dict[str, Remind]:
        return {name: one.remind for name, one in self.severities.items() if one.remind is not None}

    def _told(self) -> Mapping[str, list[str]]:
        """The physical names of the alarms that tell a severity."""
        told: dict[str, list[str]] = {}
        for _, alarm in sorted(made_alarms(self.alarms).items()):
            if alarm.severity is not None:
                told.setdefault(alarm.severity, []).append(alarm.name)
        return told
