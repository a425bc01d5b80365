"""One line of the board."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events.aggregates.facets import billing_facet, custody_facet, quote_facet
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import Priority
from os_events.aggregates.status import BACKLOG
from os_events.followers.derivation import Derivation

URGENCY = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One order. Unit of ``…_total`` and ``balance``: centavos.

    Shape: ``due_at`` is the promise in force while the order is in the backlog; ``urgency`` is the
    place of the priority, the most urgent is 0. ``version`` is that of the order, for ``If-Match``.
    """

    order_id: UUID
    version: int
    order_number: str
    customer_id: UUID
    unit_id: UUID
    technician: str | None
    profile: str
    route: str
    type: str
    basis: str
    priority: str
    urgency: int
    asset: str | None
    services: str
    status: str
    category: str
    waits_for: str | None
    status_since: datetime
    opened_at: datetime
    promised_at: datetime | None
    due_at: datetime | None
    quote: str
    custody: str
    billing: str
    quoted_total: int | None
    approved_total: int | None
    settled_total: int | None
    balance: int
    outcome: str | None
    reopenings: int
    imported: bool

    def is_overdue(self, instant: datetime) -> bool:
        """Say whether it should be done by now."""
        return self.due_at is not None and self.due_at <= instant


def rows(history: OrderHistory) -> Iterator[BoardRow]:
    """Give the one row of an order."""
    course = history.course
    if (order := course.order) is None:
        return
    since, now = course.standings[-1]
    latest, approved = order.quotes.get(order.latest_version), order.approved
    yield BoardRow(
        order_id=order.id,
        version=history.version,
        order_number=order.order_number,
        customer_id=order.customer_id,
        unit_id=order.unit_id,
        technician=order.lead_technician,
        profile=order.profile,
        route=order.route,
        type=order.type,
        basis=order.basis,
        priority=order.priority,
        urgency=URGENCY.index(order.priority),
        asset=str(order.asset) if order.asset else None,
        services=", ".join(map(str, order.lines)),
        status=now.status,
        category=now.status.category,
        waits_for=now.waits_for,
        status_since=since,
        opened_at=history.events[0][0],
        promised_at=order.promised_at,
        due_at=order.promised_at if now.status.category in BACKLOG else None,
        quote=quote_facet(order),
        custody=custody_facet(order),
        billing=billing_facet(order),
        quoted_total=latest.total if latest else None,
        approved_total=approved.total if approved else None,
        settled_total=order.settlement.total if order.settlement else None,
        balance=order.balance,
        outcome=order.ended,
        reopenings=order.reopening_no,
        imported=history.is_imported,
    )


BOARD = Derivation(
    name="order_board_1",
    of=OrderHistory,
    row=BoardRow,
    rows=rows,
    ddl="""CREATE TABLE {table} (
        order_id uuid PRIMARY KEY, version bigint NOT NULL, order_number text NOT NULL,
        customer_id uuid NOT NULL, unit_id uuid NOT NULL, technician text, profile text NOT NULL,
        route text NOT NULL, type text NOT NULL, basis text NOT NULL, priority text NOT NULL,
        urgency int NOT NULL, asset text, services text NOT NULL, status text NOT NULL,
        category text NOT NULL, waits_for text, status_since timestamptz NOT NULL,
        opened_at timestamptz NOT NULL, promised_at timestamptz, due_at timestamptz,
        quote text NOT NULL, custody text NOT NULL, billing text NOT NULL, quoted_total bigint,
        approved_total bigint, settled_total bigint, balance bigint NOT NULL, outcome text,
        reopenings int NOT NULL, imported bool NOT NULL);
    CREATE INDEX ON {table}
        (coalesce(due_at, 'infinity'::timestamptz), urgency, opened_at, order_id)
        WHERE category <> 'CLOSED';
    CREATE INDEX ON {table} (status, category, due_at) WHERE category <> 'CLOSED';
    CREATE INDEX ON {table} (status_since DESC, order_id DESC);
    CREATE INDEX ON {table} (customer_id);
    CREATE INDEX ON {table} (order_number text_pattern_ops)""",
)
