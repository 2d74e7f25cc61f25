"""The event rules that start reminders, and what they hand to the state machine.

A pattern has at most 2,048 characters, so that many alarms take several rules. An input transformer
puts an alarm's name into the subject; where the name has characters it cannot take, or is too long
for the subject of an SNS message (100 characters: SNS API reference, Publish), a rule of its own
says "an alarm" instead. The message always names it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerting.cloudwatch.event_source import SOURCE, STATE_CHANGE
from alerting.cloudwatch.regions import region_name
from alerting.events.pattern import MAX_PATTERN
from alerting.spans import span

NAME_PATH = {"name": "$.detail.alarmName"}
_MAX_SUBJECT = 100
_PLAIN = re.compile(r'[^"\\<>]+')


@dataclass(frozen=True, slots=True)
class EventRule:
    """One rule."""

    alarms: tuple[str, ...]
    """Physical names of the alarms whose ALARM it picks."""
    account_id: str
    region: str
    after: int
    """Seconds."""
    at_most: int
    named: bool
    """Whether the subject has the alarm's name."""

    @property
    def pattern(self) -> str:
        """The event pattern, as JSON."""
        return _pattern(self.alarms, self.account_id)

    def template(self, topic: str) -> str:
        """The input template for a topic; `<name>` stands for what is at `NAME_PATH`."""
        what = '"<name>"' if self.named else "an alarm"
        constants = {
            "topic": topic,
            "subject": f"REMINDER: {what} in {region_name(self.region)}",
            "region": region_name(self.region),
            "after": self.after,
            "every": span(self.after),
            "round": {"number": 0, "of": self.at_most},
        }
        return f'{json.dumps(constants)[:-1]}, "event": <aws.events.event.json>}}'


def rules_of(
    alarms: Sequence[str], *, account_id: str, region: str, after: int, at_most: int
) -> tuple[EventRule, ...]:
    """The rules for some alarms, given by their physical names; none for no alarms."""
    room = _MAX_SUBJECT - len(f'REMINDER: "" in {region_name(region)}')
    plain = [name for name in alarms if len(name) <= room and _PLAIN.fullmatch(name)]
    others = [name for name in alarms if name not in set(plain)]
    return tuple(
        EventRule(group, account_id, region, after, at_most, named)
        for names, named in ((plain, True), (others, False))
        for group in _groups(names, account_id)
    )


def _groups(names: Sequence[str], account_id: str) -> Iterator[tuple[str, ...]]:
    """As many names together as fit into a pattern."""
    group: list[str] = []
    for name in names:
        if group and len(_pattern([*group, name], account_id)) > MAX_PATTERN:
            yield tuple(group)
            group = []
        group.append(name)
    if group:
        yield tuple(group)


def _pattern(alarms: Sequence[str], account_id: str) -> str:
    wanted = {
        "source": [SOURCE],
        "detail-type": [STATE_CHANGE],
        "account": [account_id],
        "detail": {"alarmName": [*alarms], "state": {"value": ["ALARM"]}},
    }
    return json.dumps(wanted, separators=(",", ":"))
