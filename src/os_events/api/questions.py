"""/service-orders and /search: which orders there are."""

from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from os_events.api.dependencies import LAST_POSITION, After, Reading, reading
from os_events.api.strict import StrictRoute
from os_events.commands.rights import Question, may
from os_events.followers.positions import least
from os_events.projections import lookup
from os_events.projections.order_board.board import Count, OrderBoard, Page
from os_events.projections.order_board.row import BoardRow
from os_events.projections.order_board.wanted import Named, Sort, Typed, Wanted

W = TypeVar("W", bound=Wanted)

router = APIRouter(tags=["orders"], route_class=StrictRoute)


class BoardQuery(Wanted):
    """Which orders, how many, and as of which position at least.

    Without a status or a category, and unless ``ended``, those that are open.
    """

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[int, Field(ge=0, le=LAST_POSITION)] = 0


@dataclass(frozen=True, slots=True)
class Board:
    """Some orders, and how many there are of each status. ``next`` is the next page's cursor."""

    orders: list[BoardRow]
    next: str | None
    counts: list[Count]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody, by the name that they have now."""

    person_id: UUID
    name: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What fits. ``more`` says that not everything is here: ask with another word."""

    orders: list[BoardRow]
    persons: list[FoundPerson]
    more: bool


@router.get("/service-orders")
def list_orders(
    query: Annotated[BoardQuery, Query()],
    asked: Annotated[Reading, Depends(reading(Question.BOARD))],
) -> Board:
    """List orders: overdue ones first, then those due next."""
    wanted, now = within_units(asked, query), asked.parts.clock()
    board = asked.view(OrderBoard, query.after)
    page = board.page(wanted, now, limit=query.limit)
    return Board(page.orders, page.next, board.counts(wanted, now))


@router.get("/search")
def search(
    asked: Annotated[Reading, Depends(reading(Question.SEARCH))],
    q: Annotated[Typed, Query(min_length=1)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: After = 0,
) -> Found:
    """Find orders by their number, a device's numbers, or the customer's name, phone or document.

    Whole words of a name, in any order; all of a phone, or its last 8 or 9 digits.
    """
    asked.parts.lookup.reach(after)
    board = asked.view(OrderBoard, after)
    asked.reflects(least(board.as_of(), asked.parts.lookup.as_of()))
    named = asked.parts.lookup.search(q)
    wanted = within_units(asked, Wanted(sort=Sort.LATEST))
    words = Named(q, named.orders, named.persons)
    page = board.page(wanted, asked.parts.clock(), words, limit)
    return found(asked, page, named, limit)


def found(asked: Reading, page: Page, named: lookup.Found, limit: int) -> Found:
    """Put together what fits; people, for those who may look them up."""
    persons = named.persons if may(asked.principal, Question.PERSON) else ()
    return Found(
        orders=page.orders,
        persons=called(asked, persons[:limit]),
        more=named.more or page.next is not None or len(persons) > limit,
    )


def called(asked: Reading, ids: tuple[UUID, ...]) -> list[FoundPerson]:
    """Say how people are called."""
    names = asked.parts.names.of(ids)
    return [FoundPerson(person_id, names.get(person_id)) for person_id in ids]


def within_units(asked: Reading, wanted: W) -> W:
    """Keep to the asker's units. Raises ForbiddenError where others are asked for."""
    for unit_id in wanted.unit_id:
        asked.check_unit(unit_id)
    units = asked.principal.units
    if units is None or wanted.unit_id:
        return wanted
    return wanted.model_copy(update={"unit_id": tuple(sorted(units))})
