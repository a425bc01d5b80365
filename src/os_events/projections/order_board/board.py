"""What the front page asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events.errors import NotFoundError
from os_events.followers.read_model import ReadModel
from os_events.projections.order_board.row import BOARD, BoardRow
from os_events.projections.order_board.wanted import (
    KEYS,
    Named,
    Wanted,
    cursor_after,
    read_cursor,
    where,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some orders; ``next`` is the cursor of those after them, and None at the end."""

    orders: list[BoardRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many orders stand so, and how many of them should be done by now."""

    status: str
    category: str
    orders: int
    overdue: int


class OrderBoard(ReadModel[BoardRow]):
    """Orders by what is asked of them."""

    derivation = BOARD

    def page(
        self, wanted: Wanted, at: datetime, named: Named | None = None, limit: int = 50
    ) -> Page:
        """Return at most ``limit`` orders.

        By due date, what is overdue stands first, then what is due next; then what is urgent, old.
        """
        condition, values = where(wanted, at, named)
        keys = KEYS[wanted.sort]
        if wanted.cursor:
            condition += f" AND {keys.beyond}"
            values += read_cursor(wanted.cursor, wanted.sort)
        clauses = f"WHERE {condition} ORDER BY {keys.order} LIMIT %s"
        found = self.select(clauses, *values, limit + 1)
        shown = found[:limit]
        more = len(found) > limit
        return Page(shown, cursor_after(shown[-1], wanted.sort) if more else None)

    def counts(self, wanted: Wanted, at: datetime, named: Named | None = None) -> list[Count]:
        """Count orders by status, whatever status, category and delay are wanted."""
        anyhow = wanted.model_copy(update={"status": (), "category": (), "overdue": False})
        condition, values = where(anyhow, at, named)
        query = f"""SELECT status, category, count(*), count(*) FILTER (WHERE due_at <= %s)
            FROM {self.table} WHERE {condition} GROUP BY status, category
            ORDER BY category, status"""  # noqa: S608 - only our words
        return [Count(*record) for record in self.records(query, at, *values)]

    def technicians(self, unit_ids: Sequence[UUID], limit: int = 200) -> list[str]:
        """Name those who lead an order of these units that has not ended."""
        query = f"""SELECT DISTINCT technician FROM {self.table}
            WHERE technician IS NOT NULL AND category <> 'CLOSED' AND unit_id = ANY(%s)
            ORDER BY 1 LIMIT %s"""  # noqa: S608 - only our words
        return [technician for (technician,) in self.records(query, list(unit_ids), limit)]

    def of(self, order_id: UUID) -> BoardRow:
        """Return one order. Raises NotFoundError."""
        found = self.select("WHERE order_id = %s", order_id)
        if not found:
            raise NotFoundError(f"no service-order {order_id}")
        return found[0]
