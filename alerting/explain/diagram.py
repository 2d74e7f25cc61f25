"""The paths as a Mermaid flowchart: alarms, the topics they tell, who hears those."""

from dataclasses import dataclass, field
from itertools import takewhile

from alerting.cloudwatch import State
from alerting.delivery import Outcome, Route
from alerting.delivery.steps import outcome_of
from alerting.explain.explanation import Explained, Explanation
from alerting.explain.hearers import Audience, best
from alerting.explain.topics import first_stop, tells_a_function

MOST_ARROWS = 400
"""Mermaid draws at most 500, and from far fewer on nobody can read it."""
_MOST_NAMES = 12
"""As many names stand in one node."""
_ARROWS = {
    Outcome.OK: "-->",
    Outcome.WAITING: "-->|must confirm|",
    Outcome.CANNOT_TELL: "-.->|cannot tell|",
    Outcome.FILTERED: "-.->|filtered out|",
    Outcome.BROKEN: "--x|lost|",
}
_SAFE = frozenset(" -_./(),")
"""What may stand in a label as it is, beside letters and digits."""

Arrows = dict[str, list[Outcome]]
"""What is told, with the outcomes of all paths that lead there."""


@dataclass(frozen=True)
class _Paths:
    """Who tells whom when something goes to ALARM; topics by ARN, receivers by name."""

    of_alarms: dict[int, Arrows] = field(default_factory=dict[int, Arrows])
    of_topics: dict[str, Arrows] = field(default_factory=dict[str, Arrows])
    topics: dict[str, str] = field(default_factory=dict[str, str])
    """What they are called."""
    receivers: dict[str, None] = field(default_factory=dict[str, None])


def diagram(explanation: Explanation) -> str | None:
    """Mermaid source; None where there are too many paths to draw.

    Alarms that tell the same share a node, so that a thousand of them are still a picture.
    """
    paths = _paths(explanation)
    alike: dict[tuple[object, ...], list[Explained]] = {}
    for explained in explanation.alarms:
        told = paths.of_alarms.get(id(explained.alarm), {})
        by_itself = explained.alarm.label if explained.alarm.get("AlarmRule") is not None else ""
        tied = explained.part_of, explained.holds_back
        same = *((to, best(o)) for to, o in told.items()), *tied, by_itself
        alike.setdefault(same, []).append(explained)
    groups = list(alike.values())
    composites = {e.alarm.label: f"a{n}" for n, group in enumerate(groups) for e in group}
    nodes = {arn: f"t{number}" for number, arn in enumerate(paths.topics)}
    nodes |= {name: f"r{number}" for number, name in enumerate(paths.receivers)}

    boxes, arrows = list[str](), list[str]()
    for number, group in enumerate(groups):
        boxes.append(f'a{number}["{_names([explained.alarm.label for explained in group])}"]')
        told = paths.of_alarms.get(id(group[0].alarm), {})
        arrows += [f"a{number} {_ARROWS[best(o)]} {nodes[to]}" for to, o in told.items()]
        for what, names in (("part of", group[0].part_of), ("holds back", group[0].holds_back)):
            arrows += [f"a{number} -.->|{what}| {composites[name]}" for name in names]
    boxes += [f'{nodes[arn]}(["{_label(name)}"])' for arn, name in paths.topics.items()]
    for arn, told in paths.of_topics.items():
        arrows += [f"{nodes[arn]} {_ARROWS[best(o)]} {nodes[to]}" for to, o in told.items()]
    boxes += [f'{nodes[name]}("{_label(name)}")' for name in paths.receivers]
    if len(arrows) > MOST_ARROWS:
        return None
    return "\n".join(["flowchart LR", *(f"  {line}" for line in (*boxes, *arrows))])


def _paths(explanation: Explanation) -> _Paths:
    paths, audience = _Paths(), Audience(explanation.account)
    for route in explanation.routes:
        if route.state is not State.ALARM:
            continue
        told = paths.of_alarms.setdefault(id(route.alarm), {})
        published, received = _halves(route)
        ends = [f"{hearer.name} ({hearer.protocol})" for hearer in audience.of(route)]
        if tells_a_function(route):
            function = ends[0] if ends else f"{first_stop(route, explanation.names)} (lambda)"
            paths.receivers[function] = None
            told.setdefault(function, []).append(route.outcome)
            continue
        if not ends and received is Outcome.BROKEN:
            ends = ["nobody"]
        topic = str(route.topic.arn if route.topic else route.action)
        paths.topics[topic] = first_stop(route, explanation.names)
        paths.receivers.update(dict.fromkeys(ends))
        told.setdefault(topic, []).append(published)
        for end in ends:
            paths.of_topics.setdefault(topic, {}).setdefault(end, []).append(received)
    return paths


def _halves(route: Route) -> tuple[Outcome, Outcome]:
    """How a route fares up to its topic, and from there on."""
    head = list(takewhile(lambda step: step.name != "subscription", route.steps))
    tail = route.steps[len(head) :]
    return outcome_of(head), outcome_of(tail)


def _names(labels: list[str]) -> str:
    shown = [_label(label) for label in labels[:_MOST_NAMES]]
    if len(labels) > len(shown):
        shown.append(f"and {len(labels) - len(shown)} more")
    return "<br/>".join(shown)


def _label(text: str) -> str:
    """Text that Mermaid shows as it is: its entity codes for all that could mean something to it.

    The first character too, unless it is a letter: a label that begins with `1.` or `-` is taken
    for a Markdown list.
    """
    return "".join(
        character
        if character.isalpha() or (place and (character.isalnum() or character in _SAFE))
        else f"#{ord(character)};"
        for place, character in enumerate(text)
    )
