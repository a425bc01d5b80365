"""What was promised, and when the company had done its part."""

from os_events.aggregates.service_order.codes import Route
from os_events.aggregates.service_order.promises import (
    MovedBy,
    PromiseCause,
    PromiseCompletion,
)
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.projections.facts.milestones.promises import fulfilled, outstanding, promised
from tests.support import (
    BECAUSE,
    a_completion,
    a_consent,
    a_handover,
    a_reception,
    a_start,
    a_triage,
    an_activity,
    an_order,
    approved,
    ask,
    cancelling,
    later,
)
from tests.views import a_life, a_ready_notice, history

AGAIN = ReopenServiceOrder(cause=ReopeningCause.CUSTOMER_COMPLAINT, lines=("screen",))
A_DAY = 24 * 3600


def test_a_promise_counts_until_the_next_and_is_held_against_the_first() -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)), later(1))
    moved = PromiseCompletion(
        promised_at=later(72),
        moved_by=MovedBy.CUSTOMER,
        cause=PromiseCause.CUSTOMER,
        consent=a_consent(),
    )
    ask(order, moved, later(2))

    first, second = promised(history(order))

    assert (first.at, first.until, first.promised_at, first.seconds) == (
        later(1),
        later(2),
        later(48),
        0,
    )
    assert (second.at, second.until, second.promised_at, second.seconds) == (
        later(2),
        None,
        later(72),
        A_DAY,
    )
    assert (second.subject, second.detail) == ("customer", "customer")


def test_on_the_bench_the_notice_that_it_is_ready_fulfils() -> None:
    [found] = fulfilled(history(a_life()))

    assert (found.at, found.until) == (later(15), None)


def test_on_the_bench_without_a_notice_the_handover_fulfils() -> None:
    order = ask(approved(an_order()), a_reception(), later(1))
    ask(order, a_start(), later(2))
    ask(ask(order, an_activity(), later(2)), an_activity("port"), later(2))
    ask(order, a_completion(), later(3))
    ask(order, a_handover(), later(4), reason=BECAUSE, declared=("C2",))

    [found] = fulfilled(history(order))

    assert found.at == later(4)


def test_a_notice_before_any_completion_fulfils_nothing() -> None:
    order = ask(an_order(), a_ready_notice(), later(1))

    assert list(fulfilled(history(order))) == []


def test_only_the_first_notice_after_a_completion_counts() -> None:
    order = ask(a_life(), a_ready_notice(), later(30))

    assert [one.at for one in fulfilled(history(order))] == [later(15)]


def test_what_was_fulfilled_is_not_once_work_is_completed_again() -> None:
    order = ask(a_life(), AGAIN, later(30), reason=BECAUSE)
    ask(order, a_start("screen"), later(31))
    ask(order, an_activity(), later(31))
    ask(order, a_completion("screen"), later(32))

    [found] = fulfilled(history(order))

    assert (found.at, found.until) == (later(15), later(32))


def test_off_the_bench_the_completion_fulfils() -> None:
    order = ask(approved(an_order(asset=None)), a_triage(Route.REMOTE), later(1))
    ask(order, a_start("screen"), later(2))
    ask(order, an_activity(), later(2))
    ask(order, a_completion("screen"), later(3))

    [found] = fulfilled(history(order))

    assert found.at == later(3)


def test_what_was_promised_after_it_was_fulfilled_is_not_held_against_it() -> None:
    order = ask(a_life(), AGAIN, later(30), reason=BECAUSE)
    ask(order, PromiseCompletion(promised_at=later(40)), later(31))

    [found] = fulfilled(history(order))

    [promise, _] = promised(history(order))
    assert (found.promised_at, found.seconds) == (promise.promised_at, 0)


def test_a_promise_is_outstanding_until_it_is_fulfilled() -> None:
    [found] = outstanding(history(a_life()))

    [promise] = promised(history(a_life()))
    assert (found.at, found.until) == (later(8), later(15))
    assert (found.promised_at, found.detail) == (promise.promised_at, "2026-03-21")


def test_a_promise_is_outstanding_until_the_order_ends_and_again_once_it_is_reopened() -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)), later(1))
    ask(order, cancelling(), later(2), reason=BECAUSE)
    ask(order, ReopenServiceOrder(cause=ReopeningCause.OTHER), later(3), reason=BECAUSE)

    found = [(one.at, one.until) for one in outstanding(history(order))]

    assert found == [(later(1), later(2)), (later(3), None)]


def test_without_a_promise_none_is_outstanding() -> None:
    assert list(outstanding(history(an_order()))) == []
