"""Pauses."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.rules import (
    OccurredOutOfOrderError,
    ReasonRequiredError,
)
from os_events.aggregates.service_order.checks import DuplicateIdError, OrderEndedError
from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import (
    HoldAlreadyOpenError,
    HoldBreaksPromiseError,
    HoldPlaced,
    HoldReleased,
    NoOpenHoldError,
    PlaceHold,
    ReleaseHold,
    ReturnBlockedByDebtError,
)
from os_events.aggregates.service_order.memory import Work
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.values.acts import Reason
from tests.support import (
    BECAUSE,
    a_reception,
    a_start,
    an_order,
    approved,
    ask,
    cancelled,
    facts,
    imported,
    later,
    news,
    past,
)

HOLD, OTHER = UUID(int=51), UUID(int=52)
DEBT = Reason(code="debt")


def a_hold(scope: HoldScope = HoldScope.ORDER, **fields: Any) -> PlaceHold:
    return PlaceHold(**{"scope": scope, "cause": HoldCause.PARTS, **fields})


def test_an_order_stands_still_for_a_cause() -> None:
    order = past(an_order())

    ask(order, a_hold(hold_id=HOLD, expected_until=later(24)), reason=BECAUSE)

    placed = {
        "hold_id": HOLD,
        "scope": HoldScope.ORDER,
        "cause": HoldCause.PARTS,
        "expected_until": later(24),
    }
    assert news(order) == [(HoldPlaced, placed)]
    assert order.held


def test_an_order_is_held_with_a_reason_only() -> None:
    with pytest.raises(ReasonRequiredError):
        ask(an_order(), a_hold())


def test_labour_is_held_without_a_reason() -> None:
    order = ask(an_order(), a_hold(HoldScope.WORK))

    assert not order.held


def test_there_is_one_hold_at_a_time_for_each_scope() -> None:
    order = ask(an_order(), a_hold(), reason=BECAUSE)

    with pytest.raises(HoldAlreadyOpenError):
        ask(order, a_hold(), reason=BECAUSE)


def test_labour_may_be_held_within_an_order_that_is() -> None:
    order = ask(an_order(), a_hold(), reason=BECAUSE)

    ask(order, a_hold(HoldScope.WORK))

    assert len(order.holds) == 2


def test_one_hold_at_a_time_holds_for_imports_too() -> None:
    order = ask(an_order(), a_hold(), **imported())

    with pytest.raises(HoldAlreadyOpenError):
        ask(order, a_hold(), **imported())


def test_a_hold_is_not_called_like_an_earlier_one() -> None:
    order = ask(an_order(), a_hold(hold_id=HOLD), reason=BECAUSE)
    ask(order, ReleaseHold())

    with pytest.raises(DuplicateIdError):
        ask(order, a_hold(hold_id=HOLD), reason=BECAUSE)


@pytest.mark.parametrize("until", [later(48, minutes=1), None])
def test_a_hold_past_the_promised_date_is_refused(until: datetime | None) -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)))

    with pytest.raises(HoldBreaksPromiseError):
        ask(order, a_hold(expected_until=until), reason=BECAUSE)


@pytest.mark.parametrize("until", [later(47), later(48)])
def test_a_hold_up_to_the_promised_date_breaks_nothing(until: datetime) -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)))

    ask(order, a_hold(expected_until=until), reason=BECAUSE)

    assert order.held


def test_an_override_says_why() -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)))

    with pytest.raises(ReasonRequiredError):
        ask(order, a_hold(), declared=("Q10",))


def test_a_hold_past_the_promised_date_says_what_it_overrides() -> None:
    order = past(ask(an_order(), PromiseCompletion(promised_at=later(48))))

    ask(order, a_hold(), reason=BECAUSE, declared=("Q10",))

    assert facts(order)[-1].overrides == ("Q10",)


def test_what_did_not_stand_in_the_way_is_not_overridden() -> None:
    order = an_order()

    ask(order, a_hold(), reason=BECAUSE, declared=("Q10",))

    assert facts(order)[-1].overrides == ()


def test_labour_may_be_held_past_the_promised_date() -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)))

    ask(order, a_hold(HoldScope.WORK))

    assert order.holds


def test_an_imported_hold_breaks_no_promise_of_ours() -> None:
    order = ask(an_order(), PromiseCompletion(promised_at=later(48)))

    ask(order, a_hold(), **imported())

    assert order.held


def test_a_device_is_not_kept_for_a_debt() -> None:
    order = ask(an_order(), a_reception())

    with pytest.raises(ReturnBlockedByDebtError):
        ask(order, a_hold(HoldScope.WORK), reason=DEBT)


def test_an_order_without_our_custody_may_wait_for_money() -> None:
    order = ask(an_order(), a_hold(), reason=DEBT)

    assert order.held


def test_an_override_does_not_keep_a_device_for_a_debt() -> None:
    order = ask(an_order(), a_reception())

    with pytest.raises(ReturnBlockedByDebtError):
        ask(order, a_hold(), reason=DEBT, declared=("C2",))


def test_a_hold_pauses_the_work() -> None:
    order = ask(approved(an_order()), a_start())

    ask(order, a_hold(HoldScope.WORK), later(1))

    assert order.work is Work.PAUSED


def test_a_release_lets_the_work_go_on_if_it_says_so() -> None:
    order = ask(approved(an_order()), a_start())
    past(ask(order, a_hold(HoldScope.WORK, hold_id=HOLD), later(1)))

    ask(order, ReleaseHold(resumes_work=True), later(2))

    assert news(order) == [(HoldReleased, {"hold_id": HOLD, "resumes_work": True})]
    assert (order.work, order.work_since) == (Work.ACTIVE, later(2))


def test_a_release_leaves_the_work_paused_otherwise() -> None:
    order = ask(approved(an_order()), a_start())
    ask(order, a_hold(), later(1), reason=BECAUSE, declared=("Q10",))

    ask(order, ReleaseHold(), later(2))

    assert order.work is Work.PAUSED


def test_a_release_names_its_hold_where_there_are_two() -> None:
    order = ask(an_order(), a_hold(hold_id=HOLD), reason=BECAUSE)
    ask(order, a_hold(HoldScope.WORK, hold_id=OTHER))

    ask(order, ReleaseHold(hold_id=HOLD))

    assert list(order.holds) == [OTHER]


def test_a_release_without_a_name_is_of_the_latest_hold() -> None:
    order = ask(an_order(), a_hold(hold_id=HOLD), reason=BECAUSE)
    ask(order, a_hold(HoldScope.WORK, hold_id=OTHER))

    ask(order, ReleaseHold())

    assert list(order.holds) == [HOLD]


@pytest.mark.parametrize("hold_id", [None, HOLD])
def test_only_an_open_hold_is_released(hold_id: UUID | None) -> None:
    with pytest.raises(NoOpenHoldError):
        ask(an_order(), ReleaseHold(hold_id=hold_id))


def test_a_hold_is_not_released_before_it_was_placed() -> None:
    order = ask(an_order(), a_hold(), later(2), reason=BECAUSE)

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, ReleaseHold(), later(1))


@pytest.mark.parametrize("change", [a_hold(), ReleaseHold()])
def test_an_ended_order_is_not_held(change: Any) -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, change, reason=BECAUSE)
