"""Where an order stood, from when to when, whatever order it was told in."""

from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.projections.facts.intervals import IntervalKind, IntervalRow, rows
from tests.support import BECAUSE, NOON, a_reception, a_triage, an_order, ask, facts, later
from tests.views import a_life, history, logged

PLACED = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS)


def of_kind(told: OrderHistory, kind: IntervalKind) -> list[IntervalRow]:
    return [row for row in rows(told) if row.kind == kind]


def held(order: ServiceOrder) -> ServiceOrder:
    ask(order, PLACED, later(2), reason=BECAUSE)
    return ask(order, ReleaseHold(), later(5))


def test_statuses_follow_each_other_without_a_gap() -> None:
    found = of_kind(history(a_life()), IntervalKind.STATUS)

    assert [row.number for row in found] == list(range(1, len(found) + 1))
    assert [row.ended_at for row in found[:-1]] == [row.started_at for row in found[1:]]
    assert found[0].started_at == NOON
    assert (found[-1].about, found[-1].ended_at) == ("closed", None)


def test_a_life_at_the_bench_goes_through_its_statuses() -> None:
    found = of_kind(history(a_life()), IntervalKind.STATUS)

    assert [row.about for row in found] == [
        "open",
        "queued",
        "in_diagnosis",
        "awaiting_approval",
        "approved",
        "awaiting_parts",
        "approved",
        "in_progress",
        "completed",
        "ready_for_pickup",
        "delivered",
        "closed",
    ]


def test_whom_or_what_it_waits_for_is_told_beside() -> None:
    found = of_kind(history(a_life()), IntervalKind.WAIT)

    assert [row.about for row in found] == ["customer", "parts", "customer"]


def test_a_hold_lasts_from_when_it_is_placed_until_it_is_released() -> None:
    [hold] = of_kind(history(held(an_order())), IntervalKind.HOLD)

    assert (hold.scope, hold.about) == ("order", "parts")
    assert (hold.started_at, hold.ended_at) == (later(2), later(5))


def test_a_hold_that_nobody_released_has_no_end() -> None:
    [hold] = of_kind(history(ask(an_order(), PLACED, reason=BECAUSE)), IntervalKind.HOLD)

    assert hold.ended_at is None


def test_a_hold_that_is_told_late_counts_from_when_it_happened() -> None:
    order = held(ask(an_order(), a_triage(), later(1)))
    told = facts(order)
    [opened, triaged, placed, released] = told

    late = OrderHistory.of(logged([opened, triaged, released, placed]))

    statuses = [(row.about, row.started_at) for row in of_kind(late, IntervalKind.STATUS)]
    assert statuses == [
        ("open", NOON),
        ("queued", later(1)),
        ("on_hold", later(2)),
        ("queued", later(5)),
    ]


def test_what_is_told_to_end_before_it_began_goes_on() -> None:
    order = held(an_order())
    [opened, placed, released] = facts(order)
    early = released.model_copy(update={"timestamp": later(1)})

    told = OrderHistory.of(logged([opened, placed, early]))

    [hold] = of_kind(told, IntervalKind.HOLD)
    assert (hold.started_at, hold.ended_at) == (later(2), None)
    assert of_kind(told, IntervalKind.STATUS)[-1].about == "on_hold"


def test_nothing_is_known_of_an_order_before_it_begins() -> None:
    before = history(a_life()).until(as_of=later(-1))

    assert list(rows(before)) == []


def test_the_device_is_with_us_from_each_reception_to_the_handover() -> None:
    [kept] = of_kind(history(a_life()), IntervalKind.CUSTODY)

    assert (kept.started_at, kept.ended_at) == (later(1), later(18))


def test_a_device_that_is_still_here_is_with_us_without_an_end() -> None:
    [kept] = of_kind(history(ask(an_order(), a_reception(), later(1))), IntervalKind.CUSTODY)

    assert (kept.started_at, kept.ended_at) == (later(1), None)


def test_a_hold_whose_cause_changes_goes_on_and_another_is_waited_for() -> None:
    order = ask(ask(an_order(), a_triage(), later(1)), PLACED, later(2), reason=BECAUSE)
    [*before, placed] = facts(order)
    another = placed.model_copy(
        update={"hold_id": UUID(int=71), "cause": HoldCause.CUSTOMER, "timestamp": later(3)}
    )

    told = OrderHistory.of(logged([*before, placed, another]))

    held = [row for row in of_kind(told, IntervalKind.STATUS) if row.about == "on_hold"]
    waits = [(row.about, row.started_at) for row in of_kind(told, IntervalKind.WAIT)]
    assert [(row.started_at, row.ended_at) for row in held] == [(later(2), None)]
    assert waits == [("parts", later(2)), ("customer", later(3))]
