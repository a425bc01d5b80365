"""The rows of all milestones, and their table."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.followers.derivation import Derivation
from os_events.projections.facts.milestones import (
    beginnings,
    ends,
    offers,
    promises,
    things,
    working,
)
from os_events.projections.facts.milestones.reached import Milestone

CHAPTERS = (
    beginnings.opened,
    beginnings.responded,
    beginnings.diagnosed,
    beginnings.faulty,
    offers.quote_sent,
    offers.decided,
    offers.quote_ended,
    promises.promised,
    things.part_available,
    things.part_installed,
    working.worked,
    ends.completed,
    things.checked,
    promises.fulfilled,
    promises.outstanding,
    ends.done,
    ends.turned_around,
    things.settled,
    ends.closed,
    ends.cancelled,
    ends.reopened,
)


class MilestoneRow(NamedTuple):
    """A milestone that counts from ``at`` until before ``until``: none while it does.

    Shape: numbered from 1 within its kind; ``day`` is the civil day of ``at``, or of its anchor, at
    the place of performance; ``traits`` numbers what the order was then. See ``reached.Reached``.
    """

    order_id: UUID
    milestone: str
    number: int
    at: datetime
    until: datetime | None
    day: date
    traits: int
    seconds: int | None
    of_seconds: int | None
    amount: int | None
    of_amount: int | None
    subject: str | None
    detail: str | None
    related: UUID | None
    promised_at: datetime | None


def rows(history: OrderHistory) -> Iterator[MilestoneRow]:
    """Give all that the order reached, milestone by milestone."""
    course = history.course
    if (order := course.order) is None:
        return
    for chapter in CHAPTERS:
        for number, one in enumerate(chapter(history), start=1):
            yield MilestoneRow(
                order_id=order.id,
                milestone=one.milestone,
                number=number,
                at=one.at,
                until=one.until,
                day=course.day(one.anchor or one.at),
                traits=course.traits_at(one.anchor or one.at),
                seconds=one.seconds,
                of_seconds=one.of_seconds,
                amount=one.amount,
                of_amount=one.of_amount,
                subject=one.subject,
                detail=one.detail,
                related=one.related,
                promised_at=one.promised_at,
            )


PARTITIONS = "".join(
    f"CREATE TABLE {{table}}_{one} PARTITION OF {{table}} FOR VALUES IN ('{one}');\n"
    for one in Milestone
)

MILESTONES = Derivation(
    name="order_milestones_1",
    of=OrderHistory,
    row=MilestoneRow,
    rows=rows,
    ddl=f"""CREATE TABLE {{table}} (
        order_id uuid NOT NULL, milestone text NOT NULL, number int NOT NULL,
        at timestamptz NOT NULL, until timestamptz, day date NOT NULL, traits int NOT NULL,
        seconds bigint, of_seconds bigint, amount bigint, of_amount bigint, subject text,
        detail text, related uuid, promised_at timestamptz,
        PRIMARY KEY (order_id, milestone, number), CHECK (until >= at)
    ) PARTITION BY LIST (milestone);
    {PARTITIONS}
    CREATE INDEX ON {{table}}_opened (related) WHERE related IS NOT NULL;
    CREATE INDEX ON {{table}}_faulty (related, subject);
    CREATE INDEX ON {{table}}_fulfilled (at);
    CREATE INDEX ON {{table}}_closed (at)""",
)
