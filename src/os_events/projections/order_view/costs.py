"""Quoted, approved, charged: what became of each price of an order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from os_events.aggregates.service_order.charges import CostLine
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.settling import FinalCostsSettled
from os_events.aggregates.service_order.values import QuoteLine
from os_events.projections.order_view.record import Facts


@dataclass(frozen=True, slots=True)
class Cost:
    """One price on its way: as quoted last, as approved, as charged. Unit: centavos.

    Shape: None where it is not in the quote or the settlement; ``difference`` is what is charged
    beyond what was approved.
    """

    quote_line_id: str | None
    line_id: str | None
    kind: str
    description: str
    quoted: int | None
    approved: int | None
    charged: int | None
    difference: int | None


@dataclass(frozen=True, slots=True)
class Costs:
    """What was quoted last, what of it was approved, and what is charged. Unit: centavos."""

    lines: tuple[Cost, ...]
    quoted: int | None
    approved: int | None
    charged: int | None
    due: int
    paid: int
    refunded: int
    balance: int


def costs(order: ServiceOrder, facts: Facts) -> Costs:
    """Put the latest quote, the one in force and the last settlement side by side."""
    latest, approved = order.quotes.get(order.latest_version), order.approved
    settled = [event for _, event in facts.of(FinalCostsSettled)][-1:]
    charged = settled[0].lines if settled else ()
    quoted_lines = latest.prices if latest else {}
    approved_lines = approved.prices if approved else {}
    quoted = priced(quoted_lines, approved_lines, charged, is_settled=bool(settled))
    return Costs(
        lines=(*quoted, *(extra(line) for line in charged if line.quote_line_id is None)),
        quoted=latest.total if latest else None,
        approved=approved.total if approved else None,
        charged=order.settlement.total if order.settlement else None,
        due=order.due,
        paid=order.paid,
        refunded=order.refunded,
        balance=order.balance,
    )


def priced(
    quoted: Mapping[str, QuoteLine],
    approved: Mapping[str, QuoteLine],
    charged: tuple[CostLine, ...],
    *,
    is_settled: bool,
) -> Iterator[Cost]:
    """Follow each line of a quote; one that a settlement leaves out costs nothing."""
    amounts: dict[str | None, int] = {}
    for cost in charged:
        amounts[cost.quote_line_id] = amounts.get(cost.quote_line_id, 0) + cost.amount
    for name, line in (dict(approved) | dict(quoted)).items():
        allowed = approved[name].total if name in approved else None
        paid_for = amounts.get(name, 0) if is_settled else None
        yield Cost(
            quote_line_id=name,
            line_id=line.line_id,
            kind=line.kind,
            description=line.description,
            quoted=quoted[name].total if name in quoted else None,
            approved=allowed,
            charged=paid_for,
            difference=None if paid_for is None else paid_for - (allowed or 0),
        )


def extra(line: CostLine) -> Cost:
    """Show what is charged without a line in the quote."""
    return Cost(
        quote_line_id=None,
        line_id=None,
        kind=line.kind,
        description=line.description,
        quoted=None,
        approved=None,
        charged=line.amount,
        difference=line.amount,
    )
