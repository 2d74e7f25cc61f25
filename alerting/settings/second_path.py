"""The second path and the heartbeats of a stack, as what the components take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alerting.components.alarm_args import AlarmsArgs
from alerting.components.alert_topic import Place
from alerting.components.heartbeat import HeartbeatArgs, alarm_name, heartbeat_problems
from alerting.components.heartbeat import alarms_of as heartbeat_alarms
from alerting.components.receiver_args import ReceiversArgs
from alerting.components.receivers import filtered_severities
from alerting.components.second_path import SecondPathArgs, dead_letters, second_path_problems
from alerting.components.second_path import alarms_of as second_path_alarms
from alerting.problems import Problem
from alerting.settings.models import Heartbeat, SecondPath, Severity
from alerting.sns.arn import parse_arn
from alerting.spans import parse_span

NAME = "second-path"
"""Of the component, which its alarms are called after."""


@dataclass(frozen=True)
class SecondPaths:
    """What watches over the topics of a stack."""

    config: SecondPath | None
    severities: Mapping[str, Severity]
    default_severity: str
    topics: Mapping[str, str]
    """ARNs of the topics by severity."""
    place: Place
    prefix: str
    """Of physical names."""
    tags: Mapping[str, str]

    @cached_property
    def topic_names(self) -> dict[str, str]:
        """Names of the topics that can be watched, by severity.

        What a topic of another account delivers is counted over there.
        """
        parsed = {severity: parse_arn(arn) for severity, arn in self.topics.items()}
        here = self.place["account_id"]
        return {name: arn.resource for name, arn in parsed.items() if arn and arn.account == here}

    @property
    def heartbeats(self) -> dict[str, str]:
        """The names of the heartbeat alarms, by severity."""
        return {severity: alarm_name(self.prefix, severity) for severity in self._beating}

    def args(self, topics: Mapping[str, Any], receivers: ReceiversArgs) -> SecondPathArgs | None:
        """What the second path is made from; None where there is none."""
        if self.config is None:
            return None
        return SecondPathArgs(
            severity=self.config.severity,
            own_failures=self.config.own_failures or self.default_severity,
            topics=topics,
            topic_names=self.topic_names,
            region=self.place["region"],
            filtered=filtered_severities(receivers),
            dead_letters=dead_letters(receivers),
            prefix=self.prefix,
            tags=self.tags,
        )

    def heartbeat_args(self, topics: Mapping[str, Any]) -> dict[str, HeartbeatArgs]:
        """What the heartbeats are made from, by severity."""
        beating = self._beating.items()
        return {severity: self._heartbeat(severity, beat, topics) for severity, beat in beating}

    def problems(self, receivers: ReceiversArgs, alarms: Mapping[str, str]) -> Iterator[Problem]:
        """Everything that is wrong with them.

        Args:
            receivers: what the receivers are made from.
            alarms: the keys of the declared alarms by physical name.
        """
        topics = dict.fromkeys(self.severities, "")
        made: dict[str, str] = {}
        found = list(self._second_path_problems(topics, receivers))
        yield from found
        path = self.args(topics, receivers)
        if path is not None and not found:
            made |= dict.fromkeys(_names(second_path_alarms(path, name=NAME)), "the second path")
        for severity, heartbeat in self._beating.items():
            wrong = list(self._heartbeat_problems(severity, heartbeat))
            yield from (one.under("severities", severity, "heartbeat") for one in wrong)
            if wrong:
                continue
            args = self._heartbeat(severity, heartbeat, topics)
            for problem in heartbeat_problems(args, name=severity):
                # Whom it tells is said by the second path, which has been looked at.
                if not (found and problem.path == ("second_path",)):
                    yield problem.under("severities", severity, "heartbeat")
            if not found:
                names = _names(heartbeat_alarms(args, name=severity))
                made |= dict.fromkeys(names, f"the heartbeat of {severity!r}")
        for name, key in alarms.items():
            if name in made:
                both = f"is {name!r}, and so is that of {made[name]}"
                yield Problem(("alarms", key, "name"), f"{both}: one would overwrite the other")

    @property
    def _beating(self) -> dict[str, Heartbeat]:
        return {name: s.heartbeat for name, s in self.severities.items() if s.heartbeat is not None}

    def _heartbeat(
        self, severity: str, heartbeat: Heartbeat, topics: Mapping[str, Any]
    ) -> HeartbeatArgs:
        return HeartbeatArgs(
            topics=topics,
            topic_name=self.topic_names[severity],
            second_path=self._hears_of(severity),
            place=self.place,
            every=parse_span(heartbeat.every),
            prefix=self.prefix,
            tags=self.tags,
        )

    def _hears_of(self, severity: str) -> str:
        """Who is told about a severity's topic; nobody without a second path."""
        if self.config is None:
            return ""
        of_itself = severity == self.config.severity
        back = self.config.own_failures or self.default_severity
        return back if of_itself else self.config.severity

    def _second_path_problems(
        self, topics: Mapping[str, str], receivers: ReceiversArgs
    ) -> Iterator[Problem]:
        args = self.args(topics, receivers)
        if args is None or self.config is None:
            return
        for problem in second_path_problems(args, name=NAME):
            if problem.path == ("own_failures",) and self.config.own_failures is None:
                said = "is required: the default severity is the second path itself"
                problem = Problem(problem.path, said)
            yield problem.under("second_path")

    def _heartbeat_problems(self, severity: str, heartbeat: Heartbeat) -> Iterator[Problem]:
        if self.config is None:
            yield Problem((), "needs a secondPath, to be told when it stops")
        if severity not in self.topic_names:
            yield Problem((), "cannot be missed: the topic is of another account, which counts it")
        try:
            parse_span(heartbeat.every)
        except ValueError as error:
            yield Problem(("every",), f"{error}, got {heartbeat.every!r}")


def _names(args: AlarmsArgs) -> list[str]:
    return [f"{args.get('prefix', '')}{key}" for key in args["alarms"]]
