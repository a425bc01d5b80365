"""What keeps a follower going: one instance, a hint, a lease, and whatever the database does."""

from functools import partial
from threading import Event as Flag
from threading import Semaphore, Thread
from typing import Any

import psycopg
import pytest

from os_events.eventlog.database import FOLLOWER, Pool, connect
from os_events.eventlog.embedded import Server
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.history_tables import HistoryTables
from os_events.followers.runner import LEASE, Runner
from os_events.projections.order_board.board import OrderBoard
from tests.logs import SOON
from tests.support import an_order
from tests.views import ORDER_VIEWS

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def follower(log: EventLog, pool: Pool) -> Follower:
    return Follower(log, pool, HistoryTables(log, ORDER_VIEWS))


class Running:
    """A follower in a thread of its own, until the test has ended."""

    def __init__(self, running: Runner) -> None:
        self.stop = Flag()
        self.thread = Thread(target=running.run, args=(self.stop,))

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(SOON)
        assert not self.thread.is_alive()


@pytest.fixture
def patient(pool: Pool) -> OrderBoard:
    """Given: somebody who waits for the view."""
    return OrderBoard(pool, wait_seconds=SOON)


def test_a_runner_takes_in_what_is_recorded(
    log: EventLog, follower: Follower, patient: OrderBoard, database_url: str
) -> None:
    with Running(Runner(follower, partial(connect, database_url, FOLLOWER))):
        order = an_order()
        recorded = log.record_now(order)

        patient.reach(recorded.position)

    assert patient.of(order.id).version == 1


def test_a_runner_looks_though_nobody_told_it(
    log: EventLog, follower: Follower, patient: OrderBoard, server: Server
) -> None:
    elsewhere = server.url("postgres")  # where nobody hears of this log

    with Running(Runner(follower, partial(connect, elsewhere, FOLLOWER))):
        recorded = log.record_now(an_order())

        assert patient.reach(recorded.position).position == recorded.position


def test_a_runner_whose_connection_is_cut_comes_back(
    log: EventLog, follower: Follower, patient: OrderBoard, database_url: str, admin_url: str
) -> None:
    with Running(Runner(follower, partial(connect, database_url, FOLLOWER))):
        patient.reach(log.record_now(an_order()).position)
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(CUT)

        recorded = log.record_now(an_order())

        assert patient.reach(recorded.position).position == recorded.position


def test_a_runner_waits_while_another_instance_holds_the_lease(
    log: EventLog, follower: Follower, patient: OrderBoard, database_url: str
) -> None:
    attempts = Semaphore(0)

    class Trying(Runner):
        def _lease(self, connection: psycopg.Connection[Any]) -> bool:
            attempts.release()
            return super()._lease(connection)

    holder = connect(database_url, FOLLOWER)
    holder.execute(LEASE, (follower.effect.name,))
    recorded = log.record_now(an_order())

    with Running(Trying(follower, partial(connect, database_url, FOLLOWER))):
        tried_twice = attempts.acquire(timeout=SOON) and attempts.acquire(timeout=SOON)
        before = follower.position()
        holder.close()

        assert patient.reach(recorded.position).position == recorded.position

    assert (tried_twice, before) == (True, 0)
