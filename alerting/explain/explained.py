"""What is said of one alarm."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerting.account import Item
from alerting.cloudwatch import State
from alerting.cloudwatch.prices import Charge
from alerting.explain.hearers import Hearer


@dataclass(frozen=True, slots=True)
class Explained:
    """One alarm."""

    alarm: Item
    severities: tuple[str, ...]
    """What the topics that hear of ALARM are called."""
    hearers: Mapping[State, tuple[Hearer, ...]]
    """By state, the receivers at the end of its paths."""
    lost: tuple[tuple[str, str], ...]
    """The ends that ALARM does not reach because a path is broken, each with the reason."""
    unseen: tuple[str, ...]
    """What it tells of ALARM whose hearers cannot be seen from here, in words."""
    acts: tuple[str, ...]
    """The services it sets something off in, rather than tell anybody."""
    part_of: tuple[str, ...]
    """The composite alarms whose rule names it."""
    holds_back: tuple[str, ...]
    """The composite alarms that tell nobody while it is in ALARM."""
    earliest: int | None
    """Seconds from the onset to the first notification; None where that cannot be said."""
    charge: Charge
    condition: str
    """When it fires."""
    conditions: tuple[str, ...] = ()
    """Of a composite over alarms that tell nobody and must all be in ALARM: when each is."""
    quiet_while: tuple[str, ...] = ()
    """Of a composite, the alarms during whose ALARM it tells nobody."""
    members: tuple["Explained", ...] = ()
    """The alarms that tell nobody, and are shown with this composite instead of by themselves."""
    unspoken: tuple["Explained", ...] = ()
    """Those of them whose condition the composite's own does not say."""
