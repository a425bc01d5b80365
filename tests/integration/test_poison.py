"""What cannot be applied is never passed over: who cannot stands still, says so, others go on."""

from collections.abc import Iterator
from typing import Any

import pytest

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.eventlog.topics import EVENTS
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Follower
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.order_board.board import OrderBoard
from tests.support import a_triage, an_order, ask, later
from tests.views import DERIVATIONS, ORDER_VIEWS, a_person, deliver, seven_orders, states

BOARD = OrderBoard.derivation
INTERVALS = OrderIntervals.derivation


@pytest.fixture
def follower(log: EventLog, pool: Pool) -> Follower:
    return Follower(log, pool, HistoryTables(log, ORDER_VIEWS))


@pytest.fixture
def board(pool: Pool) -> OrderBoard:
    return OrderBoard(pool, wait_seconds=0.05)


def poisoned(derivation: Derivation[Any], order: ServiceOrder) -> Derivation[Any]:
    """Given: a bug in a read model, that one order brings out."""

    def rows(history: OrderHistory) -> Iterator[Any]:
        if history.events[0][1].aggregate_id == order.id:
            raise ValueError("a bug in a read model")
        return derivation.rows(history)  # type: ignore[return-value]

    fields = vars(derivation) | {"rows": rows}
    return Derivation(**fields)


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
    broken = Follower(log, pool, HistoryTables(log, [INTERVALS, poisoned(BOARD, orders[4])]))

    deliver(broken)

    found = states(pool)
    assert (found["order_board_1"].position, found["order_intervals_2"].position) == (4, 7)
    assert found["order_intervals_2"].error is None
    assert len(OrderIntervals(pool).select("WHERE kind = 'status'")) == 7


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


def test_after_the_upgrade_a_follower_goes_on_where_it_stopped(
    log: EventLog, pool: Pool, board: OrderBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record_now(ask(an_order(), a_triage(), later(1)))
    known = EVENTS["service-order.triaged"]
    with monkeypatch.context() as older:
        older.setattr(known, "schema_version", known.schema_version - 1)
        deliver(Follower(log, pool, HistoryTables(log, [BOARD])))
    stopped = states(pool)["order_board_1"]

    deliver(Follower(log, pool, HistoryTables(log, [BOARD])))

    found = states(pool)["order_board_1"]
    assert (stopped.error, stopped.position) == ("event-unreadable", 1)
    assert (found.error, found.position, len(board.select(""))) == (None, 2, 1)


def test_a_topic_that_is_not_known_is_not_passed_over(
    log: EventLog, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record_now(ask(an_order(), a_triage(), later(1)))
    monkeypatch.delitem(EVENTS, "service-order.triaged")
    monkeypatch.setattr(EVENTS, "_base", type("Nothing", (), {}))

    deliver(Follower(log, pool, HistoryTables(log, [BOARD])))

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
