"""Where config becomes typed values, and every mistake in it one error."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from alerting.cloudwatch.dashboard import dashboard_url
from alerting.cloudwatch.prices import Charge
from alerting.components.alarm_args import AlarmsArgs
from alerting.components.alarm_family import made_alarms
from alerting.components.alarms import alarms_problems
from alerting.components.alert_topic import AlertTopicArgs, Place, topic_problems
from alerting.components.dashboard import DashboardArgs, dashboard_problems
from alerting.components.heartbeat import HeartbeatArgs
from alerting.components.receiver_args import ReceiversArgs
from alerting.components.receivers import receivers_problems, unheard_problems
from alerting.components.reminders import RemindersArgs
from alerting.components.renames import rename_problems
from alerting.components.second_path import SecondPathArgs
from alerting.problems import Problem
from alerting.resource import Resource
from alerting.settings.budget import budget_problems, stack_charges
from alerting.settings.log_groups import with_group_arns
from alerting.settings.mistakes import SettingsError, hidden_by, read_shape, spelled
from alerting.settings.models import Model, SecretRef, Severity, StackConfig
from alerting.settings.reminders import Reminding
from alerting.settings.second_path import SecondPaths
from alerting.settings.secret_keys import secret_problems
from alerting.settings.sets import Sets, sets_of
from alerting.settings.tagged import Found, Query, found_problems
from alerting.settings.windows import windows_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


@dataclass(frozen=True)
class Settings:
    """A stack's config, read and found sound, as what the components take."""

    config: StackConfig
    stack: str
    place: Place
    found: Mapping[str, Sequence[Resource]] | None = None
    """Resources of the sets with tags, by the set's name; of a set that is not among them none is
    known. None: there are stand-ins for them, to be checked."""

    @classmethod
    def parse(
        cls,
        config: Mapping[str, Any],
        *,
        stack: str,
        place: Place,
        secrets: Collection[str] = (),
    ) -> "Settings":
        """Read a stack's config, or say everything that is wrong with it.

        The shape is checked by pydantic, the meaning by the rules the components use themselves.

        Args:
            config: the values of the plain keys, without the project's prefix.
            stack: the stack's name, for `{stack}` and physical names.
            place: account and Region that are deployed to.
            secrets: names of the keys that are set and secret. Default: none.

        Raises:
            SettingsError: with every mistake.
        """
        shape = read_shape(config)
        broken = shape.problems
        settings = cls(shape.config, stack, place)
        plain = {name for name in settings.secret_names if broken.pop((name,), None)}
        found = [*secret_problems(settings.config, secrets, plain), *settings._problems()]
        if "receivers" not in secrets and not any(path[0] == "receivers" for path in broken):
            found += unheard_problems(settings.receivers_args(settings.severities, {}))
        meant = (shape.at_home(spelled(problem)) for problem in found)
        problems = [*broken.values(), *(p for p in meant if not hidden_by(p, broken))]
        if not any(problem.path[:1] in (("alarms",), ("watch",)) for problem in problems):
            topics = dict.fromkeys(settings.severities, "")
            reminding = settings._reminding(topics)
            problems += reminding.idle_problems() if reminding else ()
        if problems:
            raise SettingsError(dict.fromkeys(problems))
        known = replace(settings, found={}) if settings.queries else settings
        known._stay_within_budget()
        return known

    @property
    def queries(self) -> Mapping[str, Query]:
        """What is to be found by tag, by the name of the set in `watch`."""
        return self._sets.queries

    @property
    def watched(self) -> dict[str, Any]:
        """What is found by tag, by the name of the set: its kind, its tags and the resources' ids.

        The ids are None where nobody could be asked.
        """
        found = self.found or {}
        return {
            name: {
                "kind": query.kind,
                "tags": dict(query.tags),
                "resources": [one.id for one in found[name]] if name in found else None,
            }
            for name, query in self.queries.items()
        }

    def with_found(self, found: Mapping[str, Found]) -> "Settings":
        """The settings with what is found by tag, by the name of the set in `watch`.

        Raises:
            SettingsError: too much is found, nothing, what cannot be watched, or what costs more
                than the budget.
        """
        problems = [
            problem.under("watch", name)
            for name, one in found.items()
            for problem in found_problems(self.queries[name], one)
        ]
        known = replace(self, found={name: one.resources for name, one in found.items()})
        problems += known._found_problems()
        if problems:
            raise SettingsError(dict.fromkeys(map(spelled, problems)))
        known._stay_within_budget()
        return known

    @property
    def severities(self) -> dict[str, Severity]:
        """The severities by name, or the one there is when none is declared."""
        return self.config.severities or {"notify": Severity()}

    @property
    def default_severity(self) -> str:
        """The one marked, else the only one, else `notify`; `parse` has refused anything else."""
        marked = [name for name, severity in self.severities.items() if severity.default]
        return (marked or self._unmarked_default() or sorted(self.severities))[0]

    def _unmarked_default(self) -> list[str]:
        only = list(self.severities) if len(self.severities) == 1 else []
        return only or [name for name in self.severities if name == "notify"]

    @property
    def secret_names(self) -> list[str]:
        """The config keys that hold secrets, in the order in which receivers name them."""
        endpoints = [receiver.endpoint for receiver in self.config.receivers.values()]
        return list(dict.fromkeys(e.secret for e in endpoints if isinstance(e, SecretRef)))

    def topic_args(self, severity: str) -> AlertTopicArgs:
        """What the topic of one severity is made from."""
        args: dict[str, Any] = _said(self.severities[severity])
        for key in ("default", "formerly", "heartbeat", "remind"):
            args.pop(key, None)
        if "topic_arn" not in args:
            args["topic_name"] = self._topic_name(severity)
        return AlertTopicArgs(place=self.place, tags=self.config.tags, **args)

    def receivers_args(
        self, topics: Mapping[str, Any], secrets: Mapping[str, Any]
    ) -> ReceiversArgs:
        """What the receivers are made from, given topic ARNs by severity and secrets by key."""
        receivers: dict[str, Any] = {}
        for name, receiver in self.config.receivers.items():
            receivers[name] = _said(receiver)
            if isinstance(receiver.dead_letter, bool):
                receivers[name]["dead_letter"] = "own" if receiver.dead_letter else "none"
            if isinstance(receiver.endpoint, SecretRef):
                receivers[name]["endpoint"] = secrets.get(receiver.endpoint.secret)
        args = ReceiversArgs(
            receivers=receivers,
            topics=topics,
            place=self.place,
            heard_elsewhere=[name for name, spec in self.severities.items() if spec.topic_arn],
            prefix=f"{self.stack}-",
            tags=self.config.tags,
        )
        heartbeats = self._second_paths.heartbeats
        if heartbeats:
            args["heartbeats"] = heartbeats
        former = {name: spec.formerly for name, spec in self.severities.items() if spec.formerly}
        if former:
            args["former_severities"] = former
        return args

    def alarms_args(self, topics: Mapping[str, Any]) -> AlarmsArgs:
        """What the alarms are made from, given topic ARNs by severity."""
        alarms: dict[str, Any] = {name: _said(spec) for name, spec in self.config.alarms.items()}
        alarms = {**with_group_arns(alarms, self.place), **self._sets.alarms}
        args = AlarmsArgs(
            alarms=alarms,
            topics=topics,
            region=self.place["region"],
            default_severity=self.default_severity,
            prefix=f"{self.stack}-",
            tags=self.config.tags,
        )
        windows = {name: _said(window) for name, window in self.config.windows.items()}
        config, homes = self.config, self._sets.homes
        covered = windows_of(windows, alarms=config.alarms, homes=homes, sets=config.watch)
        if covered:
            args["windows"] = covered
        if self.config.learn_until is not None:
            args["learn_until"] = self.config.learn_until
        dashboard = self.dashboard_args({})
        if dashboard is not None:
            place = self.place["region"], self.place.get("partition", "aws")
            args["dashboard_url"] = dashboard_url(dashboard["dashboard_name"], *place)
        return args

    def second_path_args(self, topics: Mapping[str, Any]) -> SecondPathArgs | None:
        """What the second path is made from, given topic ARNs by severity; None without one."""
        return self._second_paths.args(topics, self.receivers_args(topics, {}))

    def heartbeat_args(self, topics: Mapping[str, Any]) -> dict[str, HeartbeatArgs]:
        """What the heartbeats are made from, by severity, given topic ARNs by severity."""
        return self._second_paths.heartbeat_args(topics)

    def reminders_args(self, topics: Mapping[str, Any]) -> RemindersArgs | None:
        """What the reminders are made from, given topic ARNs by severity; None without any."""
        reminding = self._reminding(topics)
        return reminding.args if reminding else None

    def _reminding(self, topics: Mapping[str, Any]) -> Reminding | None:
        """What reminds of alarms; None, and nothing of the alarms is looked at, where none does."""
        if not any(severity.remind for severity in self.severities.values()):
            return None
        return Reminding(self.severities, self.alarms_args(topics), self.place)

    @cached_property
    def _second_paths(self) -> SecondPaths:
        """What watches over the topics."""
        return SecondPaths(
            self.config.second_path,
            self.severities,
            self.default_severity,
            {name: one.topic_arn or self._topic_arn(name) for name, one in self.severities.items()},
            self.place,
            f"{self.stack}-",
            self.config.tags,
        )

    def dashboard_args(self, alarms: Mapping[str, Mapping[str, Any]]) -> DashboardArgs | None:
        """What the dashboard is made from, given the alarms' shapes; None where there is none."""
        if self.config.dashboard is None:
            return None
        name = self.config.dashboard.name.replace("{stack}", self.stack)
        shown = dict(sorted(alarms.items()))
        return DashboardArgs(dashboard_name=name, region=self.place["region"], alarms=shown)

    @property
    def charges(self) -> Iterator[Charge]:
        """What the stack costs a month, what is paid by use aside."""
        topics = dict.fromkeys(self.severities, "")
        return stack_charges(
            topics=map(self.topic_args, topics),
            alarms=self.alarms_args(topics),
            path=self.second_path_args(topics),
            heartbeats=self.heartbeat_args(topics),
            dashboard=self.dashboard_args({}),
        )

    def _stay_within_budget(self) -> None:
        if self.config.budget is None:
            return
        problems = list(budget_problems(self.config.budget, self.charges))
        if problems:
            raise SettingsError(problems)

    @cached_property
    def _sets(self) -> Sets:
        """The alarms of `watch`."""
        watch = {name: _said(spec) for name, spec in self.config.watch.items()}
        return sets_of(watch, taken=self.config.alarms, found=self.found)

    def _topic_name(self, severity: str) -> str:
        name = self.config.topic_name.replace("{stack}", self.stack)
        return name if severity == self.default_severity else f"{name}-{severity}"

    def _topic_arn(self, severity: str) -> str:
        account, region = self.place["account_id"], self.place["region"]
        partition = self.place.get("partition", "aws")
        return f"arn:{partition}:sns:{region}:{account}:{self._topic_name(severity)}"

    def _problems(self) -> Iterator[Problem]:
        yield from self._severity_problems()
        topics = dict.fromkeys(self.severities, "")
        for severity in topics:
            for problem in topic_problems(self.topic_args(severity)):
                of_the_stack = problem.path[:1] in (("topic_name",), ("tags",))
                yield problem if of_the_stack else problem.under("severities", severity)
        secrets = {name: SecretRef(secret=name) for name in self.secret_names}
        yield from receivers_problems(self.receivers_args(topics, secrets))
        if not self.config.alarms and not self.config.watch:
            yield Problem(("alarms",), "there are none: nothing would ever be told")
        yield from self._sets.problems
        dashboard = self.dashboard_args({})
        for problem in dashboard_problems(dashboard) if dashboard else ():
            yield Problem(("dashboard", "name"), problem.message)
        alarms = self.alarms_args(topics)
        for problem in alarms_problems(alarms):
            yield self._sets.at_home(problem)
        names = {made.name: made.origin for made in made_alarms(alarms).values()}
        for problem in self._second_paths.problems(self.receivers_args(topics, secrets), names):
            yield self._sets.at_home(problem)
        reminding = self._reminding(topics)
        yield from reminding.problems() if reminding else ()

    def _found_problems(self) -> Iterator[Problem]:
        """What only shows once resources are known: names that clash or are too long."""
        yield from self._sets.problems
        args = self.alarms_args(dict.fromkeys(self.severities, ""))
        for problem in alarms_problems(args):
            yield self._sets.at_home(problem)

    def _severity_problems(self) -> Iterator[Problem]:
        names = ", ".join(sorted(self.severities))
        for name in self.severities:
            if not _NAME.fullmatch(name):
                allowed = "1 to 63 letters, digits, hyphens and underscores"
                yield Problem(("severities", name), f"must be named by {allowed}")
        for problem in rename_problems({name: _said(s) for name, s in self.severities.items()}):
            yield problem.under("severities")
        marked = sorted(name for name, severity in self.severities.items() if severity.default)
        if len(marked) > 1:
            yield Problem(("severities",), f"only one can be the default, not {', '.join(marked)}")
        elif not marked and not self._unmarked_default():
            which = f"give one of {names} `default: true`, or call one notify"
            yield Problem(("severities",), f"none is the default: {which}")
        topics: dict[str, str] = {}
        for name, severity in self.severities.items():
            topic = severity.topic_arn or self._topic_arn(name)
            if topic in topics:
                both = f"{topics[topic]!r} and {name!r} would share the topic {topic!r}"
                yield Problem(("severities", name), both)
            topics.setdefault(topic, name)


def _said(model: Model) -> dict[str, Any]:
    """A model as component args: snake_case keys, and only what the stack file says."""
    return model.model_dump(exclude_none=True, exclude_unset=True)
