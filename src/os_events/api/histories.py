"""/service-orders/…: what one order is, was, and went through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.api.dependencies import LAST_POSITION, After, Reading, reading, there
from os_events.api.strict import StrictRoute
from os_events.commands.rights import Question
from os_events.projections.facts.intervals import IntervalRow, OrderIntervals
from os_events.projections.names import people_in
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.row import BoardRow, rows
from os_events.projections.order_history import FactRow, Teller
from os_events.projections.order_view.document import OrderDocument, document
from os_events.values.scalars import PlausibleInstant, Value
from os_events.values.words import Language, Listener

router = APIRouter(prefix="/service-orders/{order_id}", tags=["orders"], route_class=StrictRoute)

AskOrder = Annotated[Reading, Depends(reading(Question.ORDER))]
AskIntervals = Annotated[Reading, Depends(reading(Question.INTERVALS))]
AskHistory = Annotated[Reading, Depends(reading(Question.HISTORY))]
AskFile = Annotated[Reading, Depends(reading(Question.HISTORY_FILE))]


@dataclass(frozen=True, slots=True)
class Order:
    """All that an order is, and how the people are called whom it names."""

    order: OrderDocument
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Past:
    """An order as it was: on the board, and in words. ``order`` is None before it was known."""

    order: BoardRow | None
    facts: list[FactRow]


class PastQuery(Value):
    """Which past: as it was at an instant, as it was known at another; now, without one."""

    as_of: PlausibleInstant | None = None
    known_at: PlausibleInstant | None = None
    language: Language = "pt"
    after: Annotated[int, Field(ge=0, le=LAST_POSITION)] = 0


@router.get("")
def show_order(
    asked: AskOrder,
    order_id: UUID,
    personal: Literal["shown", "left-out"] = "shown",
    after: After = 0,
) -> Order:
    """Show an order. Who needs no names and no personal values leaves them out."""
    shown = opened(asked, order_id, after) if personal == "shown" else bare(asked, order_id, after)
    asked.check_unit(shown.order.request.unit_id)
    asked.response.headers["ETag"] = f'"{shown.order.version}"'
    return shown


@router.get("/intervals")
def list_intervals(asked: AskIntervals, order_id: UUID, after: After = 0) -> list[IntervalRow]:
    """List where an order stood, from when to when, and what held it up."""
    asked.check_unit(asked.view(OrderBoard, after).of(order_id).unit_id)
    return asked.view(OrderIntervals, after).of(order_id)


@router.get("/history")
def show_history(asked: AskHistory, order_id: UUID, query: Annotated[PastQuery, Query()]) -> Past:
    """Tell what happened up to ``as_of``, as far as it was known at ``known_at``."""
    history = read(asked, order_id, query.after)
    past = history.until(as_of=query.as_of, known_at=query.known_at)
    return Past(next(rows(past), None), told(asked, history, past, query.language))


@router.get("/history-file", response_class=Response)
def hand_out_history_file(asked: AskFile, order_id: UUID) -> Response:
    """Give the history in a file that can be verified without us; personal values stay here."""
    asked.check_unit(asked.parts.log.load(ServiceOrder, order_id).unit_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{order_id}.json"',
        "As-Of-Position": str(asked.at_head()),
    }
    return Response(asked.parts.history_file(order_id), 200, headers, "application/json")


def read(asked: Reading, order_id: UUID, after: int, *, opened: bool = True) -> OrderHistory:
    """Read a history from the log, as a rule with personal values. Raises ForbiddenError too."""
    asked.at_head(after)
    history = asked.parts.histories.of(OrderHistory, order_id, opened=opened)
    asked.check_unit(there(history.course.order).unit_id)
    return history


def opened(asked: Reading, order_id: UUID, after: int) -> Order:
    """Show an order straight from the log, with everything that may be known."""
    history = read(asked, order_id, after)
    shown = there(document(history, personal=True))
    return Order(shown, asked.parts.names.of(people_in(shown)))


def bare(asked: Reading, order_id: UUID, after: int) -> Order:
    """Show an order without personal values; nobody has a name."""
    return Order(there(document(read(asked, order_id, after, opened=False))), {})


def told(
    asked: Reading, history: OrderHistory, past: OrderHistory, language: Language
) -> list[FactRow]:
    """Tell a past in words, by the clock of the place."""
    names = asked.parts.names.of(people_in(*(event for _, event in past.events)), language)
    listener = Listener(language, there(history.course.order).place_zone, names)
    late_after = timedelta(minutes=asked.parts.company.policies.late_entry_minutes)
    return list(Teller(listener, late_after).facts(past))
