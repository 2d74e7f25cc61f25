"""Who is told."""

from typing import Annotated, Any

from pydantic import Field

from alerting.components.receiver_args import QueuePolicy
from alerting.settings.models.model import Keys, Model, SecretRef
from alerting.sns.limits import Protocol


class Receiver(Model):
    """One destination."""

    protocol: Annotated[Protocol, Field(strict=False)]
    """How it is reached."""
    endpoint: str | SecretRef
    """Mail address, phone number (E.164, quoted), URL or ARN; or `{secret: KEY}`."""
    severities: list[str] | None = None
    """Which severities it hears. Default: all."""
    formerly: Keys | None = None
    """The key it had before, or a list: without it, a renamed receiver that keeps its endpoint is
    lost (docs/recovery.md)."""
    raw: bool | None = None
    """Without the SNS envelope: sqs, http, https, firehose."""
    filter: dict[str, Any] | None = None
    """SNS filter policy on the alarm message; not for email and sms."""
    heartbeat: bool | None = None
    """Whether it hears the heartbeats of its severities. Default: false; email and sms always do.
    """
    dead_letter: bool | str | None = None
    """A queue for what cannot be delivered: true, false or an ARN. Default: true where SNS can."""
    queue_policy: Annotated[QueuePolicy, Field(strict=False)] | None = None
    """sqs: `theirs` (default: the queue's owner adds a statement, which is printed) or `own` (we
    set the queue's policy, replacing theirs)."""
    role: str | None = None
    """firehose: ARN of the role SNS writes with. Default: one made here."""
    auto_confirms: bool | None = None
    """http, https: the endpoint confirms by itself."""
    delivery: dict[str, Any] | None = None
    """http, https: SNS's `healthyRetryPolicy`."""
    throttle: Annotated[int, Field(ge=1)] | None = None
    """http, https: messages a second at most."""
