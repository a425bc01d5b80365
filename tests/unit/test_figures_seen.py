"""Who sees how much of a figure, and what is written into tables and in words."""

import csv
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from os_events.errors import ForbiddenError
from os_events.kpis import sheet
from os_events.kpis.answer import Case, Group
from os_events.kpis.figure import Unit, Words
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.listing import cursor_after, read_cursor
from os_events.kpis.question import Dimension, Grain, Period, Question
from os_events.kpis.seen import Seen, only_many, within
from os_events.kpis.wording import amount_said, part_said, reason_said
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.support import NOON, SAO_PAULO, STRANGER, TECHNICIAN, UNIT

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
CASE = Case(UUID(int=7), "OS-2026-000001", 2, NOON, "0-2", 3, 1, None)


def asked(**more: Any) -> Question:
    return Question(MARCH, NOON, SAO_PAULO, **more)


def somebody(role: Role, *units: UUID) -> Principal:
    return Principal(Actor(id=str(TECHNICIAN), role=role), frozenset(units) or None)


def group(priority: str, cases: int, **left_out: int) -> Group:
    return Group(None, {"priority": priority}, cases, cases, cases, left_out=left_out)


def total(*groups: Group) -> Group:
    reasons = {reason for one in groups for reason in one.left_out}
    left_out = {reason: sum(one.left_out.get(reason, 0) for one in groups) for reason in reasons}
    cases = sum(one.cases for one in groups)
    return Group(None, {}, cases, cases, cases, left_out=left_out)


def told(*groups: Group) -> Seen:
    """Given: groups of as many orders as cases, as those see them who see figures only."""
    everything = Seen(list(groups), total(*groups))
    return only_many(everything, everything)


def test_who_runs_the_system_is_asked_nothing() -> None:
    assert within(asked(), None) == asked()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.FIGURES])
def test_units_of_a_key_are_a_filter(role: Role) -> None:
    found = within(asked(), somebody(role, UNIT, STRANGER))

    assert found.where == {Dimension.UNIT: tuple(sorted((str(UNIT), str(STRANGER))))}


def test_one_of_several_units_may_be_chosen() -> None:
    chosen = asked(where={Dimension.UNIT: (str(UNIT),)})

    assert within(chosen, somebody(Role.MANAGER, UNIT, STRANGER)) == chosen


def test_another_unit_may_not_be_chosen_nor_orders_without_one() -> None:
    for_all = asked(where={Dimension.UNIT: (str(UNIT), str(STRANGER))})

    with pytest.raises(ForbiddenError):
        within(for_all, somebody(Role.MANAGER, UNIT))


def test_a_technician_is_a_filter_too() -> None:
    found = within(asked(), somebody(Role.TECHNICIAN, UNIT))

    assert found.where == {
        Dimension.UNIT: (str(UNIT),),
        Dimension.TECHNICIAN: (str(TECHNICIAN),),
    }


def test_groups_of_a_few_are_counted_and_not_told() -> None:
    many, few, fewer = group("normal", 9), group("high", 4), group("low", 1)

    assert told(many, few, fewer) == Seen([many], total(many, few, fewer), hidden=2)


def test_a_total_that_would_tell_a_hidden_group_is_hidden_with_it() -> None:
    many, few = group("normal", 9), group("high", 4)

    assert told(many, few) == Seen([many], None, hidden=1)


def test_a_reason_that_a_few_have_is_not_told_and_the_total_does_not_tell_it() -> None:
    many, few = group("normal", 9, too_young=7, cancelled=8), group("high", 9, too_young=2)

    found = told(many, few)

    assert found.groups == [many, group("high", 9)]
    assert found.total
    assert found.total.left_out == {"cancelled": 8}


def test_a_group_of_nothing_but_a_few_that_do_not_count_is_hidden() -> None:
    assert told(group("normal", 0, too_young=2)) == Seen([], None, hidden=1)


