"""Where config becomes typed values, and every mistake in it one error."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alerting.components.alarm_args import AlarmsArgs
from alerting.components.alarms import alarms_problems
from alerting.components.alert_topic import AlertTopicArgs, Place, topic_problems
from alerting.components.receiver_args import ReceiversArgs
from alerting.components.receivers import receivers_problems, unheard_problems
from alerting.problems import Problem
from alerting.settings.mistakes import SettingsError, hidden_by, read_shape, spelled
from alerting.settings.models import Model, SecretRef, Severity, StackConfig
from alerting.settings.sets import Sets, sets_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_KEYS = frozenset(field.alias or name for name, field in StackConfig.model_fields.items())


@dataclass(frozen=True)
class Settings:
    """A stack's config, read and found sound, as what the components take."""

    config: StackConfig
    stack: str
    place: Place

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
        shape, broken = read_shape(config)
        if shape is None:
            raise SettingsError(broken.values())
        settings = cls(shape, stack, place)
        plain = {name for name in settings.secret_names if broken.pop((name,), None)}
        found = [*settings._secret_problems(secrets, plain), *settings._problems()]
        if "receivers" not in secrets and not any(path[0] == "receivers" for path in broken):
            found += unheard_problems(settings.receivers_args(settings.severities, {}))
        problems = [*broken.values(), *(p for p in map(spelled, found) if not hidden_by(p, broken))]
        if problems:
            raise SettingsError(dict.fromkeys(problems))
        return settings

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
        args.pop("default", None)
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
        return ReceiversArgs(
            receivers=receivers,
            topics=topics,
            place=self.place,
            heard_elsewhere=[name for name, spec in self.severities.items() if spec.topic_arn],
            prefix=f"{self.stack}-",
            tags=self.config.tags,
        )

    def alarms_args(self, topics: Mapping[str, Any]) -> AlarmsArgs:
        """What the alarms are made from, given topic ARNs by severity."""
        alarms: dict[str, Any] = {name: _said(spec) for name, spec in self.config.alarms.items()}
        alarms |= self._sets.alarms
        return AlarmsArgs(
            alarms=alarms,
            topics=topics,
            region=self.place["region"],
            default_severity=self.default_severity,
            prefix=f"{self.stack}-",
            tags=self.config.tags,
        )

    @cached_property
    def _sets(self) -> Sets:
        """The alarms of `watch`."""
        watch = {name: _said(spec) for name, spec in self.config.watch.items()}
        return sets_of(watch, taken=self.config.alarms)

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
        yield from receivers_problems(self.receivers_args(topics, {}))
        if not self.config.alarms and not self.config.watch:
            yield Problem(("alarms",), "there are none: nothing would ever be told")
        yield from self._sets.problems
        for problem in alarms_problems(self.alarms_args(topics)):
            yield self._sets.at_home(problem)

    def _severity_problems(self) -> Iterator[Problem]:
        names = ", ".join(sorted(self.severities))
        for name in self.severities:
            if not _NAME.fullmatch(name):
                allowed = "1 to 63 letters, digits, hyphens and underscores"
                yield Problem(("severities", name), f"must be named by {allowed}")
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

    def _secret_problems(
        self, secrets: Collection[str], plain: Collection[str]
    ) -> Iterator[Problem]:
        for key in secrets:
            if key in _KEYS:
                whole = "cannot be secret as a whole; give the endpoint as {secret: KEY} instead"
                yield Problem((key,), whole)
        for name, receiver in self.config.receivers.items():
            if not isinstance(receiver.endpoint, SecretRef):
                continue
            key, path = receiver.endpoint.secret, ("receivers", name, "endpoint", "secret")
            command = f"`pulumi config set --secret {key}`"
            if key in _KEYS:
                yield Problem(path, f"{key!r} is a section; the secret needs a key of its own")
            elif key in plain:
                yield Problem(path, f"the config key {key!r} is not secret; set it with {command}")
            elif key not in secrets:
                yield Problem(path, f"the config key {key!r} is not set; set it with {command}")


def _said(model: Model) -> dict[str, Any]:
    """A model as component args: snake_case keys, and only what the stack file says."""
    return model.model_dump(exclude_none=True, exclude_unset=True)
