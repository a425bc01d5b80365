"""What figures cost: each by month, the board, an order, a search; in an old and an older shop.

A log of some thousand real lives is followed; then the rows of orders that have ended are repeated
in the database, as if the shop had gone on for years: open orders do not grow with its age.

Run: make bench
"""

import asyncio
import statistics
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from os_events.aggregates.history import OrderHistory
from os_events.followers.derivation import columns_of
from os_events.followers.histories import Histories
from os_events.followers.rebuild import Rebuild, Source
from os_events.kpis.asking import Figures, install
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import FACT_TABLES
from os_events.kpis.past import Past
from os_events.kpis.question import Dimension, Grain, Period, Question
from os_events.projections.lookup import Lookup
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.row import BOARD
from os_events.projections.order_board.wanted import Wanted
from tests.benchmark.read_models import CUSTOMERS, a_server, fill, reached
from tests.benchmark.report import QUICK, report
from tests.support import NOON, a_triage, an_order, ask, later
from tests.views import DERIVATIONS, SECRET

OPEN = 1_000  # orders at work at the same time, whatever the age of the shop
ROUNDS = 5
SIZES_ASKED = (500, (10_000, 100_000)) if QUICK else (5_000, (100_000, 1_000_000))
COPIED = (*FACT_TABLES.values(), BOARD)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
ENDED = "SELECT order_id FROM read.order_board_1 WHERE category = 'CLOSED'"
KINDS = """SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0"""
SIZES = """SELECT sum(pg_total_relation_size(one)) FROM (SELECT %(table)s::regclass AS one
    UNION SELECT relid FROM pg_partition_tree(%(table)s::regclass)) AS parts"""


class Shop(NamedTuple):
    """What is asked, and where it is."""

    source: Source
    figures: Figures
    admin: psycopg.Connection[Any]


def milliseconds(work: Callable[[], object]) -> float:
    """Give the median of some rounds, after one that nobody counts."""
    work()
    took = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        took.append((perf_counter() - began) * 1e3)
    return statistics.median(took)


def question(*by: Dimension) -> Question:
    """Ask by month for a year."""
    return Question(YEAR, later(24 * 400), "America/Sao_Paulo", grain=Grain.MONTH, by=by)


async def open_orders(source: Source) -> None:
    """Record orders that wait."""
    for number in range(OPEN):
        order = an_order(customer_id=CUSTOMERS[number % len(CUSTOMERS)])
        await source.log.record(ask(order, a_triage(), later(1)))


def grow(shop: Shop, seed: list[UUID], first: int, last: int) -> None:
    """Repeat the rows of some ended orders, each time spread anew over the year."""
    for derivation in COPIED:
        table, columns = f"read.{derivation.name}", columns_of(derivation)
        kinds = dict(shop.admin.execute(KINDS, (table,)).fetchall())
        values = ", ".join(moved(column, kinds[column]) for column in columns)
        query = f"""INSERT INTO {table} ({", ".join(columns)}) SELECT {values} FROM {table}
            CROSS JOIN generate_series(%s::int, %s) AS again WHERE order_id = ANY(%s)"""  # noqa: S608 - our own names
        shop.admin.execute(query.encode(), (first, last, seed))
        shop.admin.execute(f"VACUUM ANALYZE {table}".encode())


def moved(column: str, kind: str) -> str:
    """Give a column of a repeated row: another order of another thing, on another day."""
    days = "((again * 7919) %% 300)"
    if column in {"order_id", "asset_id", "related"}:
        return f"overlay({column}::text PLACING lpad(to_hex(again), 8, '0') FROM 1 FOR 8)::uuid"
    if kind == "timestamp with time zone":
        return f"{column} + {days} * interval '1 day'"
    return f"{column} + {days}" if kind == "date" else column


def asked(shop: Shop) -> dict[str, float]:
    """Ask everything once; give milliseconds."""
    found = {
        f"{name} by month": milliseconds(lambda figure=figure: shop.figures.ask(figure, question()))  # type: ignore[misc]
        for name, figure in FIGURES.items()
    }
    slow = FIGURES["mttr_resolve"]
    found["mttr_resolve by month and type"] = milliseconds(
        lambda: shop.figures.ask(slow, question(Dimension.TYPE))
    )
    board, lookup = OrderBoard(shop.source.pool), Lookup(shop.source.pool, SECRET)
    [one] = board.page(Wanted(), NOON, limit=1).orders
    histories = Histories(shop.source.log)
    found["board, first page"] = milliseconds(lambda: board.page(Wanted(), NOON))
    found["board, counts"] = milliseconds(lambda: board.counts(Wanted(), NOON))
    found["order, by its history"] = milliseconds(
        lambda: histories.of(OrderHistory, one.order_id).course
    )
    found["search, by number"] = milliseconds(lambda: lookup.search(one.order_number))
    return found


def bytes_per_order(shop: Shop, orders: int) -> dict[str, float]:
    """Say how large the fact tables are, as a rebuild leaves them."""
    return {
        f"{name}, bytes an order": float(
            shop.admin.execute(SIZES, {"table": f"read.{table.name}"}).fetchone()[0] / orders  # type: ignore[index]
        )
        for name, table in FACT_TABLES.items()
    }


def past(shop: Shop, orders: int) -> float:
    """Derive what was known half-way; give orders a second."""
    [event] = shop.source.log.read(shop.source.log.head() - 1, shop.source.log.head())
    began = perf_counter()
    Past(shop.source).derive(event.recorded_at - timedelta(microseconds=1))
    return orders / (perf_counter() - began)


def main(real: int, sizes: tuple[int, int]) -> None:
    """Print all of it, and keep the figures."""
    with a_server() as url, reached(url) as source:
        asyncio.run(fill(source.log, real))
        asyncio.run(open_orders(source))
        Rebuild(source, DERIVATIONS).run()
        with source.pool.connection() as connection, connection.transaction():
            install(connection)
        with closing(source.pool.getconn()) as admin:
            shop = Shop(source, Figures(source.pool), admin)
            found = bytes_per_order(shop, real + OPEN)
            found["known then, orders derived a second"] = past(shop, real + OPEN)
            seed = [order_id for (order_id,) in admin.execute(ENDED).fetchall()]
            admin.execute("SET statement_timeout = 0")
            grow(shop, seed, 1, sizes[0] // real - 1)
            small = asked(shop)
            grow(shop, seed, sizes[0] // real, sizes[1] // real - 1)
            large = asked(shop)
    for what, figure in found.items():
        print(f"{what:45} {figure:12.1f}")
    print(f"{'milliseconds, at orders':45} {sizes[0]:12,} {sizes[1]:12,} {'growth':>8}")
    for what in small:
        print(f"{what:45} {small[what]:12.1f} {large[what]:12.1f} {large[what] / small[what]:8.2f}")
    found |= {f"{what}, ms at {sizes[0]}": figure for what, figure in small.items()}
    found |= {f"{what}, ms at {sizes[1]}": figure for what, figure in large.items()}
    report("figures", found)


if __name__ == "__main__":
    main(*SIZES_ASKED)
