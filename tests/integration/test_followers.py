"""Followers on a real database: positions and rows move together, and nothing is passed over."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.errors import UnavailableError
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.eventlog.topics import EVENTS
from os_events.followers import follower as following
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.follower import FencedError, Follower
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.followers.positions import FollowerState
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_intervals import OrderIntervals
from tests.support import a_triage, an_order, approved, ask, later
from tests.views import DERIVATIONS, ORDER_VIEWS, a_person, deliver

BOARD = OrderBoard.derivation
INTERVALS = OrderIntervals.derivation


@pytest.fixture
def follower(log: EventLog, pool: Pool) -> Follower:
    return Follower(log, pool, HistoryTables(log, ORDER_VIEWS))


@pytest.fixture
def board(pool: Pool) -> OrderBoard:
    return OrderBoard(pool, wait_seconds=0.05)


def states(pool: Pool) -> dict[str, FollowerState]:
    """Then: how far everybody is."""
    with pool.connection() as connection:
        return {one.follower: one for one in positions.all_states(connection)}


def poisoned(derivation: Derivation[Any], order: ServiceOrder) -> Derivation[Any]:
    """Given: a bug in a read model, that one order brings out."""

    def rows(history: OrderHistory) -> Iterator[Any]:
        if history.events[0][1].aggregate_id == order.id:
            raise ValueError("a bug in a read model")
        return derivation.rows(history)  # type: ignore[return-value]

    fields = vars(derivation) | {"rows": rows}
    return Derivation(**fields)


def seven_orders(log: EventLog) -> list[ServiceOrder]:
    orders = [an_order() for _ in range(7)]
    for order in orders:
        log.record_now(order)
    return orders


def test_what_was_recorded_is_on_the_board(
    log: EventLog, follower: Follower, board: OrderBoard
) -> None:
    order = an_order()
    recorded = log.record_now(order)

    deliver(follower)

    [row] = board.select("")
    assert (row.order_id, board.as_of().position) == (order.id, recorded.position)


def test_positions_move_over_what_is_not_wanted(log: EventLog, follower: Follower) -> None:
    log.record_now(a_person())

    deliver(follower)

    assert follower.position() == 1


def test_there_is_nothing_to_do_at_the_end_of_the_log(log: EventLog, follower: Follower) -> None:
    log.record_now(an_order())

    assert follower.step()
    assert not follower.step()


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Given: a connection that is lost after the rows are written."""

    def lost(_: str) -> None:
        raise psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(following, "failpoint", lost)
    return monkeypatch


def test_what_fails_before_the_commit_leaves_nothing_behind(
    log: EventLog, follower: Follower, board: OrderBoard, cut: pytest.MonkeyPatch
) -> None:
    log.record_now(an_order())
    with pytest.raises(UnavailableError):
        follower.step()
    before = (board.select(""), board.as_of().position)
    cut.undo()

    deliver(follower)

    assert before == ([], 0)
    assert len(board.select("")) == 1


@pytest.mark.usefixtures("cut")
def test_a_lost_connection_is_no_poison(log: EventLog, follower: Follower, pool: Pool) -> None:
    log.record_now(an_order())

    with pytest.raises(UnavailableError):
        follower.step()

    assert {one.error for one in states(pool).values()} == {None}


def test_a_second_instance_is_fenced(log: EventLog, follower: Follower) -> None:
    log.record_now(an_order())
    after, upto = follower.position(), log.head()
    follower.step()

    with pytest.raises(FencedError):
        follower._take_in(after, upto, list(follower.positions()))


def test_what_another_instance_took_in_is_not_forgotten(
    log: EventLog, follower: Follower, pool: Pool, board: OrderBoard
) -> None:
    other = Follower(log, pool, HistoryTables(log, ORDER_VIEWS))
    order = an_order()
    log.record_now(order)
    follower.step()
    log.record_now(ask(order, a_triage(), later(1)))
    other.step()
    log.record_now(approved(order))

    follower.step()

    [row] = board.select("")
    assert (row.version, row.status) == (order.version, "approved")


def test_histories_that_do_not_fit_are_read_again(
    log: EventLog, follower: Follower, board: OrderBoard
) -> None:
    assert isinstance(follower.effect, HistoryTables)
    follower.effect.busy.largest = 3
    orders = seven_orders(log)
    deliver(follower)
    for order in orders:
        log.record_now(ask(order, a_triage(), later(1)))
        follower.step()

    assert {row.version for row in board.select("")} == {2}


