"""The config of one stack."""

from typing import Annotated

from pydantic import Field

from alerting.settings.models.alarm import Alarm, WatchSet
from alerting.settings.models.model import Model
from alerting.settings.models.receiver import Receiver
from alerting.settings.models.severity import SecondPath, Severity


class Dashboard(Model):
    """A CloudWatch dashboard of the stack's alarms."""

    name: str = "{stack}-alerts"
    """Physical name; `{stack}` stands for the stack's name."""


class Window(Model):
    """When alarms tell nobody: once (`from`, `to`) or again and again (`cron`, `lasts`)."""

    timezone: str | None = None
    """Required: IANA name of the zone whose clocks it follows, such as `Europe/Berlin`."""
    from_: str | None = Field(default=None, alias="from")
    """Once: when it opens, a local time in quotes, without seconds: `"2026-12-01T20:00"`. Bands do
    not learn from it."""
    to: str | None = None
    """Once: when it closes, after a minute to 15 days."""
    cron: str | None = None
    """Again and again: when it opens each time: minute, hour, day of the month, month, day of the
    week, as in `0 2 * * SUN`."""
    lasts: str | None = None
    """Again and again: how long it is open each time, `1m` to `15d`."""
    alarms: list[str] | None = None
    """Which alarms tell nobody in it; the name of a set in `watch` stands for all of its alarms.
    Default: all of the stack."""


class StackConfig(Model):
    """The config of one stack, below the project's prefix."""

    topic_name: str = "{stack}-alerts"
    """Physical name of the default severity's topic; the others are called `TOPIC-SEVERITY`.
    `{stack}` stands for the stack's name."""
    tags: dict[str, str] = {}
    """Tags of everything that takes tags."""
    severities: dict[str, Severity] = {}
    """The severities by name, a topic each. Default: `{notify: {}}`."""
    second_path: SecondPath | None = None
    """`{severity: ...}`: who is told when telling fails (docs/family/second-path.md). Default:
    nobody."""
    receivers: dict[str, Receiver] = {}
    """Who is told, by name."""
    alarms: dict[str, Alarm] = {}
    """The alarms by name."""
    watch: dict[str, WatchSet] = {}
    """Sets of alarms by name; the alarms are called `SET-PRESET`, and `SET-RESOURCE-PRESET` where
    resources are found by tag."""
    windows: dict[str, Window] = {}
    """Deploy and maintenance windows by name, in which alarms tell nobody
    (docs/family/detectors.md)."""
    learn_until: str | None = None
    """A date in quotes, `"2026-12-15"`, until which every alarm on a band tells nobody that has no
    `learnUntil` of its own. Default: none."""
    dashboard: Dashboard | None = None
    """`{}` or `{name: ...}` makes a dashboard of the alarms, called `{stack}-alerts` unless named
    (docs/family/dashboard.md). Default: none."""
    budget: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """USD a month the stack may cost at most, what is paid by use aside; a preview of a dearer one
    fails (docs/family/dashboard.md). Default: none."""
