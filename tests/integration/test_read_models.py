"""Read models on a real database: live, rebuilt and computed from scratch are one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.errors import NotFoundError, UnavailableError
from os_events.eventlog.database import READER, Pool, open_pool
from os_events.eventlog.log import EventLog
from os_events.followers.compare import Difference, differences
from os_events.followers.follower import Follower
from os_events.followers.histories import Histories
from os_events.followers.history_tables import grouped
from os_events.followers.read_model import ReadModelBehindError
from os_events.followers.rebuild import Rebuild, Source
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.names import Names
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.wanted import Wanted
from os_events.projections.order_view.document import document
from os_events.projections.person_record import PersonRecord
from tests.golden.lives import a_customer, a_refused_quote, a_repaired_telephone
from tests.support import (
    BECAUSE,
    CUSTOMER,
    NOON,
    STRANGER,
    a_triage,
    an_act,
    an_order,
    ask,
    facts,
    later,
)
from tests.views import DERIVATIONS, a_life, a_person, deliver

PLACED = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS)
LATER_FACTS = [*facts(a_repaired_telephone())[1:], *facts(a_refused_quote())[1:]]
MOMENTS = st.integers(-60, 600).map(lambda minutes: later(minutes=minutes))
TOLD = st.lists(st.tuples(st.sampled_from(LATER_FACTS), MOMENTS), max_size=15)


@pytest.fixture
def source(log: EventLog, pool: Pool) -> Source:
    return Source(log, pool)


@pytest.fixture
def followers(source: Source) -> list[Follower]:
    groups = grouped(source.log, DERIVATIONS)
    return [Follower(source.log, source.pool, group) for group in groups]


@pytest.fixture
def reading(database_url: str) -> Iterator[Pool]:
    """Connections for questions."""
    with open_pool(database_url, READER, 2) as connections:
        yield connections


@pytest.fixture
def board(reading: Pool) -> OrderBoard:
    return OrderBoard(reading, wait_seconds=0.05)


def contents(pool: Pool) -> dict[str, Any]:
    """Then: what every table holds, to the byte."""
    query = "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM read.{} AS t"
    with pool.connection() as connection:
        return {
            one.name: connection.execute(query.format(one.name)).fetchone() for one in DERIVATIONS
        }


def rebuilt(source: Source) -> dict[str, Any]:
    """When: everything is built anew."""
    Rebuild(source, DERIVATIONS).run()
    return contents(source.pool)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(told=TOLD, cuts=st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_whatever_happened_and_wherever_batches_end_live_is_rebuilt_is_computed(
    source: Source, told: list[tuple[Any, datetime]], cuts: list[int]
) -> None:
    followers = [Follower(*source, group) for group in grouped(source.log, DERIVATIONS)]
    order = an_order()
    source.log.record_now(order)

    for n, (fact, at) in enumerate(told):
        order.happened(an_act(at), fact)
        source.log.record_now(order)
        for follower in followers[n % 2 :: 2]:
            follower.limit = follower.largest = cuts[n % len(cuts)]
            follower.step()
    deliver(*followers)

    assert list(differences(source, DERIVATIONS)) == []
    assert contents(source.pool) == rebuilt(source)


def test_all_there_is_comes_out_equal(source: Source, followers: list[Follower]) -> None:
    source.log.record_now(a_repaired_telephone())
    deliver(followers[0])
    source.log.record_now(a_customer())
    source.log.record_now(a_life())

    deliver(*followers)

    assert list(differences(source, DERIVATIONS)) == []
    assert contents(source.pool) == rebuilt(source)


def test_what_is_told_late_comes_out_as_if_it_had_been_told_in_time(
    source: Source, followers: list[Follower], reading: Pool
) -> None:
    order = an_order()
    source.log.record_now(ask(order, a_triage(), later(50)))
    deliver(*followers)
    source.log.record_now(ask(order, PLACED, later(2), reason=BECAUSE))

    deliver(*followers)

    intervals = OrderIntervals(reading).of(order.id)
    assert [(row.kind, row.about, row.started_at) for row in intervals] == [
        ("wait", "parts", later(2)),
        ("status", "open", NOON),
        ("status", "on_hold", later(2)),
        ("stage", "backlog", NOON),
        ("hold", "parts", later(2)),
    ]


def test_the_past_is_shown_as_it_was_and_as_it_was_known(
    source: Source, followers: list[Follower], board: OrderBoard
) -> None:
    order = an_order()
    source.log.record_now(ask(order, a_triage(), later(1)))
    source.log.record_now(ask(order, PLACED, later(2), reason=BECAUSE))
    deliver(*followers)

    told = Histories(source.log).of(OrderHistory, order.id)

    before_the_hold = told.until(as_of=later(1))
    before_it_was_known = told.until(known_at=told.events[1][1].recorded_at)
    now = board.of(order.id)
    then, known = document(before_the_hold), document(before_it_was_known)
    assert then is not None
    assert known is not None
    assert (then.standing.status, known.standing.status, now.status) == (
        "queued",
        "queued",
        "on_hold",
    )


def test_a_person_is_kept_without_their_name_and_named_from_the_log(
    source: Source, followers: list[Follower], reading: Pool
) -> None:
    person = a_customer()
    source.log.record_now(person)
    deliver(*followers)

    row = PersonRecord(reading).of(person.id)

    assert "Maria" not in str(row)
    assert Names(source.log).of([person.id, STRANGER]) == {CUSTOMER: "Maria de Souza"}


def test_what_is_not_there_is_not_found(
    source: Source, followers: list[Follower], reading: Pool, board: OrderBoard
) -> None:
    person = a_person()
    source.log.record_now(person)
    deliver(*followers)

    with pytest.raises(NotFoundError):
        board.of(person.id)
    with pytest.raises(NotFoundError):
        PersonRecord(reading).of(STRANGER)
    with pytest.raises(NotFoundError):
        Histories(source.log).of(OrderHistory, person.id)


def test_a_writer_may_wait_for_what_was_written(
    source: Source, followers: list[Follower], board: OrderBoard
) -> None:
    recorded = source.log.record_now(an_order())

    with pytest.raises(ReadModelBehindError):
        board.reach(recorded.position)
    deliver(*followers)

    assert board.reach(recorded.position).position == recorded.position


def test_a_table_that_nobody_made_yet_is_behind(board: OrderBoard) -> None:
    with pytest.raises(ReadModelBehindError):
        board.page(Wanted(), NOON)


def test_a_board_without_a_database_says_so(board: OrderBoard) -> None:
    board.pool.close()

    with pytest.raises(UnavailableError):
        board.as_of()


@pytest.mark.usefixtures("followers")
def test_questions_may_change_nothing(reading: Pool) -> None:
    with reading.connection() as connection, pytest.raises(psycopg.Error):
        connection.execute("DELETE FROM read.order_board_1")


def edit(pool: Pool, statement: LiteralString, *values: Any) -> None:
    """When: somebody types SQL."""
    with pool.connection() as connection:
        connection.execute(statement, values)


def test_a_row_that_somebody_edited_is_found(source: Source, followers: list[Follower]) -> None:
    [one, two, three] = [an_order() for _ in range(3)]
    source.log.record_now(one)
    source.log.record_now(two)
    source.log.record_now(three)
    deliver(*followers)

    edit(source.pool, "UPDATE read.order_board_1 SET type = '' WHERE order_id = %s", one.id)
    edit(source.pool, "DELETE FROM read.order_intervals_2 WHERE order_id = %s", two.id)
    moved = "UPDATE read.order_traits_1 SET order_id = %s WHERE order_id = %s"
    edit(source.pool, moved, STRANGER, three.id)

    assert set(differences(source, DERIVATIONS)) == {
        Difference("order_board_1", one.id),
        Difference("order_intervals_2", two.id),
        Difference("order_traits_1", three.id),
        Difference("order_traits_1", STRANGER),
    }
