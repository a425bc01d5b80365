"""One figure: how it went, by what, what it means, what does not count, and why it was another."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from os_events.commands.rights import Question, check_right
from os_events.console.asked import Asked
from os_events.console.charts import Chart
from os_events.console.figure_page import FigurePage
from os_events.console.figure_rows import Row, Sheet, choosing, found_by
from os_events.console.figure_then import compared
from os_events.console.figure_words import Telling
from os_events.console.naming import ids_in
from os_events.console.reader import SignedIn, show
from os_events.kpis.answer import Group
from os_events.kpis.asked import dimensions_of, figure_named
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension

router = APIRouter()


class Course(NamedTuple):
    """How something went: one row for each period, and its bars."""

    label: str
    rows: list[Row]
    chart: Chart
    rows_now: list[Row] | None = None


class Breakdown(NamedTuple):
    """A figure by a dimension: one row for each value, and how each of them went."""

    label: str
    rows: list[Row]
    widths: list[Decimal]
    courses: list[Course]


@router.get("/indicadores/{name}")
def show_figure(name: str, reader: SignedIn, asked: Annotated[Asked, Query()]) -> Response:
    """Show one figure in full."""
    check_right(reader.signed_in.principal, Question.FIGURE_ORDERS, asked.unit)
    figure, page = figure_named(name), FigurePage.of(reader, asked)
    dimension = asked.by or (Dimension.SERIES if figure.series else None)
    groups = by_dimension(page, figure, dimension) if dimension else []
    telling = page.telling(people_of(groups, dimension))
    sheet = page.sheet(figure, telling)
    total = sheet.total(page.total(figure, page.then))
    return show(
        reader,
        "figures/one.html",
        telling.speaker,
        **page.values(telling),
        figure=figure,
        total=total,
        base=telling.base(figure, total.group),
        reasons=list(sheet.reasons(total.group)),
        course=course(page, sheet),
        breakdown=breakdown(page, sheet, dimension, groups) if dimension else None,
        dimensions=dimensions_told(telling, figure),
        by=dimension,
        compared=compared(page, sheet) if page.known_at else None,
    )


def by_dimension(page: FigurePage, figure: Figure, dimension: Dimension) -> list[Group]:
    """Ask for the whole period by a dimension."""
    question = replace(page.then, grain=None, by=(dimension,))
    return page.ask(figure, question)


def people_of(groups: Sequence[Group], dimension: Dimension | None) -> set[UUID]:
    """Name the people among the values of a dimension: only technicians are."""
    if dimension is not Dimension.TECHNICIAN:
        return set()
    return ids_in(group.values[dimension] or "" for group in groups)


def course(page: FigurePage, sheet: Sheet) -> Course | None:
    """Say how the figure went; nothing if it is asked for the whole period only."""
    if sheet.question.grain is None:
        return None
    rows = sheet.by_period(found_by(page.ask(sheet.figure, page.then)))
    rows_now = None
    if page.known_at:
        rows_now = sheet.by_period(found_by(page.ask(sheet.figure, page.now)))
    return Course("", rows, sheet.chart(rows), rows_now)


def breakdown(
    page: FigurePage, sheet: Sheet, dimension: Dimension, groups: Sequence[Group]
) -> Breakdown:
    """Say what each value of a dimension has of the figure, and how it went there."""
    rows = sheet.by_value(dimension, groups)
    label, widths = sheet.telling.dimension(sheet.figure, dimension), sheet.widths(rows)
    if sheet.question.grain is None:
        return Breakdown(label, rows, widths, [])
    question = replace(sheet.question, by=(dimension,))
    found = found_by(page.ask(sheet.figure, question), dimension)
    told = [
        (row.label, sheet.by_period(found, value, choosing(dimension, value)))
        for row in rows
        for value in [row.group.values[dimension]]
    ]
    everything = [row for _, its_rows in told for row in its_rows]
    courses = [Course(name, own, sheet.chart(own, everything)) for name, own in told]
    return Breakdown(label, rows, widths, courses)


def dimensions_told(telling: Telling, figure: Figure) -> list[tuple[Dimension, str]]:
    """Say by what this figure may be told."""
    named = [(one, telling.dimension(figure, one)) for one in dimensions_of(figure)]
    return [(one, telling.alone(words)) for one, words in named]
