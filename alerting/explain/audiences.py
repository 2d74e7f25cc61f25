"""Those who are told the same alarms, said once."""

from collections import Counter
from collections.abc import Iterable, Mapping

from alerting.explain.explained import Explained
from alerting.explain.sentence import told

_OFTEN = 3
"""From so many alarms on that tell the same people, they are named once."""


def audiences(alarms: Iterable[Explained]) -> Mapping[str, str]:
    """Who hears of a severity, by its name, where it tells the same people often enough."""
    pairs = Counter(
        (one.severities[0], told(one)) for one in alarms if len(one.severities) == 1 and told(one)
    )
    often: dict[str, str] = {}
    for (severity, who), count in pairs.most_common():
        if count >= _OFTEN:
            often.setdefault(severity, who)
    return dict(sorted(often.items()))


def audience(explained: Explained, often: Mapping[str, str]) -> str | None:
    """The severity that stands for those who are told; None where it does not."""
    severity = explained.severities[0] if len(explained.severities) == 1 else ""
    return severity if often.get(severity) == told(explained) else None
