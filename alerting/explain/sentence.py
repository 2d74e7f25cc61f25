"""One alarm in one sentence."""

from collections.abc import Sequence

from alerting.cloudwatch import State, words
from alerting.delivery import Outcome
from alerting.explain.explanation import Explained
from alerting.explain.hearers import Hearer


def sentence(explained: Explained, audience: str | None = None) -> str:
    """Who is told, when, and how soon.

    Args:
        explained: the alarm.
        audience: stands for those who are told. Default: all of them.

    `tells oncall-mail (email) and oncall-phone (sms) when the average CPUUtilization of i-1 is
    above 80 for 1 of 1 periods of 5 minutes; earliest notice about 6 minutes after onset`
    """
    what = f"{_acts(explained)}tells {audience or told(explained)}"
    when = ", while ".join(explained.conditions) or explained.condition
    quiet = f"; quiet while {' or '.join(explained.quiet_while)} is in ALARM"
    said = f"{what} when {when}{quiet if explained.quiet_while else ''}"
    return f"{said}; {_soon(explained)}"


def told(explained: Explained) -> str:
    """Those who are told of ALARM, in words."""
    who = [hearer(heard) for heard in explained.hearers[State.ALARM] if heard.told]
    who += [f"{them} (cannot tell)" for them in explained.unseen]
    if who:
        return names(who)
    if explained.part_of:
        return f"nobody by itself ({names(explained.part_of)} hangs on it)"
    if explained.holds_back:
        return f"nobody by itself (it holds back {names(explained.holds_back)})"
    return "nobody"


def names(found: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(found[:-1]), *found[-1:]) if part)


def hearer(heard: Hearer) -> str:
    """`oncall-mail (email)`, and that it cannot be told where it cannot."""
    doubt = ", cannot tell" if heard.outcome is Outcome.CANNOT_TELL else ""
    return f"{heard.name} ({heard.protocol}{doubt})"


def _acts(explained: Explained) -> str:
    return f"acts through {names(explained.acts)} and " if explained.acts else ""


def _soon(explained: Explained) -> str:
    if explained.alarm.get("AlarmRule") is not None and explained.earliest is None:
        return "notice as soon as its alarms make it so"
    if explained.earliest is None:
        return "how soon cannot be told"
    return f"earliest notice about {words.duration(explained.earliest)} after onset"
