"""Times and bottlenecks: where orders spend their time, what holds them up, what comes back."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from fastapi.responses import Response

from os_events.aggregates.status import Category, OrderStatus
from os_events.commands.rights import Question, check_right
from os_events.console.asked import Asked
from os_events.console.charts import HUNDRED, share
from os_events.console.figure_page import FigurePage
from os_events.console.figure_rows import Sheet, choosing
from os_events.console.figure_troubles import flow, returns, risks
from os_events.console.figure_words import Telling, to_the_minute
from os_events.console.formats import known
from os_events.console.reader import SignedIn, show
from os_events.kpis.answer import Group
from os_events.kpis.bottleneck import Bottleneck, balance, bottleneck
from os_events.kpis.figures.promises_at_risk import PROMISES_AT_RISK
from os_events.kpis.figures.time_in_state import TIME_IN_STATE
from os_events.kpis.flow_check import MEANING as FLOW
from os_events.kpis.question import Dimension
from os_events.kpis.recurrence import MEANING as RECURRENCE

router = APIRouter()


class Stage(NamedTuple):
    """One status in a period, in words."""

    code: str
    name: str
    category: Category
    time: str
    share: str
    width: Decimal
    cases: int
    p50: str
    p90: str
    entries: int
    exits: int
    unended: int
    balance: str
    fills: bool
    href: str


@router.get("/tempos")
def show_times(reader: SignedIn, asked: Annotated[Asked, Query()]) -> Response:
    """Show how long orders were in each status of a period, and which of them holds them up."""
    check_right(reader.signed_in.principal, Question.FIGURE_ORDERS, asked.unit)
    page = FigurePage.of(reader, asked)
    groups = page.ask(TIME_IN_STATE, replace(page.then, grain=None, by=(Dimension.SERIES,)))
    found, come_back = bottleneck(groups), returns(page)
    telling = page.telling(come_back.people)
    sheet = page.sheet(TIME_IN_STATE, telling)
    stages = [stage(sheet, found, group) for group in found.stages]
    return show(
        reader,
        "figures/times.html",
        telling.speaker,
        **page.values(telling),
        figure=TIME_IN_STATE,
        stages=stages,
        done=[stage(sheet, found, group) for group in found.done],
        total=to_the_minute(sum(group.numerator for group in groups)),
        stuck=named(stages, found.status),
        waits=named(stages, found.longest_wait),
        flow=flow(page, page.total(TIME_IN_STATE, page.then)),
        flow_meaning=telling.words(FLOW),
        risks=risks(page, telling),
        at_risk=PROMISES_AT_RISK,
        recurrences=come_back.told(page, telling),
        returned_in=telling.period(come_back.question.period, None),
        meaning=telling.words(RECURRENCE),
    )


def stage(sheet: Sheet, found: Bottleneck, group: Group) -> Stage:
    """Put what a status has of the period into words."""
    telling, code = sheet.telling, str(group.values[Dimension.SERIES])
    part, more = found.share(group), balance(group)
    return Stage(
        code=code,
        name=telling.part(TIME_IN_STATE, Dimension.SERIES, code),
        category=category_of(code),
        time=to_the_minute(group.numerator),
        share=percent(telling, part),
        width=share(part, HUNDRED),
        cases=group.denominator,
        p50=to_the_minute(group.p50 or 0),
        p90=to_the_minute(group.p90 or 0),
        entries=group.flows["entries"],
        exits=group.flows["exits"],
        unended=group.flows["unended"],
        balance=f"{more:+}".replace("-", "\u2212") if more else "0",
        fills=more > 0,
        href=sheet.behind(chosen=choosing(Dimension.SERIES, code)),
    )


def category_of(code: str) -> Category:
    """Say to which fixed group a status belongs."""
    status = known(OrderStatus, code)
    assert isinstance(status, OrderStatus)  # noqa: S101 - for the type checker
    return status.category


def percent(telling: Telling, part: Decimal) -> str:
    """Say a share."""
    return f"{telling.speaker.number(str(part))}\u00a0%"


def named(stages: Iterable[Stage], code: str | None) -> Stage | None:
    """Find a status among those told."""
    return next((one for one in stages if one.code == code), None)
