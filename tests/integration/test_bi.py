"""Dashboards read schema ``bi`` as a role that sees figures, and nothing behind them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from os_events.eventlog.database import FIGURES as ROLE
from os_events.eventlog.database import Pool, connect
from os_events.eventlog.log import EventLog
from os_events.eventlog.privileges import log_privileges, mended
from os_events.followers.follower import Follower
from os_events.kpis import bi
from os_events.kpis.asking import Figures
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Grain, Period, Question
from os_events.kpis.seen import FEWEST
from os_events.kpis.statements import ORDERS
from tests.support import a_company, a_triage, an_order, ask, later
from tests.views import a_life, deliver

Reader = psycopg.Connection[Any]
Sums = list[tuple[date, str | None, int, int]]
MADE_AS = "SELECT oid FROM pg_class WHERE relnamespace = 'bi'::regnamespace ORDER BY oid"
KINDS = "SELECT data_type FROM information_schema.columns WHERE table_schema = 'bi'"
LATE_IN_MARCH = datetime.fromisoformat("2026-03-31T22:00-03:00")
OPEN_AT_THE_END_OF_MARCH = """SELECT period::text, numerator
    FROM bi.wip_by('month', NULL, '2026-03-01', '2026-04-01') WHERE part = 'open'"""
UNDOCUMENTED = """SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'bi'::regnamespace AND relkind = 'v' AND attnum > 0
        AND relname <> ALL (ARRAY['figures', 'units'])
        AND col_description(attrelid, attnum) IS NULL"""

COMPILED = """SELECT proname FROM pg_proc
    WHERE pronamespace = 'bi'::regnamespace AND NOT 'jit=off' = ANY (proconfig)"""


@pytest.fixture
def reader(
    log: EventLog, figures: Figures, followers: list[Follower], database_url: str
) -> Iterator[Reader]:
    """Somebody with a dashboard; six orders are done, and one waits."""
    pool = figures.pool
    for _ in range(6):
        log.record_now(a_life())
    log.record_now(ask(an_order(), a_triage(), later(2)))
    deliver(*followers)
    with pool.connection() as connection, connection.transaction():
        bi.install(connection, a_company().zone, a_company().units)
    with connect(database_url, ROLE) as connection:
        yield connection


def everything(reader: Reader, view: str) -> list[tuple[Any, ...]]:
    return reader.execute(SQL("SELECT * FROM {}").format(Identifier("bi", view))).fetchall()


def in_schema_bi(reader: Reader, figure: Figure, period: Period) -> Sums:
    query = "SELECT period, part, numerator, denominator FROM {}('month', NULL, %s, %s)"
    name = Identifier("bi", f"{figure.name}_by")
    return reader.execute(SQL(query).format(name), (period.first, period.until)).fetchall()


def on_the_pages(figures: Figures, figure: Figure, period: Period, now: datetime) -> Sums:
    is_told_whole = figure.of_whole or figure.of_technicians
    by = () if is_told_whole else (Dimension.SERIES,)
    question = Question(period, now, a_company().zone, grain=Grain.MONTH, by=by)
    return [
        (one.period, one.values.get("series"), one.numerator, one.denominator)
        for one in figures.ask(figure, question, ORDERS)
        if one.period and one.cases >= FEWEST
    ]


@pytest.mark.parametrize("until", [date(2026, 3, 3), date(2026, 5, 1)])
def test_every_figure_says_what_the_pages_say(
    reader: Reader, figures: Figures, until: date
) -> None:
    period = Period(date(2026, 3, 1), until)
    [[now]] = reader.execute("SELECT now()")

    found = {name: in_schema_bi(reader, one, period) for name, one in FIGURES.items()}

    assert found == {name: on_the_pages(figures, one, period, now) for name, one in FIGURES.items()}
    assert sum(map(bool, found.values())) > 5


def test_every_figure_is_a_view_by_month_and_unit(reader: Reader) -> None:
    read = {name: everything(reader, name) for name in FIGURES}

    assert [row[3:7] for row in read["mttr_resolve"]] == [(6, 6 * 14 * 3600, 6, 14 * 3600)]


def test_a_figure_is_asked_by_grain_and_dimension(reader: Reader) -> None:
    query = "SELECT period::text, grouped, orders FROM bi.mttr_resolve_by('quarter', 'priority')"

    assert reader.execute(query).fetchall() == [("2026-01-01", "normal", 6)]


def test_groups_of_fewer_than_five_orders_are_not_shown(reader: Reader) -> None:
    query = (
        "SELECT DISTINCT part FROM bi.time_in_state_by('month', NULL, '2026-03-01', '2026-04-01')"
    )

    parts = {part for (part,) in reader.execute(query)}

    assert "in_progress" in parts
    assert reader.execute("SELECT * FROM bi.backlog").fetchall() == []


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "Asia/Tokyo"])
def test_a_period_ends_at_midnight_of_the_house_whatever_clock_the_reader_keeps(
    log: EventLog, followers: list[Follower], database_url: str, zone: str
) -> None:
    for _ in range(5):
        log.record_now(an_order(LATE_IN_MARCH))
    deliver(*followers)

    with connect(database_url, ROLE) as reader:
        reader.execute(SQL("SET timezone TO {}").format(zone))
        found = reader.execute(OPEN_AT_THE_END_OF_MARCH).fetchall()

    assert found == [("2026-03-01", 5)]


def test_a_period_is_cut_at_the_days_asked_for(reader: Reader) -> None:
    query = """SELECT sum(numerator) FROM bi.time_in_state_by('month', NULL, %s, %s)
        WHERE part = 'open'"""

    [[before]] = reader.execute(query, ("2026-03-01", "2026-03-02"))
    [[there]] = reader.execute(query, ("2026-03-02", "2026-03-03"))

    assert before is None
    assert there > 0


def test_of_periods_that_have_not_begun_nothing_is_told(reader: Reader) -> None:
    query = "SELECT * FROM bi.wip_by('month', NULL, '2190-01-01', '2190-03-01')"

    assert reader.execute(query).fetchall() == []


def test_parts_too_small_to_be_shown_are_in_what_all_parts_are_together(
    log: EventLog, followers: list[Follower], reader: Reader
) -> None:
    for day in (0, 0, 0, 20, 20):
        log.record_now(an_order(later(24 * day)))
    deliver(*followers)
    query = """SELECT numerator FROM bi.backlog_by(
        'month', since => '2026-03-01', until => '2026-04-01', by_part => %s)"""

    in_parts = reader.execute(query, [True]).fetchall()
    together = reader.execute(query, [False]).fetchall()

    assert in_parts == []
    assert together == [(6,)]


def test_nobody_is_named(reader: Reader) -> None:
    kinds = {kind for (kind,) in reader.execute(KINDS)}

    assert "uuid" not in kinds
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        reader.execute("SELECT * FROM bi.mttr_resolve_by('month', 'technician')")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read.order_board_1",
        "SELECT * FROM read.order_traits_1",
        "SELECT * FROM read.kpi_mttr_resolve(now(), NULL, NULL)",
        "SELECT * FROM log.events",
        "CREATE TABLE bi.mine (x int)",
        "DROP VIEW bi.mttr_resolve",
    ],
)
def test_nothing_behind_the_figures_is_read_or_changed(reader: Reader, query: str) -> None:
    with pytest.raises(
        (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
    ):
        reader.execute(query)


def test_a_login_of_ones_own_reads_figures_and_is_no_danger(reader: Reader, admin_url: str) -> None:
    with psycopg.connect(admin_url) as superuser:  # nothing of this is committed
        superuser.execute("CREATE ROLE a_dashboard LOGIN IN ROLE os_figures")

        assert list(mended(superuser, log_privileges())) == []
        superuser.execute("SET ROLE a_dashboard")
        assert superuser.execute("SELECT count(*) FROM bi.mttr_resolve").fetchone() == (1,)

        superuser.rollback()
    assert reader.execute("SELECT count(*) FROM bi.mttr_resolve").fetchone() == (1,)


def test_every_column_says_what_it_means(reader: Reader) -> None:
    assert reader.execute(UNDOCUMENTED).fetchall() == []


def test_no_figure_waits_for_a_compiler(reader: Reader) -> None:
    assert reader.execute(COMPILED).fetchall() == []


def test_words_of_a_program_that_names_their_type_are_understood(reader: Reader) -> None:
    query = "SELECT grouped FROM bi.mttr_resolve_by(%s::varchar, %s::text, %s::date, NULL)"

    found = reader.execute(query, ("quarter", "priority", "2026-01-01")).fetchall()

    assert found == [("normal",)]


def test_a_start_leaves_a_schema_that_is_right_as_it_is(reader: Reader, pool: Pool) -> None:
    before = reader.execute(MADE_AS).fetchall()

    with reader.transaction(), pool.connection() as connection, connection.transaction():
        reader.execute("SELECT * FROM bi.mttr_resolve")  # and holds on to it
        connection.execute("SET LOCAL lock_timeout = '1s'")
        bi.install(connection, a_company().zone, a_company().units)

    assert reader.execute(MADE_AS).fetchall() == before


def test_a_house_that_has_moved_makes_the_schema_anew(reader: Reader, pool: Pool) -> None:
    before = reader.execute(MADE_AS).fetchall()

    with pool.connection() as connection, connection.transaction():
        bi.install(connection, "America/Rio_Branco", a_company().units)

    assert reader.execute(MADE_AS).fetchall() != before
    assert len(reader.execute("SELECT * FROM bi.mttr_resolve").fetchall()) == 1
