"""The database and Python derive one leaf, and rows come as they are stored."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.errors import TamperedError
from os_events.eventlog.database import AUDITOR, LEDGER
from os_events.eventlog.log import EventLog
from os_events.eventlog.rows import StoredRow, history_rows, last_row, leaves, rows_at, stored_rows
from os_events.ledger.entry import Entry, leaf_hash
from os_events.ledger.rederive import entry_of, rederived
from tests.publishing import some_orders, tamper

DERIVED = """SELECT log.ledger_entry(%(position)s, %(aggregate_id)s, %(version)s, %(event)s,
    %(recorded_at)s, %(before)s, log.state_commitment(%(nonce)s, %(state)s)),
    log.leaf_hash(log.ledger_entry(%(position)s, %(aggregate_id)s, %(version)s, %(event)s,
    %(recorded_at)s, %(before)s, log.state_commitment(%(nonce)s, %(state)s)))"""

a_row = st.builds(
    StoredRow,
    position=st.integers(1, 2**53 - 1),
    aggregate_id=st.uuids(),
    version=st.integers(2, 2**53 - 1),
    event=st.from_regex(r"[A-Za-z][A-Za-z0-9_.:/-]{0,119}", fullmatch=True),
    recorded_at=st.datetimes(
        datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        datetime(9999, 12, 30),  # noqa: DTZ001 - the same
        timezones=st.just(UTC),
    ),
    nonce=st.binary(min_size=16, max_size=16),
    leaf=st.just(b""),
    state=st.binary(max_size=300),
    previous=st.binary(min_size=32, max_size=32).filter(any),
)


@pytest.fixture
def anywhere(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of another zone and style, which must derive the same."""
    options = "-c role=os_auditor -c timezone=Asia/Kolkata -c datestyle=SQL"
    with psycopg.connect(database_url, autocommit=True, options=options) as connection:
        yield connection


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(row=a_row)
def test_the_database_derives_the_leaf_that_python_derives(
    anywhere: psycopg.Connection[Any], row: StoredRow
) -> None:
    ours = entry_of(row)

    theirs = anywhere.execute(DERIVED, row._asdict() | {"before": row.previous}).fetchone()

    assert theirs == (ours, leaf_hash(ours))
    assert Entry.of(ours).text() == ours


def all_rows(url: str) -> list[StoredRow]:
    with stored_rows(url, LEDGER) as rows:
        return list(rows)


def test_rows_come_in_order_each_with_the_leaf_of_the_version_before(
    log: EventLog, database_url: str
) -> None:
    some_orders(log, 5)

    rows = all_rows(database_url)

    assert [row.position for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows] == [None] * 5
    assert list(rederived(rows)) == rows


def test_rows_come_from_a_part_of_the_log(log: EventLog, database_url: str) -> None:
    some_orders(log, 5)

    with stored_rows(database_url, LEDGER, after=1, upto=3) as rows:
        positions = [row.position for row in rows]

    assert positions == [2, 3]


def test_the_rows_of_one_history_are_found(log: EventLog, database_url: str) -> None:
    orders = some_orders(log, 3)

    rows = history_rows(database_url, AUDITOR, orders[1])

    assert [(row.position, row.aggregate_id) for row in rows] == [(2, orders[1])]


def test_an_empty_log_has_no_last_row(database_url: str) -> None:
    assert last_row(database_url, LEDGER) is None
    assert rows_at(database_url, LEDGER, [1]) == {}


def test_the_last_row_is_the_newest(log: EventLog, database_url: str) -> None:
    orders = some_orders(log, 3)

    last = last_row(database_url, LEDGER)

    assert last is not None
    assert (last.position, last.aggregate_id) == (3, orders[2])


def test_leaves_come_packed_in_portions(log: EventLog, database_url: str) -> None:
    some_orders(log, 5)
    rows = all_rows(database_url)

    portions = list(leaves(database_url, LEDGER, 5, at_once=2))

    assert list(map(len, portions)) == [64, 64, 32]
    assert b"".join(portions) == b"".join(row.leaf for row in rows)


def test_leaves_with_a_hole_are_refused(log: EventLog, database_url: str, admin_url: str) -> None:
    some_orders(log, 5)
    tamper(admin_url, "DELETE FROM log.events WHERE position = 4")

    with pytest.raises(TamperedError, match="positions 3 to 4: a row is missing"):
        list(leaves(database_url, LEDGER, 5, at_once=2))
