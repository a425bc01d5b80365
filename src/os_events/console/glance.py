"""What an order is at a glance, now or then, and in what two glances differ."""

from collections.abc import Iterator
from typing import NamedTuple

from os_events.aggregates.facets import BillingFacet, CustodyFacet, QuoteFacet
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import HoldCause, OrderType, Priority, Route
from os_events.aggregates.status import OrderStatus
from os_events.console.formats import Speaker, known
from os_events.projections.order_board.row import BOARD, BoardRow

AMOUNTS = ("quoted_total", "approved_total", "settled_total", "balance")
PROVIDER = "provider"  # the one that no hold waits for
CODES = {
    "type": OrderType,
    "route": Route,
    "priority": Priority,
    "quote": QuoteFacet,
    "custody": CustodyFacet,
    "billing": BillingFacet,
}


class Difference(NamedTuple):
    """Something that one can see at a glance, before and after."""

    name: str
    before: str
    after: str


def glance(history: OrderHistory) -> BoardRow | None:
    """See an order as the board would show it; None while it has not begun."""
    return next(iter(BOARD.rows(history)), None)


def differences(
    speaker: Speaker, before: BoardRow | None, after: BoardRow | None
) -> list[Difference]:
    """Say what is not as it was."""
    was = dict(_told(speaker, before)) if before else {}
    came = dict(_told(speaker, after)) if after else {}
    return [
        Difference(name, was.get(name, ""), words)
        for name, words in came.items()
        if was.get(name) != words
    ]


def _told(speaker: Speaker, row: BoardRow) -> Iterator[tuple[str, str]]:
    yield "status", speaker.label(OrderStatus, row.status)
    yield "promise", speaker.end(row.promised_at) if row.promised_at else ""
    for name in AMOUNTS:
        yield name, speaker.money(getattr(row, name))
    for name, kind in CODES.items():
        yield name, speaker.label(kind, getattr(row, name))


def waits_for(speaker: Speaker, row: BoardRow) -> str:
    """Say for whom or what an order waits; nothing unless it does."""
    if row.waits_for == PROVIDER:
        return speaker.text("glance.provider")
    return speaker.value(known(HoldCause, row.waits_for)) if row.waits_for else ""
