"""/kpis: figures, their definitions, and the orders behind a number."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, Field

from os_events.api.dependencies import LAST_POSITION, Reading, reading
from os_events.api.figure_answers import (
    FigureAnswer,
    FigureDefinition,
    FigureOrders,
    answer,
    definitions,
    put,
    told_case,
)
from os_events.api.strict import StrictRoute
from os_events.commands.rights import Question as Right
from os_events.followers.positions import AsOf
from os_events.kpis import listing, sheet
from os_events.kpis.asked import Asked, figure_named
from os_events.kpis.figure import Figure
from os_events.kpis.question import Question
from os_events.kpis.seen import seen, within

CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}

router = APIRouter(prefix="/kpis", tags=["figures"], route_class=StrictRoute)

AskFigures = Annotated[Reading, Depends(reading(Right.FIGURES))]
AskOrders = Annotated[Reading, Depends(reading(Right.FIGURE_ORDERS))]


def cursor_of_cases(text: str) -> str:
    """Give ``text`` back if a page of cases ended there. Raises ValueError."""
    listing.read_cursor(text)
    return text


class FigureQuery(Asked):
    """What is asked, and as of which position at least; told as JSON, or as a table."""

    after: Annotated[int, Field(ge=0, le=LAST_POSITION)] = 0
    format: Literal["json", "csv"] = "json"


class FigureOrdersQuery(FigureQuery):
    """The same, page by page; a table has all of them."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=400), AfterValidator(cursor_of_cases)] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A figure, what is asked of it, and the position that the answer reflects."""

    figure: Figure
    question: Question
    position: int


@router.get("", dependencies=[Depends(reading(Right.FIGURES))])
def list_figures() -> list[FigureDefinition]:
    """List the figures: what each means, in which unit, what it leaves out."""
    return list(definitions())


@router.get("/{name}", response_model=FigureAnswer, responses=CSV)
def show_figure(
    asked: AskFigures, name: str, query: Annotated[FigureQuery, Query()]
) -> FigureAnswer | Response:
    """Compute a figure as of any instant, as it was known at any other, in groups.

    Some roles are told less: of their units, of their own orders, nothing of a few cases.
    """
    ready = prepared(asked, name, query)
    found = seen(asked.parts.figures, ready.figure, ready.question, asked.principal)
    if query.format == "csv":
        return table(asked, sheet.of_groups(ready.figure, ready.question, found.groups))
    return answer(ready.figure, ready.question, query.known_at, ready.position, found)


@router.get("/{name}/orders", response_model=FigureOrders, responses=CSV)
def list_figure_orders(
    asked: AskOrders, name: str, query: Annotated[FigureOrdersQuery, Query()]
) -> FigureOrders | Response:
    """List the orders behind a number, those that do not count too, by the fact that counts."""
    ready = prepared(asked, name, query)
    if query.format == "csv":
        cases = listing.all_of(asked.parts.figures, ready.figure, ready.question)
        return table(asked, sheet.of_cases(cases))
    return orders(asked, ready, query)


def prepared(asked: Reading, name: str, query: FigureQuery) -> Prepared:
    """Make ready what is asked, as far as its asker may see it."""
    figure, parts = figure_named(name), asked.parts
    question = query.question(figure, parts.clock(), parts.company.zone)
    question = within(question, asked.principal)
    live = parts.figures.reach(query.after)
    known = parts.past.reached(query.known_at) if query.known_at else None
    if known and known.suffix:
        question, live = replace(question, suffix=known.suffix), AsOf(known.position)
    asked.reflects(live)
    return Prepared(figure, question, live.position)


def orders(asked: Reading, ready: Prepared, query: FigureOrdersQuery) -> FigureOrders:
    """Tell a page of orders."""
    found = listing.page(
        asked.parts.figures, ready.figure, ready.question, query.limit, query.cursor
    )
    return FigureOrders(
        asked=put(ready.question, query.known_at),
        position=ready.position,
        orders=[told_case(ready.figure, case) for case in found.cases],
        next=found.next,
    )


def table(asked: Reading, text: str) -> Response:
    """Answer with a table."""
    return Response(text, 200, dict(asked.response.headers), "text/csv; charset=utf-8")
