"""The board: which orders there are, where they stand, and what is late."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Annotated, Any, NamedTuple, Self, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, model_validator

from os_events.aggregates.service_order.codes import OrderType, Priority
from os_events.aggregates.status import Category, OrderStatus
from os_events.commands.rights import Question, check_right
from os_events.console.formats import Speaker
from os_events.console.glance import waits_for
from os_events.console.health import health_of
from os_events.console.naming import ids_in
from os_events.console.reader import Reader, SignedIn, show
from os_events.projections.order_board.board import Count
from os_events.projections.order_board.row import BoardRow
from os_events.projections.order_board.wanted import Named, Sort, Typed, Wanted, read_cursor
from os_events.values.company import Unit
from os_events.values.scalars import Code

T = TypeVar("T")
router = APIRouter()
FORM = ("unit_id", "technician", "type", "priority", "overdue")  # what the filters' form holds


class Asked(BaseModel):
    """What the address of the board says: each filter once, an empty one not at all."""

    category: Category | None = None
    status: OrderStatus | None = None
    unit_id: UUID | None = None
    technician: Annotated[Typed, Field(max_length=100)] | None = None
    type: OrderType | None = None
    priority: Priority | None = None
    overdue: bool = False
    search: Annotated[Typed, Field(max_length=100)] = ""
    cursor: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="after")
    def _the_cursor_is_of_this_list(self) -> Self:
        if self.cursor:
            read_cursor(self.cursor, Sort.DUE)
        return self

    @property
    def filtered(self) -> bool:
        """Say whether the filters' form is used."""
        return any(getattr(self, name) for name in FORM)

    def link(self, **changes: Any) -> str:
        """Write the address of the same question with some filters changed, from the first page."""
        kept = self.model_copy(update={"cursor": None} | changes).model_dump(exclude_defaults=True)
        return f"/?{urlencode(kept)}" if kept else "/"


class Tile(NamedTuple):
    """A number with its name, which leads to the orders that it counts."""

    words: str
    number: int
    href: str
    chosen: bool
    category: str = ""
    late: bool = False


class Choice(NamedTuple):
    """A filter with what may be chosen."""

    name: str
    options: list[tuple[str, str]]
    chosen: str


@router.get("/")
def show_board(reader: SignedIn, asked: Annotated[Asked, Query()]) -> Response:
    """Show the orders that fit, the overdue ones first."""
    check_right(reader.signed_in.principal, Question.BOARD, asked.unit_id)
    parts, now = reader.parts, reader.parts.clock()
    health = health_of(parts, searching=bool(asked.search.strip()))
    wanted, named = wanted_by(reader, asked), named_by(reader, asked.search)
    found = parts.board.page(wanted, now, named)
    counts = parts.board.counts(wanted.model_copy(update={"ended": True}), now, named)
    units = reader.units
    technicians = parts.board.technicians([unit.id for unit in units])
    speaker = reader.speaker(now, parts.company.units[0].zone, people_on(found.orders, technicians))
    return show(
        reader,
        "board.html",
        speaker,
        search=asked.search,
        asked=asked,
        health=health,
        rows=found.orders,
        waits_for=lambda row: waits_for(speaker, row),
        units={unit.id: unit for unit in units},
        tiles=list(tiles(speaker, asked, counts)),
        statuses=list(statuses(speaker, asked, counts)),
        choices=list(choices(speaker, asked, units, technicians)),
        next=asked.link(cursor=found.next) if found.next else None,
    )


def wanted_by(reader: Reader, asked: Asked) -> Wanted:
    """Say which orders are asked for, among those that the reader may see."""
    units = reader.signed_in.principal.units
    mine = tuple(units) if units is not None else ()
    return Wanted(
        status=one(asked.status),
        category=one(asked.category),
        unit_id=one(asked.unit_id) or mine,
        technician=asked.technician,
        type=one(asked.type),
        priority=one(asked.priority),
        overdue=asked.overdue,
        cursor=asked.cursor,
    )


def named_by(reader: Reader, text: str) -> Named | None:
    """Find whom or what a search names. Raises ForbiddenError."""
    if not text.strip():
        return None
    check_right(reader.signed_in.principal, Question.SEARCH)
    found = reader.parts.lookup.search(text)
    return Named(text, found.orders, found.persons)


def one(value: T | None) -> tuple[T, ...]:
    """Give what was chosen, if anything was."""
    return () if value is None else (value,)


def people_on(rows: Iterable[BoardRow], technicians: Iterable[str]) -> set[UUID]:
    """Name everybody whom the page calls by name."""
    rows = list(rows)
    leading = [row.technician for row in rows if row.technician]
    return {row.customer_id for row in rows} | ids_in([*leading, *technicians])


def tiles(speaker: Speaker, asked: Asked, counts: list[Count]) -> Iterator[Tile]:
    """Count what is open, what is late, and each category."""
    total = sum(one.orders for one in counts if one.category != Category.CLOSED)
    anyhow = {"status": None, "category": None, "overdue": False}
    is_all = not (asked.status or asked.category or asked.overdue)
    yield Tile(speaker.text("board.open"), total, asked.link(**anyhow), is_all)
    late = sum(one.overdue for one in counts)
    href = asked.link(**anyhow | {"overdue": True})
    yield Tile(speaker.text("board.overdue"), late, href, asked.overdue, late=late > 0)
    for category in Category:
        number = sum(one.orders for one in counts if one.category == category)
        href = asked.link(**anyhow | {"category": category})
        chosen = asked.category is category
        yield Tile(speaker.label(Category, category), number, href, chosen, category)


def statuses(speaker: Speaker, asked: Asked, counts: list[Count]) -> Iterator[Tile]:
    """Count each status of what is open, or of the category that was chosen."""
    numbers = {one.status: one.orders for one in counts}
    for status in OrderStatus:
        shown = asked.category is status.category if asked.category else is_open(status)
        if (shown and status in numbers) or asked.status is status:
            chosen = asked.status is status
            href = asked.link(status=None if chosen else status, overdue=False)
            words, number = speaker.label(OrderStatus, status), numbers.get(status, 0)
            yield Tile(words, number, href, chosen, status.category)


def is_open(status: OrderStatus) -> bool:
    """Say whether an order that stands so has not ended."""
    return status.category is not Category.CLOSED


def choices(
    speaker: Speaker, asked: Asked, units: Iterable[Unit], technicians: Iterable[str]
) -> Iterator[Choice]:
    """Say what may be chosen in the filters' form."""
    places = [(str(unit.id), unit.name) for unit in units]
    yield Choice("unit_id", places, str(asked.unit_id or ""))
    people = sorted(((who, speaker.person(who)) for who in technicians), key=itemgetter(1))
    yield Choice("technician", people, asked.technician or "")
    yield Choice("type", in_words(speaker, OrderType), asked.type or "")
    yield Choice("priority", in_words(speaker, Priority), asked.priority or "")


def in_words(speaker: Speaker, kind: type[Code]) -> list[tuple[str, str]]:
    """Give each code with its words."""
    return [(code.value, speaker.label(kind, code)) for code in kind]
