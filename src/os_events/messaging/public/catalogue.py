"""Which events are public, by which type and schema."""

from typing import NamedTuple

from os_events.aggregates.base import DomainEvent
from os_events.messaging.public import (
    custody,
    ending,
    money,
    opening,
    organising,
    parts,
    quoting,
    working,
)
from os_events.messaging.public.shape import Shape

CHAPTERS = (opening, organising, custody, quoting, parts, working, money, ending)


class Public(NamedTuple):
    """A public event: its shape, and the names by which others know it."""

    shape: type[Shape]
    type: str
    schema: str


def named(event: type[DomainEvent], shape: type[Shape]) -> Public:
    """Name a shape after the fact."""
    fact = event.TOPIC.partition(".")[2]
    name = f"os.order.{fact}.v{shape.MAJOR}"
    return Public(shape, name, f"urn:os-events:schema:{name}:v{shape.REVISION}")


PUBLIC: dict[type[DomainEvent], Public] = {
    event: named(event, shape) for chapter in CHAPTERS for event, shape in chapter.SHAPES.items()
}
