"""A figure as it was known, beside what is known now: and which orders make the difference."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from os_events.aggregates.history import OrderHistory
from os_events.commands.rights import Question, may
from os_events.console.figure_page import FigurePage
from os_events.console.figure_rows import Row, Sheet
from os_events.console.moments import Clocks, written
from os_events.console.orders import order_in
from os_events.kpis.differences import Difference, differences
from os_events.projections.names import people_in
from os_events.projections.order_history import FactRow, Teller

SHOWN = 20  # differences on a page


class Told(NamedTuple):
    """One order that is otherwise in the figure, and the facts told since."""

    order_number: str
    href: str
    then: str
    now: str
    facts: list[FactRow]


class Compared(NamedTuple):
    """The figure as it is known now, and why it was known otherwise."""

    total: Row
    base: str
    orders: list[Told]
    more: bool


def compared(page: FigurePage, sheet: Sheet) -> Compared:
    """Compare what was known with what is known. Raises UnavailableError."""
    figures, figure = page.reader.parts.figures, sheet.figure
    moments = {"as_of": written(page.now.as_of), "known_at": ""}
    now = replace(sheet, asked=sheet.asked.model_copy(update=moments))
    total = now.total(page.total(figure, page.now))
    found = differences(figures, figure, page.then.whole(), page.now.whole(), SHOWN + 1)
    orders = [told(page, sheet, one) for one in found[:SHOWN]]
    base = sheet.telling.base(figure, total.group)
    return Compared(total, base, orders, more=len(found) > SHOWN)


def told(page: FigurePage, sheet: Sheet, difference: Difference) -> Told:
    """Put one difference into words."""
    figure, telling = sheet.figure, sheet.telling
    return Told(
        difference.order_number,
        f"/os/{difference.order_id}",
        telling.case(figure, difference.then),
        telling.case(figure, difference.now),
        facts_since(page, difference),
    )


def facts_since(page: FigurePage, difference: Difference) -> list[FactRow]:
    """Tell the facts of an order that were on record later, if the reader may read its history."""
    reader = page.reader
    history = reader.parts.histories.of(OrderHistory, difference.order_id, opened=True)
    if not may(reader.signed_in.principal, Question.HISTORY, order_in(history).unit_id):
        return []
    after = Clocks(as_of=page.now.as_of).view(history)
    before = Clocks(page.now.as_of, page.known_at).view(history)
    telling = page.telling(people_in(*(event for _, event in after.events)))
    late_after = timedelta(minutes=reader.parts.company.policies.late_entry_minutes)
    return list(Teller(telling.speaker.listener, late_after).told_since(before, after))
