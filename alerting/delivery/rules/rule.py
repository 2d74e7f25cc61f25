"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from alerting.account import Item, Ref
from alerting.delivery.labels import label_of
from alerting.delivery.paths import Paths


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """A notification is lost, or AWS refuses the deployment."""
    WARNING = "warning"
    """Nothing is lost yet."""
    NOTE = "note"
    """Worth knowing; also what cannot be told from here."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule has to say about one resource."""

    rule: str
    """Id of the rule; stable, documented in docs/rules.md."""
    level: Level
    resource: Item | None
    """What it is about; None where that is not in the picture, or is several things."""
    label: str
    """How people call what it is about."""
    what: str
    """What is wrong, a sentence."""
    consequence: str
    """What AWS will do because of it, with the symptom an operator would see."""
    fix: str
    """What to change."""

    @property
    def urn(self) -> str | None:
        """The Pulumi resource to change, where there is one."""
        return self.resource.urn if self.resource else None

    def as_data(self) -> dict[str, str | None]:
        """The finding as a `--json` file holds it."""
        return {
            "level": self.level,
            "rule": self.rule,
            "about": self.label,
            "urn": self.urn,
            "what": self.what,
            "consequence": self.consequence,
            "fix": self.fix,
        }

    def __str__(self) -> str:
        said = (f"{self.level} {self.rule}: {self.what}", self.consequence, self.fix)
        return " ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class Found:
    """What the function of a rule gives; the rest of a finding is the rule's own."""

    about: Item | Ref | None
    what: str
    consequence: str = ""
    """Default: the rule's."""
    fix: str = ""
    """Default: the rule's."""
    label: str = ""
    """Default: that of `about`."""


Check = Callable[[Paths], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, with what its page in the documentation says."""

    id: str
    level: Level
    finds: str
    """What it finds, a sentence: the docstring of its function."""
    why: str
    """How it comes about, or why it matters."""
    consequence: str
    """What AWS does, with the symptom an operator sees."""
    fix: str
    source: str
    """Where AWS says so."""
    check: Check

    def findings(self, paths: Paths) -> Iterator[Finding]:
        """What the rule finds."""
        for found in self.check(paths):
            about = found.about
            yield Finding(
                self.id,
                self.level,
                about if isinstance(about, Item) else None,
                found.label or ("" if about is None else label_of(paths.account, about)),
                found.what,
                found.consequence or self.consequence,
                found.fix or self.fix,
            )


def rule(
    id: str, level: Level, *, why: str, consequence: str, fix: str, source: str
) -> Callable[[Check], Rule]:
    """Makes a rule of a function that yields what it finds; its docstring says what that is."""

    def make(check: Check) -> Rule:
        finds = " ".join((check.__doc__ or "").split())
        return Rule(id, level, finds, why, consequence, fix, source, check)

    return make


def listed(names: Iterable[str], most: int = 3) -> str:
    """`a`, `a and b`, `a, b, c and 4 more`."""
    shown = list(dict.fromkeys(names))
    if len(shown) > most + 1:
        return f"{', '.join(shown[:most])} and {len(shown) - most} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
