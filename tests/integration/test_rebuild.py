"""Read models are built anew beside those that answer, and take their place."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread

import psycopg
import pytest

from os_events.aggregates.history import OrderHistory
from os_events.eventlog.database import FOLLOWER, Pool, connect, open_pool
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.followers import rebuild
from os_events.followers.compare import differences
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Follower
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.followers.positions import FollowerState, all_states
from os_events.followers.rebuild import Part, Rebuild, RebuildUnderWayError, Source
from os_events.followers.tables import Connection, Table, UnderivableError
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.row import BoardRow
from tests.support import a_triage, an_order, ask, later
from tests.views import DERIVATIONS, ORDER_VIEWS, a_life, a_person, deliver


@pytest.fixture
def source(log: EventLog, pool: Pool) -> Source:
    return Source(log, pool)


@pytest.fixture
def board(pool: Pool) -> OrderBoard:
    return OrderBoard(pool, wait_seconds=0.05)


@contextmanager
def reached(url: str) -> Iterator[Source]:
    """Open log and pool, as a process of a rebuild does."""
    ring = KeyRing(url, Kek(bytes(32)))
    with EventLog(url, ring, pool_size=2) as log, open_pool(url, FOLLOWER, 2) as pool:
        yield Source(log, pool)
    ring.close()


def end_after(connection: Connection, query: str) -> None:
    """Ask one thing more, and end the transaction."""
    connection.execute(query.encode())
    connection.commit()


def test_a_rebuild_needs_nobody_who_followed_before(source: Source) -> None:
    source.log.record_now(a_life())
    source.log.record_now(a_person())

    Rebuild(source, DERIVATIONS).run()

    assert list(differences(source, DERIVATIONS)) == []


def test_a_rebuild_says_how_far_it_is(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "CHUNK", 2)
    [source.log.record_now(an_order()) for _ in range(5)]
    told: list[tuple[int, int]] = []

    Rebuild(source, ORDER_VIEWS).run(lambda done, total: told.append((done, total)))

    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_a_rebuild_in_several_processes_is_the_same(source: Source, database_url: str) -> None:
    [source.log.record_now(an_order()) for _ in range(5)]
    source.log.record_now(a_person())

    Rebuild(source, DERIVATIONS).run(processes=2, reach=partial(reached, database_url))

    assert list(differences(source, DERIVATIONS)) == []


def test_each_history_is_built_once_whichever_process_does_it(
    source: Source, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "CHUNK", 1)
    [source.log.record_now(an_order()) for _ in range(12)]
    told: list[tuple[int, int]] = []

    Rebuild(source, ORDER_VIEWS).run(
        lambda done, total: told.append((done, total)), 2, partial(reached, database_url)
    )

    assert told == [(done, 12) for done in range(13)]
    assert list(differences(source, ORDER_VIEWS)) == []


def test_a_rebuild_mends_what_somebody_edited(source: Source, board: OrderBoard) -> None:
    order = an_order()
    source.log.record_now(order)
    deliver(Follower(*source, HistoryTables(source.log, ORDER_VIEWS)))
    with source.pool.connection() as connection:
        connection.execute("UPDATE read.order_board_1 SET priority = 'low'")

    Rebuild(source, ORDER_VIEWS).run()

    assert board.of(order.id).priority == "normal"


def test_a_rebuild_does_not_go_back_behind_what_was_answered(
    source: Source, board: OrderBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.log.record_now(a_life())
    live = Follower(*source, HistoryTables(source.log, ORDER_VIEWS))
    work = Rebuild(source, ORDER_VIEWS)
    switch = Part.switch

    def while_more_comes_in(part: Part, follower: Follower) -> None:
        source.log.record_now(a_life())
        deliver(live)
        switch(part, follower)

    monkeypatch.setattr(Part, "switch", while_more_comes_in)
    work.run()

    assert board.as_of().position == source.log.head() > work.position
    assert list(differences(source, ORDER_VIEWS)) == []


def test_a_rebuild_lets_those_finish_who_wait_for_its_tables_and_hold_others(
    source: Source, board: OrderBoard, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order()
    source.log.record_now(order)
    Rebuild(source, ORDER_VIEWS).run()
    first, *_, last = (one.name for one in ORDER_VIEWS)
    become = Table.become

    with psycopg.connect(admin_url) as reader:
        reader.execute("SET deadlock_timeout = '1min'")  # so that it is not the reader who gives up
        reader.execute(f"SELECT FROM read.{last}")
        asking = Thread(target=end_after, args=(reader, f"SELECT FROM read.{first}"))

        def while_somebody_reads(new: Table, connection: Connection, old: Table) -> None:
            if old.name == last and not asking.ident:
                asking.start()
            become(new, connection, old)

        monkeypatch.setattr(Table, "become", while_somebody_reads)
        Rebuild(source, ORDER_VIEWS).run()

        asking.join(30)
    assert board.of(order.id).status == "open"
    assert list(differences(source, ORDER_VIEWS)) == []


def test_a_follower_goes_on_after_a_rebuild(source: Source, board: OrderBoard) -> None:
    live = Follower(*source, HistoryTables(source.log, ORDER_VIEWS))
    order = an_order()
    source.log.record_now(order)
    deliver(live)
    Rebuild(source, ORDER_VIEWS).run()
    source.log.record_now(ask(order, a_triage(), later(1)))

    deliver(live)

    assert board.of(order.id).status == "queued"
    assert list(differences(source, ORDER_VIEWS)) == []


def test_one_rebuild_at_a_time(source: Source, database_url: str) -> None:
    with connect(database_url, FOLLOWER) as elsewhere:
        elsewhere.execute(rebuild.LEASE)

        with pytest.raises(RebuildUnderWayError):
            Rebuild(source, DERIVATIONS).run()


def test_a_rebuild_that_was_given_up_is_begun_again(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.log.record_now(an_order())
    with monkeypatch.context() as broken:
        broken.setattr(Part, "switch", give_up)
        with pytest.raises(RebuildUnderWayError):
            Rebuild(source, DERIVATIONS).run()
    before = states(source.pool)

    Rebuild(source, DERIVATIONS).run()

    assert before == []
    assert list(differences(source, DERIVATIONS)) == []


def give_up(_: Part, __: Follower) -> None:
    """Give up before the new tables are put in place."""
    raise RebuildUnderWayError


def states(pool: Pool) -> list[FollowerState]:
    """Then: how far everybody is who answers."""
    with pool.connection() as connection:
        return all_states(connection)


def broken_row(_: OrderHistory) -> Iterator[BoardRow]:
    """A bug in a read model."""
    raise ValueError("a bug")


BROKEN = Derivation(**vars(OrderBoard.derivation) | {"rows": broken_row})


def test_what_cannot_be_derived_is_named_and_nothing_is_switched(
    source: Source, board: OrderBoard
) -> None:
    order = an_order()
    source.log.record_now(order)
    deliver(Follower(*source, HistoryTables(source.log, ORDER_VIEWS)))

    with pytest.raises(UnderivableError, match=str(order.id)):
        Rebuild(source, [BROKEN]).run()

    assert board.of(order.id).status == "open"


def test_a_rebuild_makes_well_what_had_stopped(source: Source, pool: Pool) -> None:
    source.log.record_now(an_order())
    live = Follower(*source, HistoryTables(source.log, [BROKEN]))
    deliver(live)
    stopped = live.stopped

    Rebuild(source, [OrderBoard.derivation]).run()

    [state] = states(pool)
    assert stopped == {"order_board_1": 0}
    assert (state.position, state.error) == (1, None)


def test_the_followers_of_everything_find_nothing_to_do_after_a_rebuild(source: Source) -> None:
    source.log.record_now(a_life())
    Rebuild(source, DERIVATIONS).run()

    followers = [Follower(*source, group) for group in grouped(source.log, DERIVATIONS)]

    assert [follower.step() for follower in followers] == [False] * 4
