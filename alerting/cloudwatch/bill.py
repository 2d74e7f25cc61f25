"""Charges by kind, and their sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from alerting.cloudwatch.prices import Charge


@dataclass(frozen=True, slots=True)
class Line:
    """All things of one kind."""

    kind: str
    count: int
    quantity: int
    """How many times the price: the metrics of all these alarms."""
    price: Decimal | None
    """USD a month for each; None where it is not known."""
    certain: bool
    """False where only AWS knows the quantity, which is then the least it can be."""

    @property
    def amount(self) -> Decimal | None:
        """USD a month."""
        return None if self.price is None else self.price * self.quantity

    @property
    def by_use(self) -> bool:
        """Whether there is nothing to pay a month, however many there are."""
        return self.price == 0

    @property
    def things(self) -> str:
        """`3 band alarms`."""
        return f"{self.count} {self.kind}{'' if self.count == 1 else 's'}"


def bill(charges: Iterable[Charge]) -> tuple[Line, ...]:
    """The charges by kind, in the order in which the kinds appear."""
    kinds: dict[str, list[Charge]] = {}
    for charge in charges:
        kinds.setdefault(charge.kind, []).append(charge)
    return tuple(
        Line(
            kind,
            len(group),
            sum(charge.quantity for charge in group),
            group[0].price,
            all(charge.certain for charge in group),
        )
        for kind, group in kinds.items()
    )


def total(lines: Iterable[Line]) -> Decimal:
    """USD a month, of everything whose price is known; at least, where a quantity is not."""
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))


def is_certain(lines: Iterable[Line]) -> bool:
    """Whether the sum is all there is to pay, rather than the least."""
    return all(line.certain for line in lines)


def money(amount: Decimal | None, *, certain: bool = True) -> str:
    """`0.30`, `from 0.10`, `not known`."""
    if amount is None:
        return "not known"
    return f"{'' if certain else 'from '}{amount:.2f}"
