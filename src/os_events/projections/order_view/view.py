"""The table of documents, and what is asked of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.errors import NotFoundError
from os_events.followers.derivation import Derivation
from os_events.followers.read_model import ReadModel
from os_events.projections.order_view.document import OrderDocument, document


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One order as it is now."""

    order_id: UUID
    version: int
    document: OrderDocument


def rows(history: OrderHistory) -> Iterator[ViewRow]:
    """Give the one row of an order."""
    if found := document(history):
        yield ViewRow(found.order_id, found.version, found)


class OrderView(ReadModel[ViewRow]):
    """What the page of an order asks."""

    derivation = Derivation(
        name="order_view_1",
        of=OrderHistory,
        row=ViewRow,
        rows=rows,
        # Not jsonb, not compressed: either takes as long as everything else together.
        ddl="""CREATE TABLE {table} (
            order_id uuid PRIMARY KEY, version bigint NOT NULL, document json NOT NULL);
        ALTER TABLE {table} ALTER document SET STORAGE EXTERNAL""",
    )

    def of(self, order_id: UUID) -> OrderDocument:
        """Return one order. Raises NotFoundError."""
        found = self.select("WHERE order_id = %s", order_id)
        if not found:
            raise NotFoundError(f"no service-order {order_id}")
        return found[0].document
