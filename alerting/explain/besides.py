"""What is to be said of a stack beside its alarms, one by one."""

from alerting.explain.explanation import Explanation
from alerting.explain.guests import guests
from alerting.explain.reminders import reminders
from alerting.explain.upkeep import heartbeats, second_path
from alerting.explain.windows import windows


def besides(explanation: Explanation) -> dict[str, list[tuple[str, str]]]:
    """Names of windows and severities with what is said of them, by title; no empty ones."""
    rows = {
        "Told nobody": windows(explanation),
        "Told again": reminders(explanation),
        "Second path": second_path(explanation),
        "Heartbeat": heartbeats(explanation),
        "Told from": [(one.topic, one.what) for one in guests(explanation)],
    }
    return {title: found for title, found in rows.items() if found}
