"""Order traits: what each order was from when to when, to group figures by."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.followers.derivation import Derivation


class TraitsRow(NamedTuple):
    """What an order was from ``since`` until before ``until``: none while it is so.

    Shape: numbered from 1, without gap; ``zone`` is that of the place of performance, ``channel``
    how the order came in. See ``aggregates.traits``.
    """

    order_id: UUID
    traits: int
    since: datetime
    until: datetime | None
    order_number: str
    unit_id: UUID
    profile: str
    route: str
    type: str
    basis: str
    priority: str
    department: str | None
    technician: str | None
    fault_code: str | None
    outcome: str | None
    asset_id: UUID | None
    asset_model: str | None
    channel: str
    zone: str
    imported: bool


def rows(history: OrderHistory) -> Iterator[TraitsRow]:
    """Give what the order was, and since when."""
    course = history.course
    if (order := course.order) is None:
        return
    channel = history.events[0][1].channel
    ends = [since for since, _ in course.traits[1:]]
    for number, (since, what) in enumerate(course.traits, start=1):
        yield TraitsRow(
            order_id=order.id,
            traits=number,
            since=since,
            until=ends[number - 1] if number <= len(ends) else None,
            order_number=order.order_number,
            **what._asdict(),
            channel=channel,
            zone=order.place_zone,
            imported=history.is_imported,
        )


TRAITS = Derivation(
    name="order_traits_1",
    of=OrderHistory,
    row=TraitsRow,
    rows=rows,
    ddl="""CREATE TABLE {table} (
        order_id uuid NOT NULL, traits int NOT NULL, since timestamptz NOT NULL, until timestamptz,
        order_number text NOT NULL, unit_id uuid NOT NULL, profile text NOT NULL,
        route text NOT NULL, type text NOT NULL, basis text NOT NULL, priority text NOT NULL,
        department text, technician text, fault_code text, outcome text, asset_id uuid,
        asset_model text, channel text NOT NULL, zone text NOT NULL, imported bool NOT NULL,
        PRIMARY KEY (order_id, traits))""",
)
