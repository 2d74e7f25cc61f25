"""What watches over the paths themselves: the second path and the heartbeats, in a few lines."""

import re
from collections.abc import Iterable, Iterator, Sequence

from alerting.account import Item, Kind
from alerting.cloudwatch import MissingData, State, words
from alerting.cloudwatch.evaluation import Evaluation
from alerting.delivery.heartbeats import beats
from alerting.delivery.rules.second_path import told_topics, watched_topics
from alerting.explain.explanation import Explained, Explanation
from alerting.explain.families import shown
from alerting.explain.sentence import hearer, names

_SECOND_PATH = "alerting:index:SecondPath$"
"""In the URNs of a second path's alarms."""
_RATE = re.compile(r"rate\((?:1 )?(.+)\)")
_FAILED, _DELIVERED = "NumberOfNotificationsFailed", "NumberOfNotificationsDelivered"

Row = tuple[str, str]
"""A severity, and what is said of it."""


def declared(explanation: Explanation) -> tuple[Explained, ...]:
    """The alarms but for those that only watch over the paths, and reach whom they tell."""
    upkeep = {id(one) for one in _second_path(explanation)}
    for _, beat, watches in _heartbeats(explanation):
        upkeep |= {id(beat), *map(id, watches)}
    return tuple(one for one in shown(explanation.alarms) if id(one) not in upkeep or one.lost)


def second_path(explanation: Explanation) -> list[Row]:
    """Who is told of what is not delivered, by the severity that is told."""
    groups: dict[str, list[Explained]] = {}
    for one in _second_path(explanation):
        groups.setdefault(", ".join(one.severities), []).append(one)
    return [
        (severity, f"tells {_told(group)} when {_failures(explanation, group)}")
        for severity, group in sorted(groups.items())
    ]


def heartbeats(explanation: Explanation) -> list[Row]:
    """How often a path is tried, who hears that, and who is told when it stops."""
    rows: list[Row] = []
    for schedule, beat, watches in _heartbeats(explanation):
        said = f"{_often(schedule)}, heard by {_told([beat])}"
        for watch in watches:
            said += f"; nothing delivered{_how_long(watch.alarm)} tells {_told([watch])}"
        rows.append((", ".join(beat.severities), said))
    return rows


def _second_path(explanation: Explanation) -> Iterator[Explained]:
    return (one for one in explanation.alarms if _SECOND_PATH in (one.alarm.urn or ""))


def _heartbeats(explanation: Explanation) -> Iterator[tuple[Item, Explained, list[Explained]]]:
    """The schedule, the alarm it sets, and the alarms that miss it."""
    explained = {id(one.alarm): one for one in explanation.alarms}
    for schedule, asked in beats(explanation.account):
        for alarm in explanation.account.find(Kind.ALARM, asked.alarm):
            told = told_topics(alarm)
            watches = [
                one
                for one in explanation.alarms
                if one.alarm.get("TreatMissingData") == MissingData.BREACHING
                and told & watched_topics(one.alarm, [_DELIVERED])
            ]
            yield schedule, explained[id(alarm)], watches


def _told(group: Iterable[Explained]) -> str:
    found = {hearer(one) for each in group for one in each.hearers[State.ALARM] if one.told}
    unseen = {f"{them} (cannot tell)" for each in group for them in each.unseen}
    return names([*sorted(found), *sorted(unseen)]) or "nobody"


def _failures(explanation: Explanation, group: Iterable[Explained]) -> str:
    called = {arn.rsplit(":", 1)[-1]: name for arn, name in explanation.names.items()}
    queues = {
        str(queue.arn).rsplit(":", 1)[-1]: queue for queue in explanation.account.of(Kind.QUEUE)
    }
    failed: list[str] = []
    misread: list[str] = []
    kept: list[str] = []
    for one in group:
        topics = [called.get(name, name) for name in sorted(watched_topics(one.alarm))]
        if not topics:
            kept += (_whose(queues.get(name), name) for name in _queues(one.alarm))
        elif one.alarm.get("MetricName") == _FAILED:
            failed += topics
        else:
            misread += topics
    parts = [
        f"a message of {_either(failed)} is not delivered" if failed else "",
        f"a filter on {_either(misread)} cannot read one" if misread else "",
        f"dead letters of {_either(kept)} wait" if kept else "",
    ]
    return _either([part for part in parts if part])


def _either(found: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(part for part in (", ".join(found[:-1]), *found[-1:]) if part)


def _queues(alarm: Item) -> Iterator[str]:
    for dimension in alarm.get("Dimensions", ()):
        if dimension["Name"] == "QueueName":
            yield dimension["Value"]


def _whose(queue: Item | None, name: str) -> str:
    """The receiver a dead-letter queue belongs to; else the queue's name."""
    return queue.label.removesuffix("'s dead letters") if queue else name


def _how_long(alarm: Item) -> str:
    """What an alarm looks back over; nothing where that is not known."""
    try:
        rule = Evaluation.of(alarm.data)
    except (KeyError, TypeError, ValueError):
        return ""
    return f" for {words.duration(rule.period * rule.evaluation_periods)}"


def _often(schedule: Item) -> str:
    expression = str(schedule.get("ScheduleExpression"))
    match = _RATE.fullmatch(expression)
    return f"every {match[1]}" if match else expression
