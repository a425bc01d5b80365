from dataclasses import replace
from datetime import UTC, date, datetime

from os_events.console.asked import Asked
from os_events.console.figure_rows import Sheet
from os_events.kpis.answer import Group
from os_events.kpis.figures.wip import WIP
from os_events.kpis.question import Grain, Period, Question
from tests.unit.test_console_figure_words import PT

AUTUMN = Question(
    Period(date(2026, 3, 1), date(2026, 6, 1)),
    datetime(2026, 4, 10, tzinfo=UTC),
    "America/Sao_Paulo",
    Grain.MONTH,
)


def test_a_month_without_orders_is_nought_and_one_to_come_a_dash() -> None:
    march = Group(date(2026, 3, 1), {}, 4, 4, 4)

    rows = Sheet(WIP, Asked(), AUTUMN, PT).by_period({(march.period, None): march})

    assert [(row.label, row.value) for row in rows] == [
        ("mar. 2026", "4"),
        ("abr. 2026", "0"),
        ("mai. 2026", "–"),
    ]


def test_a_period_as_a_whole_has_begun() -> None:
    before = replace(AUTUMN, as_of=datetime(2026, 1, 1, tzinfo=UTC))

    assert before.begun() == []
    assert before.whole().begun() == [AUTUMN.period]
