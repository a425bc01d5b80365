"""Order entries: one row a fact on record, with who told it, how late, and what it overrode."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.followers.derivation import Derivation


class EntryRow(NamedTuple):
    """A fact on record. Unit: ``late_seconds`` from when it happened to when it was recorded.

    Shape: ``day`` is the civil day at the place of performance; ``actor`` is a person's id, or
    ``policy:`` or ``integration:`` and a name; ``overrides`` names rules, parted by a space;
    ``imported`` is said of the order.
    """

    order_id: UUID
    version: int
    at: datetime
    day: date
    traits: int
    topic: str
    actor: str
    role: str
    by_person: bool
    late_seconds: int
    offline: bool
    imported: bool
    overrides: str | None


def rows(history: OrderHistory) -> Iterator[EntryRow]:
    """Give one row a fact."""
    course = history.course
    if (order := course.order) is None:
        return
    imported = history.is_imported
    for at, event in history.events:
        yield EntryRow(
            order_id=order.id,
            version=event.version,
            at=at,
            day=course.day(at),
            traits=course.traits_at(at),
            topic=event.TOPIC,
            actor=event.actor.id,
            role=event.actor.role,
            by_person=":" not in event.actor.id,
            late_seconds=int((event.recorded_at - event.occurred_at).total_seconds()),
            offline=event.device.offline,
            imported=imported,
            overrides=" ".join(event.overrides) or None,
        )


ENTRIES = Derivation(
    name="order_entries_1",
    of=OrderHistory,
    row=EntryRow,
    rows=rows,
    ddl="""CREATE TABLE {table} (
        order_id uuid NOT NULL, version bigint NOT NULL, at timestamptz NOT NULL, day date NOT NULL,
        traits int NOT NULL, topic text NOT NULL, actor text NOT NULL, role text NOT NULL,
        by_person bool NOT NULL, late_seconds bigint NOT NULL, offline bool NOT NULL,
        imported bool NOT NULL, overrides text,
        PRIMARY KEY (order_id, version));
    CREATE INDEX ON {table} (topic) WHERE overrides IS NOT NULL""",
)