def test_a_poison_event_stops_a_table_right_before_it(
    log: EventLog, pool: Pool, board: OrderBoard
) -> None:
    orders = seven_orders(log)
    broken = Follower(log, pool, HistoryTables(log, [poisoned(BOARD, orders[4])]))

    deliver(broken)

    assert broken.position() == 4
    assert {row.order_id for row in board.select("")} == {order.id for order in orders[:4]}
    assert (board.as_of().position, board.as_of().degraded_since) == (4, 5)


def test_why_it_stopped_is_said_without_what_it_was_about(log: EventLog, pool: Pool) -> None:
    orders = seven_orders(log)

    deliver(Follower(log, pool, HistoryTables(log, [poisoned(BOARD, orders[4])])))

    state = states(pool)["order_board_1"]
    assert (state.position, state.stopped_at, state.error) == (4, 5, "underivable")
    assert state.stopped_since is not None


def test_other_tables_go_on(log: EventLog, pool: Pool) -> None:
    orders = seven_orders(log)
    broken = Follower(log, pool, HistoryTables(log, [poisoned(BOARD, orders[4]), INTERVALS]))

    deliver(broken)

    found = states(pool)
    assert (found["order_board_1"].position, found["order_intervals_1"].position) == (4, 7)
    assert found["order_intervals_1"].error is None
    assert len(OrderIntervals(pool).select("")) == 7


def test_the_same_stop_is_said_once(log: EventLog, pool: Pool) -> None:
    orders = seven_orders(log)
    deliver(Follower(log, pool, HistoryTables(log, [poisoned(BOARD, orders[4])])))
    since = states(pool)["order_board_1"].stopped_since

    deliver(Follower(log, pool, HistoryTables(log, [poisoned(BOARD, orders[4])])))

    assert states(pool)["order_board_1"].stopped_since == since


def test_once_mended_it_goes_on_and_is_well(log: EventLog, pool: Pool, board: OrderBoard) -> None:
    orders = seven_orders(log)
    deliver(Follower(log, pool, HistoryTables(log, [poisoned(BOARD, orders[4])])))

    deliver(Follower(log, pool, HistoryTables(log, [BOARD])))

    assert len(board.select("")) == 7
    assert board.as_of().degraded_since is None
    assert states(pool)["order_board_1"].error is None


def test_an_event_of_a_newer_program_stops_whoever_would_read_it(
    log: EventLog, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = ask(an_order(), a_triage(), later(1))
    log.record_now(order)
    log.record_now(a_person())
    followers = [Follower(log, pool, group) for group in grouped(log, DERIVATIONS)]
    known = EVENTS["service-order.triaged"]
    monkeypatch.setattr(known, "schema_version", known.schema_version - 1)

    deliver(*followers)

    found = states(pool)
    assert (found["order_board_1"].position, found["order_board_1"].error) == (
        1,
        "event-unreadable",
    )
    assert (found["person_record_1"].position, found["person_record_1"].error) == (3, None)


def test_a_topic_that_is_not_known_is_not_passed_over(
    log: EventLog, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record_now(ask(an_order(), a_triage(), later(1)))
    follower = Follower(log, pool, HistoryTables(log, [BOARD]))
    monkeypatch.delitem(EVENTS, "service-order.triaged")
    monkeypatch.setattr(EVENTS, "_base", type("Nothing", (), {}))

    deliver(follower)

    assert states(pool)["order_board_1"].error == "event-unreadable"


def test_a_hole_in_the_log_stops_everybody(
    log: EventLog, follower: Follower, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seven_orders(log)
    real = log.recorder.count

    def counted(after: int, upto: int) -> int:
        return real(after, upto) - (after < 5 <= upto)

    monkeypatch.setattr(log.recorder, "count", counted)
    deliver(follower)

    assert {one.error for one in states(pool).values()} == {"tampered"}
    assert follower.position() == 4


def test_a_new_read_model_catches_up_beside_the_others(
    log: EventLog, pool: Pool, board: OrderBoard
) -> None:
    order = an_order()
    log.record_now(order)
    log.record_now(ask(order, a_triage(), later(1)))
    deliver(Follower(log, pool, HistoryTables(log, [BOARD])))
    both = Follower(log, pool, HistoryTables(log, [BOARD, INTERVALS]))
    both.limit = 1

    both.step()

    assert states(pool)["order_intervals_1"].position == 1
    [row] = board.select("")
    assert (row.status, board.as_of().position) == ("queued", 2)
    deliver(both)
    assert [row.status for row in OrderIntervals(pool).of(order.id)] == ["open", "queued"]


def test_tables_of_one_kind_share_a_reading(log: EventLog) -> None:
    groups = grouped(log, DERIVATIONS)

    assert [group.name for group in groups] == [
        "service-order",
        "person",
        "person-opened",
        "service-order-opened",
    ]
    assert len(groups[0].tables) == len(ORDER_VIEWS) == 3
