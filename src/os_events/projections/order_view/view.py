"""The table of documents, and what is asked of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from os_events.aggregates.history import OrderHistory
from os_events.errors import NotFoundError
from os_events.followers.derivation import Derivation
from os_events.followers.read_model import ReadModel
from os_events.projections.order_view.document import OrderDocument, document

DOCUMENT: TypeAdapter[OrderDocument | None] = TypeAdapter(OrderDocument | None)


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One order as it is now."""

    order_id: UUID
    version: int
    document: OrderDocument


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the document that is another than before; None where it was, or is, not there.

    Shape: ``path`` is an RFC 6901 pointer.
    """

    path: str
    before: Any
    after: Any


def rows(history: OrderHistory) -> Iterator[ViewRow]:
    """Give the one row of an order."""
    if found := document(history):
        yield ViewRow(found.order_id, found.version, found)


def changes(before: OrderHistory, after: OrderHistory) -> list[Change]:
    """Say which fields differ between an order at two instants, as of or as known at each."""
    then, now = (DOCUMENT.dump_python(document(one), mode="json") for one in (before, after))
    return list(differing("", then, now))


def differing(path: str, before: Any, after: Any) -> Iterator[Change]:
    """Compare two JSON values; what is there on one side only differs as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before | after:
            yield from differing(f"{path}/{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            old = before[place] if place < len(before) else None
            new = after[place] if place < len(after) else None
            yield from differing(f"{path}/{place}", old, new)
    elif before != after:
        yield Change(path, before, after)


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
