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
        severities = {
            severity: RemindArgs(
                topic_arn=self.alarms["topics"][severity],
                alarms=told[severity],
                after=parse_span(remind.after),
                at_most=remind.at_most,
            )
            for severity, remind in self._reminding.items()
            if severity in told
        }
        if not severities:
            return None
        return RemindersArgs(
            severities=severities,
            place=self.place,
            prefix=self.alarms.get("prefix", ""),
            tags=self.alarms.get("tags", {}),
        )

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        unread = False
        for severity, remind in self._reminding.items():
            try:
                parse_span(remind.after)
            except ValueError as error:
                unread = True
                path = ("severities", severity, "remind", "after")
                yield Problem(path, f"{error}, got {remind.after!r}")
        args = None if unread else self.args
        for problem in reminders_problems(args, name=NAME) if args else ():
            where, severity, *rest = problem.path
            yield Problem((where, severity, "remind", *rest), problem.message)

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
