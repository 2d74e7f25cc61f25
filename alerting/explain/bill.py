"""What a stack costs a month, by kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from alerting.cloudwatch.prices import AS_OF, PER_THOUSAND, REGION, Charge
from alerting.sns.limits import Protocol

CAVEAT = (
    f"Prices of {REGION} as gathered on {AS_OF:%Y-%m-%d}, second-hand: to be confirmed. Free tiers "
    "are left out."
)
"""To be shown beside every price."""


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
    """USD a month, of everything whose price is known."""
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))


def money(amount: Decimal | None, *, certain: bool = True) -> str:
    """`0.30`, `from 0.10`, `not known`."""
    if amount is None:
        return "not known"
    return f"{'' if certain else 'from '}{amount:.2f}"


def on_top(protocols: Iterable[Protocol]) -> str:
    """What notifications cost beside the fixed costs, a sentence."""
    prices: dict[Decimal, list[Protocol]] = {}
    for protocol in protocols:
        prices.setdefault(PER_THOUSAND[protocol], []).append(protocol)
    parts = [
        f"{'/'.join(group)} {f'{price:f}' if price else 'nothing'}"
        + (" and the carriers' fees" if Protocol.SMS in group else "")
        for price, group in sorted(prices.items(), reverse=True)
    ]
    return f"A thousand notifications cost on top: {', '.join(parts)}." if parts else ""