def test_nothing_is_nothing_to_hide() -> None:
    assert told() == Seen([], total())


def test_a_table_has_no_cell_that_a_spreadsheet_runs() -> None:
    values = ["=1+1", "+1", "-1", "@x", "\tx", "a=b"]
    groups = [Group(None, {"department": value}, -5, 1, 1) for value in values]

    rows = csv.DictReader(
        sheet.of_groups(MTTR_RESOLVE, asked(by=(Dimension.DEPARTMENT,)), groups).splitlines()
    )

    assert [(row["department"], row["value"]) for row in rows] == [
        ("'=1+1", "-5"),
        ("'+1", "-5"),
        ("'-1", "-5"),
        ("'@x", "-5"),
        ("'\tx", "-5"),
        ("a=b", "-5"),
    ]


def test_a_table_tells_what_does_not_count_and_leaves_empty_what_is_not() -> None:
    groups = [Group(date(2026, 3, 1), {}, left_out={"not_repairable": 3})]

    found = sheet.of_groups(MTTR_RESOLVE, asked(grain=Grain.MONTH), groups)

    assert found == (
        "period,value,unit,numerator,denominator,cases,p50,p90,left_out_not_repairable\r\n"
        "2026-03-01,,duration,0,0,0,,,3\r\n"
    )


def test_a_table_of_orders_has_a_row_a_case() -> None:
    assert sheet.of_cases([CASE]) == (
        "order_number,order_id,at,series,numerator,denominator,state\r\n"
        f"OS-2026-000001,{CASE.order_id},2026-03-02T15:00:00.000000Z,0-2,3,1,\r\n"
    )


def test_a_cursor_says_where_a_page_ended() -> None:
    found = read_cursor(cursor_after(CASE))

    assert (found.at, found.order_id, found.number, found.series) == (NOON, UUID(int=7), 2, "0-2")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "€",
        "bm8",
        cursor_after(Case(UUID(int=7), "", 2**63, NOON, "", 0, 0, None)),
        cursor_after(Case(UUID(int=7), "", 1, NOON, "\x00", 0, 0, None)),
        cursor_after(Case(UUID(int=7), "", 1, datetime(2026, 3, 2), "", 0, 0, None)),  # noqa: DTZ001 - what is wrong with it
    ],
    ids=["empty", "no-ascii", "no-json", "too-large", "zero-byte", "no-zone"],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="not a cursor of this list"):
        read_cursor(cursor)


@pytest.mark.parametrize(
    ("unit", "amount", "pt", "en"),
    [
        (Unit.DURATION, Decimal(354200), "98:23:20", "98:23:20"),
        (Unit.DURATION, -61, "-0:01:01", "-0:01:01"),
        (Unit.MONEY, Decimal(123456), "R$\u00a01.234,56", "R$\u00a01,234.56"),
        (Unit.RATE, Decimal("33.3"), "33,3 %", "33.3 %"),
        (Unit.RATIO, Decimal("0.5"), "0,5", "0.5"),
        (Unit.COUNT, Decimal(3), "3", "3"),
        (Unit.RATE, None, "–", "–"),
    ],
)
def test_amounts_are_said_in_their_unit(
    unit: Unit, amount: Decimal | int | None, pt: str, en: str
) -> None:
    assert (amount_said(unit, amount, "pt"), amount_said(unit, amount, "en")) == (pt, en)


def test_codes_are_said_by_whoever_has_words_for_them() -> None:
    assert part_said(BACKLOG, Dimension.SERIES, "31+").pt == "mais de 30 dias"
    assert part_said(MTTR_RESOLVE, Dimension.PRIORITY, "urgent").pt == "Urgente"
    assert part_said(MTTR_RESOLVE, Dimension.DEFECT, "usb-c") == Words("usb-c", "usb-c")
    assert reason_said(MTTR_RESOLVE, "not_repairable").en == "not repairable"
    assert reason_said(MTTR_RESOLVE, None).pt == "conta"
