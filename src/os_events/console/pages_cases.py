"""The orders behind a number, page by page; and a figure as a file for a spreadsheet."""

from dataclasses import replace
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field, field_validator

from os_events.commands.rights import Question, check_right
from os_events.console.asked import Asked
from os_events.console.figure_page import FigurePage
from os_events.console.figure_words import Telling
from os_events.console.moments import Clocks
from os_events.console.naming import ids_in
from os_events.console.reader import SignedIn, show
from os_events.kpis import sheet
from os_events.kpis.answer import Case
from os_events.kpis.asked import figure_named
from os_events.kpis.figure import Figure
from os_events.kpis.listing import page as page_of
from os_events.kpis.listing import read_cursor
from os_events.kpis.question import Dimension

router = APIRouter()
A_PAGE = 50


class AskedForCases(Asked):
    """A question, and after which case the page begins."""

    after: Annotated[str, Field(max_length=200)] | None = None

    @field_validator("after")
    @classmethod
    def _the_place_can_be_read(cls, text: str | None) -> str | None:
        if text:
            read_cursor(text)
        return text


class Line(NamedTuple):
    """One case in words."""

    case: Case
    at: str
    part: str
    amount: str
    reason: str


@router.get("/indicadores/{name}/ordens")
def show_cases(name: str, reader: SignedIn, asked: Annotated[AskedForCases, Query()]) -> Response:
    """List the orders behind a number, with a link to each."""
    check_right(reader.signed_in.principal, Question.FIGURE_ORDERS, asked.unit)
    figure, page = figure_named(name), FigurePage.of(reader, asked)
    found = page_of(reader.parts.figures, figure, page.then.whole(), A_PAGE, asked.after)
    telling = page.telling(people_of(figure, found.cases, asked))
    path = f"/indicadores/{name}"
    return show(
        reader,
        "figures/cases.html",
        telling.speaker,
        **page.values(telling),
        figure=figure,
        figure_title=telling.words(figure.title),
        lines=[line(telling, figure, case) for case in found.cases],
        chosen=chosen(telling, figure, asked),
        clocks=Clocks(page.now.as_of if asked.as_of or asked.known_at else None, page.known_at),
        up=asked.link(path, after=None, series=None, state=None),
        next=asked.link(f"{path}/ordens", after=found.next) if found.next else None,
    )


@router.get("/indicadores/{name}/csv")
def hand_out_sheet(name: str, reader: SignedIn, asked: Annotated[Asked, Query()]) -> Response:
    """Give what the page of a figure shows, to be counted on."""
    check_right(reader.signed_in.principal, Question.FIGURE_ORDERS, asked.unit)
    figure, page = figure_named(name), FigurePage.of(reader, asked)
    question = replace(page.then, by=(asked.by,) if asked.by else ())
    content = sheet.of_groups(figure, question, page.ask(figure, question))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(content, 200, headers, "text/csv; charset=utf-8")


def people_of(figure: Figure, cases: list[Case], asked: Asked) -> set[UUID]:
    """Name the people whom the list names: the technicians by whom it is told, or chosen."""
    told = [case.series for case in cases] if figure.of_technicians else []
    return ids_in(one for one in [asked.technician, *told] if one)


def line(telling: Telling, figure: Figure, case: Case) -> Line:
    """Put a case into words."""
    part = telling.part(figure, Dimension.SERIES, case.series) if case.series else ""
    reason = telling.reason(figure, case.state)
    return Line(case, telling.speaker.at(case.at), part, telling.added(figure, case), reason)


def chosen(telling: Telling, figure: Figure, asked: Asked) -> list[str]:
    """Say which cases are kept, if not all."""
    return [
        f"{telling.alone(telling.dimension(figure, one))}: {telling.part(figure, one, value)}"
        for one, (value,) in asked.where().items()
    ]
