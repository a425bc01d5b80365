"""A shop with a million orders on this machine: made once, kept, measured as often as one likes.

    python -m tests.benchmark.capacity make FOLDER [ORDERS]      # goes on where it stopped
    os-events follow / rebuild on that folder                    # as anybody would
    python -m tests.benchmark.capacity measure FOLDER

Lives are lived by the domain some thousand times, each on a day and for a customer of its own; then
they are repeated under ids of their own, and all are recorded by ``log.append``, leaf and lock and
checks included. What only a real person's life would have, values in the vault, is left out: what
those take is measured apart.
"""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import psycopg

from os_events.aggregates.history import OrderHistory
from os_events.bootstrap.installation import Installation
from os_events.eventlog.committer import APPEND
from os_events.eventlog.database import WRITER, connect
from os_events.followers.histories import Histories
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.question import Period
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.wanted import Wanted
from os_events.settings import Settings
from tests.benchmark.figures import milliseconds, question
from tests.benchmark.read_models import CUSTOMERS, fill
from tests.benchmark.report import report
from tests.logs import stored
from tests.support import NOON
from tests.views import a_life

LIVES = 4_000  # that the domain lives
AT_ONCE = 200  # commands a call
DAYS = 1_095  # of three years
NAMES = UUID("6f2d3c1e-0c53-4c8e-9d0f-3a3f0c7e5b11")
SIZES = """SELECT coalesce(parent.oid, c.oid)::regclass::text, sum(pg_total_relation_size(c.oid))
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE c.relnamespace IN ('log'::regnamespace, 'read'::regnamespace) AND c.relkind IN ('r', 'm')
    GROUP BY 1 HAVING sum(pg_total_relation_size(c.oid)) > 1000000 ORDER BY 2 DESC"""
BEGUN = "SELECT count(*) FROM log.events WHERE version = 1 AND event = 'service-order.opened'"


class Fact(NamedTuple):
    """One event of a life, without whose."""

    version: int
    name: str
    state: bytes


def settings_of(folder: Path) -> Settings:
    """Say where it is kept."""
    return Settings(data_directory=folder, allow_root=True)


def lived() -> list[list[Fact]]:
    """Live the lives."""
    lives = []
    for number in range(LIVES):
        at = NOON - timedelta(days=number * 7919 % DAYS, minutes=number % 540)
        life = a_life(at, number + 1, CUSTOMERS[number % len(CUSTOMERS)])
        facts = stored(life)
        lives.append([Fact(one.originator_version, one.topic, one.state) for one in facts])
    return lives


def orders(lives: list[list[Fact]], first: int, last: int) -> Iterator[tuple[UUID, list[Fact]]]:
    """Give orders first < n <= last, each with a number of its own."""
    for number in range(first + 1, last + 1):
        life = lives[number % len(lives)]
        opened = life[0]
        own = f"-{number:07}".encode()
        beginning = opened._replace(
            state=opened.state.replace(b"-%06d" % (number % LIVES + 1), own)
        )
        yield uuid5(NAMES, str(number)), [beginning, *life[1:]]


def batch(found: list[tuple[UUID, list[Fact]]]) -> list[Any]:
    """Write some orders as ``log.append`` takes them."""
    facts = [(order_id, fact) for order_id, life in found for fact in life]
    return [
        [uuid5(order_id, "key") for order_id, _ in found],
        [uuid5(order_id, "body") for order_id, _ in found],
        [len(life) for _, life in found],
        [order_id for order_id, _ in facts],
        [fact.version for _, fact in facts],
        [fact.name for _, fact in facts],
        [fact.state for _, fact in facts],
        [],
        [],
        [],
        [],
    ]


def make(folder: Path, wanted: int) -> None:
    """Record orders until there are so many."""
    with Installation(settings_of(folder)) as installation:
        if installation.log.head() < len(CUSTOMERS):
            asyncio.run(fill(installation.log, 0))
        lives = lived()
        with connect(installation.fit.log, WRITER) as connection:
            connection.execute("SET statement_timeout = 0")
            done = count(connection)
            began, before = perf_counter(), done
            coming = orders(lives, done, wanted)
            while found := list(islice(coming, AT_ONCE)):
                connection.cursor(binary=True).execute(APPEND, batch(found), prepare=True)
                done += len(found)
                if done % 10_000 < AT_ONCE:
                    rate = (done - before) / (perf_counter() - began)
                    print(f"{done:9,} orders, {rate:,.0f}/s", flush=True)


def count(connection: psycopg.Connection[Any]) -> int:
    """Say how many orders there are."""
    row = connection.execute(BEGUN).fetchone()
    return int(row[0]) if row else 0


def sizes(connection: psycopg.Connection[Any], done: int) -> dict[str, float]:
    """Say how many bytes an order takes, table by table."""
    found = connection.execute(SIZES).fetchall()
    return {f"{name}, bytes an order": float(size) / done for name, size in found}


def asked(installation: Installation) -> dict[str, float]:
    """Ask what people ask all day; give milliseconds."""
    board, lookup = installation.views[OrderBoard], installation.lookup
    assert isinstance(board, OrderBoard)
    [one] = board.page(Wanted(), NOON, limit=1).orders
    histories = Histories(installation.log)
    found = {
        "board, first page": milliseconds(lambda: board.page(Wanted(), NOON)),
        "board, counts": milliseconds(lambda: board.counts(Wanted(), NOON)),
        "order, by its history": milliseconds(lambda: course_of(histories, one.order_id)),
        "search, by number": milliseconds(lambda: lookup.search(one.order_number)),
    }
    month = replace(question(), period=Period(date(2025, 6, 1), date(2025, 7, 1)))
    for name in FIGURES:
        figure = FIGURES[name]
        found[f"{name}, a month"] = milliseconds(
            lambda figure=figure: installation.figures.ask(figure, month)  # type: ignore[misc]
        )
    return found


def course_of(histories: Histories, order_id: UUID) -> object:
    """Read an order, and replay it."""
    return histories.of(OrderHistory, order_id).course


def measure(folder: Path) -> None:
    """Print what there is, how large it is, and how long answers take."""
    with Installation(settings_of(folder)) as installation:
        admin = installation.databases.superuser.log
        with psycopg.connect(admin, autocommit=True) as connection:
            done = count(connection)
            figures = {"orders": float(done), "events": float(installation.log.head())}
            figures |= sizes(connection, done)
        figures |= asked(installation)
    for name, value in figures.items():
        print(f"{name:44} {value:14,.1f}")
    report("capacity", figures)


def main() -> None:
    """Do what is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("make", "measure"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("orders", type=int, nargs="?", default=1_000_000)
    wish = parser.parse_args()
    if wish.what == "make":
        make(wish.folder, wish.orders)
    else:
        measure(wish.folder)


if __name__ == "__main__":
    main()
