"""All figures at a glance: what each says of a period, how it went, and what it means."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from fastapi.responses import Response

from os_events.commands.rights import Question, check_right
from os_events.console.asked import Asked, until_then
from os_events.console.charts import Chart
from os_events.console.figure_page import FigurePage
from os_events.console.figure_rows import Row, Sheet, found_by
from os_events.console.figure_words import Telling
from os_events.console.reader import SignedIn, show
from os_events.kpis.catalogue import CHAPTERS
from os_events.kpis.figure import Figure

router = APIRouter()


class Card(NamedTuple):
    """One figure at a glance."""

    sheet: Sheet
    row: Row
    base: str
    course: Chart
    title: str
    told: str
    span: str


@router.get("/indicadores")
def show_figures(reader: SignedIn, asked: Annotated[Asked, Query()]) -> Response:
    """Show what every figure says of a period."""
    check_right(reader.signed_in.principal, Question.FIGURE_ORDERS, asked.unit)
    page = FigurePage.of(reader, asked)
    telling = page.telling()
    chapters = [
        (telling.words(chapter.title), [card(page, one, telling) for one in chapter.figures])
        for chapter in CHAPTERS
    ]
    return show(
        reader, "figures/all.html", telling.speaker, **page.values(telling), chapters=chapters
    )


def card(page: FigurePage, figure: Figure, telling: Telling) -> Card:
    """Ask a figure for the whole period, and for the months up to its end."""
    sheet = page.sheet(figure, telling)
    row = sheet.total(page.total(figure, sheet.question))
    course = sheet.of(until_then(sheet.question))
    periods = course.by_period(found_by(page.ask(figure, course.question)))
    told = "; ".join(f"{one.label}: {one.value}" for one in periods)
    span = f"{periods[0].brief} – {periods[-1].brief}"
    grain = telling.speaker.value(course.question.grain)
    title = telling.speaker.text("figures.went", title=telling.words(figure.title), grain=grain)
    base = telling.base(figure, row.group)
    return Card(sheet, row, base, sheet.chart(periods), title, told, span)
