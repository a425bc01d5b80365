"""Followers on a real database: positions and rows move together, and nothing is passed over."""

import psycopg
import pytest

from os_events.aggregates.service_order.codes import Priority
from os_events.errors import UnavailableError
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.followers import follower as following
from os_events.followers.follower import FencedError, Follower
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.order_board.board import OrderBoard
from tests.support import a_triage, an_order, approved, ask, later
from tests.views import DERIVATIONS, ORDER_VIEWS, a_person, deliver, seven_orders, states

BOARD = OrderBoard.derivation
INTERVALS = OrderIntervals.derivation


@pytest.fixture
def follower(log: EventLog, pool: Pool) -> Follower:
    return Follower(log, pool, HistoryTables(log, ORDER_VIEWS))


@pytest.fixture
def board(pool: Pool) -> OrderBoard:
    return OrderBoard(pool, wait_seconds=0.05)


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


def test_a_table_that_somebody_dropped_is_filled_again_from_the_beginning(
    log: EventLog, pool: Pool, follower: Follower, board: OrderBoard
) -> None:
    order = an_order()
    log.record_now(order)
    deliver(follower)
    with pool.connection() as connection:
        connection.execute(f"DROP TABLE {board.table}")

    deliver(Follower(log, pool, HistoryTables(log, ORDER_VIEWS)))

    assert [row.order_id for row in board.select("")] == [order.id]


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
def test_a_lost_connection_is_no_poison(log: EventLog, pool: Pool) -> None:
    follower = Follower(log, pool, HistoryTables(log, [OrderBoard.derivation]))
    log.record_now(an_order())

    with pytest.raises(UnavailableError):
        follower.step()

    assert states(pool)["order_board_1"].error is None


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
    log.record_now(ask(order, a_triage(priority=Priority.URGENT), later(1)))
    other.step()
    log.record_now(approved(order))

    follower.step()

    [row] = board.select("")
    assert (row.status, row.priority) == ("approved", "urgent")


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

    assert states(pool)["order_intervals_2"].position == 1
    [row] = board.select("")
    assert (row.status, board.as_of().position) == ("queued", 2)
    deliver(both)
    told = [row.about for row in OrderIntervals(pool).of(order.id)]
    assert told == ["open", "queued", "backlog"]


def test_tables_of_one_kind_share_a_reading(log: EventLog) -> None:
    groups = grouped(log, DERIVATIONS)

    assert [group.name for group in groups] == [
        "service-order",
        "person",
        "person-opened",
        "service-order-opened",
    ]
    assert len(groups[0].tables) == len(ORDER_VIEWS) == 5
