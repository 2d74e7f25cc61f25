"""Topics, and what watches over them."""

from typing import Annotated

from pydantic import Field

from alerting.settings.models.model import Keys, Model


class Heartbeat(Model):
    """An alarm of its own that is set off at regular times, to see that its path works."""

    every: str = "1d"
    """From one beat to the next: whole minutes, `1m` to `6d23h`."""


class Remind(Model):
    """Telling again of an alarm that is still on."""

    after: str = "1h"
    """In ALARM for how long before each reminder: `1m` to `365d`."""
    at_most: Annotated[int, Field(ge=1)] = 3
    """How many reminders an ALARM gets, up to 100."""


class Severity(Model):
    """A topic of its own, because an alarm message carries nothing to filter a severity by."""

    encryption: str | None = None
    """`own` (a key made here, the default), `none`, or the ARN of a customer-managed key."""
    topic_arn: str | None = None
    """An existing topic instead of one made here."""
    publishers: list[str] | None = None
    """Further publishers: services and IAM ARNs."""
    accounts: list[str] | None = None
    """Other accounts whose alarms in this Region may tell this topic (docs/family/accounts.md)."""
    heartbeat: Heartbeat | None = None
    """Tries the topic at regular times, and the second path is told when nothing is delivered any
    more (docs/family/second-path.md). Default: never; `{}`: once a day."""
    remind: Remind | None = None
    """`{after: 1h, atMost: 3}` (or `{}` for these): tells again of alarms that stay in ALARM
    (docs/family/reminders.md). Default: never."""
    default: bool = False
    """Whether alarms that name no severity tell this one."""
    formerly: Keys | None = None
    """The name it had before, or a list: without it, a renamed severity whose topic keeps its name
    is lost (docs/recovery.md)."""


class SecondPath(Model):
    """Who is told when telling fails: the severity whose topic hears of the others."""

    severity: str
    """Which severity is told of undelivered messages, of messages a filter could not read, of
    dead letters and of heartbeats that stop."""
    own_failures: str | None = None
    """Which severity is told of the same of that topic. Default: the default severity."""
