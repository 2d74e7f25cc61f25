"""Which alarms are told again while they last, a line a severity."""

from alerting.delivery.paths import Paths
from alerting.delivery.reminders import Trial, trials
from alerting.explain.explanation import Explanation
from alerting.explain.topics import topic_name
from alerting.spans import span


def reminders(explanation: Explanation) -> list[tuple[str, str]]:
    """The topic that is told again, and when: `after 1h, at most 3 times, of 4 alarms`."""
    groups: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials(Paths(explanation.account)):
        if trial.published:
            groups.setdefault((trial.published[0].topic, _times(trial)), []).append(trial)
    return [
        (topic_name(topic, explanation.names), f"{times}, of {_alarms(group)}")
        for (topic, times), group in sorted(groups.items(), key=lambda one: one[0])
    ]


def _times(trial: Trial) -> str:
    """As the machine does it: the times of what it would publish."""
    times = [int(said.time) for said in trial.published]
    steps = {after - before for before, after in zip([0, *times], times, strict=False)}
    when = f"after {span(times[0])}" if len(steps) == 1 else f"after {', '.join(map(span, times))}"
    return f"{when}, {'once' if len(times) == 1 else f'at most {len(times)} times'}"


def _alarms(group: list[Trial]) -> str:
    count = len({id(alarm) for trial in group for alarm in trial.alarms})
    return f"{count} alarm{'' if count == 1 else 's'}"
