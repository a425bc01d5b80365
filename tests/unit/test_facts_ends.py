"""How long it took until the work was done, until the device was back, and how an order ended."""

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import (
    ClosingOutcome,
    HoldCause,
    HoldScope,
    OrderType,
    Route,
)
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.projections.facts.milestones.ends import (
    cancelled,
    closed,
    completed,
    reopened,
    turned_around,
)
from tests.support import (
    BECAUSE,
    NOON,
    a_closing,
    a_completion,
    a_reception,
    a_start,
    a_triage,
    an_activity,
    an_order,
    ask,
    cancelling,
    facts,
    imported,
    later,
)
from tests.views import a_life, history, logged

HOUR = 3600
AGAIN = ReopenServiceOrder(cause=ReopeningCause.INCOMPLETE, lines=("screen",))
FOR_THE_LABORATORY = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.THIRD_PARTY)


def done_again(order: ServiceOrder) -> ServiceOrder:
    """Reopen an order at hour 30, and work on it from 31 until 33."""
    ask(order, AGAIN, later(30), reason=BECAUSE)
    ask(order, a_start("screen"), later(31))
    ask(order, an_activity(), later(31))
    return ask(order, a_completion("screen"), later(33))


def test_a_completion_says_how_long_it_took_and_how_long_somebody_was_at_it() -> None:
    [found] = completed(history(a_life()))

    assert (found.at, found.seconds, found.of_seconds) == (later(14), 14 * HOUR, 3 * HOUR)
    assert found.subject == "repaired"


def test_the_labour_of_a_second_completion_is_all_labour_until_then() -> None:
    first, second = completed(history(done_again(a_life())))

    assert (first.until, first.of_seconds) == (later(33), 3 * HOUR)
    assert (second.until, second.of_seconds) == (None, 5 * HOUR)


def test_a_completion_of_work_that_was_never_started_has_no_labour() -> None:
    order = ask(an_order(), a_completion(), later(1), **imported())

    [found] = completed(history(order))

    assert (found.of_seconds, found.amount) == (None, 0)


def test_labour_is_told_apart_of_repairs_only() -> None:
    [repair] = completed(history(a_life()))
    told = ask(an_order(type=OrderType.SUPPORT), a_completion(), later(1), **imported())
    [support] = completed(history(told))

    assert (repair.amount, support.amount) == (3 * HOUR, None)


def test_on_the_bench_a_turn_is_all_custody_until_the_handover() -> None:
    [found] = turned_around(history(a_life()))

    assert (found.at, found.seconds, found.subject) == (later(18), 17 * HOUR, "repaired")


def test_the_time_of_the_customer_and_of_parts_is_not_ours() -> None:
    order = a_life()  # 7-8 awaits approval, 9-10 awaits parts, 15-18 is ready for pickup

    [found] = turned_around(history(order))

    assert found.of_seconds == (1 + 1 + 3) * HOUR


def test_waiting_for_others_than_the_customer_and_parts_is_ours() -> None:
    order = ask(an_order(), a_triage(Route.REMOTE), NOON)
    ask(order, FOR_THE_LABORATORY, later(1), reason=BECAUSE)
    ask(order, ReleaseHold(), later(9))
    ask(
        order,
        a_closing(ClosingOutcome.CANNOT_COMPLETE, cause_code="gone"),
        later(10),
        reason=BECAUSE,
    )

    [found] = turned_around(history(order))

    assert (found.seconds, found.of_seconds, found.subject) == (10 * HOUR, 0, "cannot_complete")


def test_a_device_that_is_still_here_has_not_turned_around() -> None:
    order = ask(an_order(), a_reception(), later(1))

    assert list(turned_around(history(order))) == []


def test_a_closing_counts_until_the_order_is_reopened() -> None:
    told = history(done_again(a_life()))

    [found] = closed(told)
    [again] = reopened(told)

    assert (found.at, found.until, found.subject) == (later(19), later(30), "fulfilled")
    assert (again.at, again.subject) == (later(30), "incomplete")


def test_a_cancellation_counts_until_the_order_is_reopened() -> None:
    order = ask(an_order(), cancelling(), later(1), reason=BECAUSE)
    ask(order, ReopenServiceOrder(cause=ReopeningCause.OTHER), later(2), reason=BECAUSE)

    [found] = cancelled(history(order))

    assert (found.at, found.until) == (later(1), later(2))
    assert (found.subject, found.detail) == ("gave-up", "customer")


def test_an_order_that_was_closed_after_all_is_not_cancelled() -> None:
    gone = ask(an_order(), cancelling(), later(1), reason=BECAUSE)
    closing = a_closing(ClosingOutcome.CANNOT_COMPLETE, cause_code="gone")
    late = ask(an_order(), closing, later(2), reason=BECAUSE)
    both = OrderHistory.of(logged([*facts(gone), *facts(late)[1:]]))

    [found] = cancelled(both)

    assert found.until == later(2)
    assert [one.until for one in closed(both)] == [None]
