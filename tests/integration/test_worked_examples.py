"""The worked examples of the text, for the bench orders: played over HTTP, to the second."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures
from os_events.kpis.bottleneck import balance, bottleneck
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.question import Dimension, Period, Question
from os_events.projections.facts.intervals import OrderIntervals
from tests.asking import deliver
from tests.integration.conftest import Clock
from tests.support import SAO_PAULO
from tests.worked_example import TOLD_ON, Order, local, played

AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 1))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
T = local("10-31T18:00")
BY_STATUS = (Dimension.SERIES,)


def hours(told: str) -> int:
    """Read h:mm or h:mm:ss. Unit: seconds."""
    parts = [int(part) for part in told.split(":")]
    return sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))


@pytest.fixture
def clock() -> Clock:
    """It is November."""
    standing = Clock()
    standing.now = TOLD_ON
    return standing


@pytest.fixture
def orders(client: TestClient, log: EventLog, followers: list[Follower]) -> dict[str, Order]:
    """Everything is told, and the figures know it."""
    found = played(client, log)
    deliver(followers)
    return found


class Asking:
    """Asks for figures of the sample."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def groups(
        self,
        name: str,
        as_of: datetime = T,
        period: Period = AUTUMN,
        by: tuple[Dimension, ...] = (),
        where: Mapping[Dimension, tuple[str, ...]] | None = None,
    ) -> list[Group]:
        question = Question(period, as_of, SAO_PAULO, by=by, where=where or {})
        return self.figures.ask(FIGURES[name], question)

    def one(self, name: str, **more: Any) -> Group:
        [found] = self.groups(name, **more)
        return found

    def cases(self, name: str, orders: dict[str, Order]) -> dict[str, int]:
        """Give the numerator of each order."""
        names = {order.id: order.name for order in orders.values()}
        found = self.figures.cases(FIGURES[name], Question(AUTUMN, T, SAO_PAULO), 100)
        return {names[str(case.order_id)]: case.numerator for case in found}

    def value(self, name: str, **more: Any) -> Decimal | None:
        return self.one(name, **more).value(FIGURES[name].unit)

    def means(self, name: str) -> tuple[int, int | None, int | None, int | None]:
        """Give the sum, the mean, p50 and p90. Unit: seconds."""
        found, mean = self.one(name), self.value(name)
        return found.numerator, int(mean or 0), found.p50, found.p90


@pytest.fixture
def asking(figures: Figures, orders: dict[str, Order]) -> Asking:
    assert orders
    return Asking(figures)


def test_b1_goes_through_its_statuses_as_the_text_says(
    parts: Any, orders: dict[str, Order], followers: list[Follower]
) -> None:
    rows = parts.views[OrderIntervals].of(orders["B1"].id)

    told = [
        (row.about, int((row.ended_at - row.started_at).total_seconds()))
        for row in rows
        if row.kind == "status" and row.ended_at
    ]

    assert followers
    assert told == [
        ("open", hours("0:30")),
        ("queued", hours("4:30")),
        ("in_diagnosis", hours("21:05")),
        ("awaiting_approval", hours("29:45")),
        ("in_diagnosis", hours("0:10")),
        ("awaiting_approval", hours("0:05")),
        ("approved", hours("0:25")),
        ("awaiting_parts", hours("40:00")),
        ("approved", hours("0:30")),
        ("in_progress", hours("2:00")),
        ("in_testing", hours("1:00")),
        ("completed", hours("0:30")),
        ("ready_for_pickup", hours("69:00")),
        ("delivered", hours("0:30")),
    ]


def test_how_long_things_took_is_what_the_text_says(
    asking: Asking, orders: dict[str, Order]
) -> None:
    gross, net = asking.cases("tat_gross", orders), asking.cases("tat_net", orders)

    assert gross == {"B1": hours("169:20"), "B2": hours("52:55"), "B3": hours("72:55")}
    assert net == {"B1": hours("30:30"), "B2": hours("7:25"), "B3": hours("31:25")}
    assert asking.means("tat_gross") == (
        hours("295:10"),
        hours("98:23:20"),
        hours("72:55"),
        hours("169:20"),
    )
    assert asking.means("tat_net") == (
        hours("69:20"),
        hours("23:06:40"),
        hours("30:30"),
        hours("31:25"),
    )
    assert asking.cases("mttr_resolve", orders) == {"B1": hours("99:00"), "B3": hours("31:00")}
    assert asking.means("mttr_resolve")[1:3] == (hours("65:00"), hours("31:00"))


def test_promises_quotes_money_and_returns_are_what_the_text_says(asking: Asking) -> None:
    promise, kept = asking.one("first_promise"), asking.value("first_promise")
    value = asking.one("quote_approval_value")

    assert (promise.numerator, promise.denominator, kept) == (2, 2, Decimal("100.0"))
    assert (asking.one("quote_approval").denominator, asking.value("quote_approval")) == (
        3,
        Decimal("33.3"),
    )
    assert (value.numerator, value.denominator) == (35000, 192000)
    assert asking.value("quote_approval_value") == Decimal("18.2")
    assert asking.value("ticket_medio") == Decimal(20000)
    assert asking.value("ticket_medio_all") == Decimal(13333)


def test_nobody_is_old_enough_for_a_return_until_ninety_days_are_over(asking: Asking) -> None:
    young = asking.one("return_rate")

    old = asking.one("return_rate", as_of=local("12-31T18:00"))

    assert (young.value(FIGURES["return_rate"].unit), sum(young.left_out.values())) == (None, 2)
    assert (old.numerator, old.denominator) == (1, 2)


def test_the_backlog_ages_as_the_text_says(asking: Asking) -> None:
    day = Period(date(2026, 10, 31), date(2026, 11, 1))

    ages = asking.groups("backlog", period=day, by=BY_STATUS)

    assert {one.values["series"]: one.numerator for one in ages} == {
        "0-2": 1,
        "16-30": 1,
        "on_hold": 1,
    }
    assert asking.value("backlog_days", period=day) is None


def test_october_was_spent_waiting_for_an_answer(asking: Asking) -> None:
    stages = asking.groups("time_in_state", period=OCTOBER, by=BY_STATUS)

    found = bottleneck(stages)

    told = [
        (one.values["series"], one.numerator, str(found.share(one)), one.cases, balance(one))
        for one in found.stages
    ]
    assert told == [
        ("awaiting_approval", hours("608:00"), "63.6", 1, 1),
        ("on_hold", hours("272:00"), "28.5", 1, 1),
        ("queued", hours("54:00"), "5.6", 3, 1),
        ("in_diagnosis", hours("20:00"), "2.1", 1, 0),
        ("open", hours("2:00"), "0.2", 3, 0),
    ]
    assert (found.stages[2].p50, found.stages[2].p90) == (hours("3:30"), hours("50:00"))
    assert found.done == ()
    assert found.status == "awaiting_approval"
