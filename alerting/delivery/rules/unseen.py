"""What cannot be told from here."""

from collections.abc import Iterator

from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.troubles import CANNOT_TELL, troubles


@rule(
    CANNOT_TELL,
    Level.NOTE,
    why="A value that is only known after deploying, a policy with an operator that is not known "
    "here, a thing that is given by its ARN and belongs to somebody else.",
    consequence="Whether notifications get past it is open.",
    fix="Deploy, then run verify, which reads the account.",
    source="",
)
def cannot_tell(paths: Paths) -> Iterator[Found]:
    """A thing on the way of notifications that cannot be judged; one note for each."""
    for trouble in troubles(paths).get(CANNOT_TELL, ()):
        whose = "" if trouble.label in trouble.who else f", for {listed(trouble.who)}"
        yield Found(trouble.about, f"{trouble.label}{whose}: {trouble.why}.", label=trouble.label)


RULES = (cannot_tell,)
