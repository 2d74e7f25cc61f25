"""Whether the state and the account say the same, and what must hold while they do not."""

from dataclasses import dataclass, field
from typing import Any

from tests.engine.account import Account
from tests.engine.inventory import Thing, in_account, in_state
from tests.engine.project import Project


def assert_sound(
    project: Project, account: Account, stack: str, *, theirs: tuple[Thing, ...] = ()
) -> None:
    """State, account and program agree.

    Nothing is orphaned, doubled, missing, half done or locked, and neither a refresh nor the
    program would change anything. `theirs` is what the account holds besides.
    """
    others = {*theirs, *account.stand_ins()}
    there = [thing for thing in in_account(account.cloud) if thing not in others]
    known = in_state(project.resources(stack))
    orphaned, missing = sorted({*there} - {*known}), sorted({*known} - {*there})
    assert (orphaned, missing) == ([], []), f"orphaned: {orphaned}; missing: {missing}"
    assert len(there) == len(known), f"the state has something twice: {known}"
    state = project.state(stack)
    assert not state.get("pending_operations")
    assert not [r["urn"] for r in state["resources"] if r.get("delete")]
    assert not list(project.backend.glob(".pulumi/locks/**/*.json"))
    project.run("preview", "--stack", stack, "--refresh", "--expect-no-changes", "--diff")


@dataclass
class Watch:
    """Looks at the account after every change: alarms that existed keep telling whom they told."""

    account: Account
    lost: list[str] = field(default_factory=list[str])
    _told: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def begin(self, *, besides: frozenset[str] = frozenset()) -> None:
        """From here on, all alarms there are (`besides` those that are to change) are watched."""
        self._told = {
            name: alarm["AlarmActions"]
            for name, alarm in self._alarms().items()
            if name not in besides
        }
        self.account.onlooker = self.look

    def look(self) -> None:
        """Note what is lost."""
        alarms = self._alarms()
        pages = self.account.cloud.client("sns").get_paginator("list_topics").paginate()
        topics = {topic["TopicArn"] for page in pages for topic in page["Topics"]}
        for name, actions in self._told.items():
            if name not in alarms:
                self.lost.append(f"{name} is gone")
            elif alarms[name]["AlarmActions"] != actions:
                self.lost.append(f"{name} tells {alarms[name]['AlarmActions']}, not {actions}")
            elif not set(actions) <= topics:
                self.lost.append(f"{name} tells a topic that is gone: {actions}")

    def end(self) -> None:
        """Nothing was lost."""
        self.account.onlooker = lambda: None
        assert not self.lost, self.lost

    def _alarms(self) -> dict[str, dict[str, Any]]:
        describe = self.account.cloud.client("cloudwatch").get_paginator("describe_alarms")
        return {
            alarm["AlarmName"]: alarm
            for page in describe.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
            for alarm in (*page["MetricAlarms"], *page["CompositeAlarms"])
        }
