"""What figures are made of is true of any past: rows cut at an instant are those of then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.followers.derivation import columns_of, writer_of
from os_events.projections.facts import FACTS
from tests.support import facts, later
from tests.verbs import VERBS, begun, lived
from tests.views import a_life, logged

HOURS = 48
LIVES = st.builds(lived, begun(), st.lists(VERBS, min_size=5, max_size=40))
CHANCE = st.randoms(use_true_random=False)
INSTANTS = st.integers(0, 2 * HOURS).map(lambda halves: later(halves / 2))
BEGINNINGS = ("since", "at", "started_at")
ENDS = ("until", "ended_at")
SLOWLY = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


Row = dict[str, Any]


def derived(told: OrderHistory) -> list[list[Row]]:
    """Give the rows of every table of facts."""
    return [
        [
            dict(zip(columns_of(table), writer_of(table)(row), strict=True))
            for row in table.rows(told)
        ]
        for table in FACTS
    ]


def cut(rows: list[Row], instant: datetime) -> Iterator[Row]:
    """Drop what began later, and forget what ended later."""
    for row in rows:
        began, ended = named(row, BEGINNINGS), named(row, ENDS)
        if row[began or ""] <= instant:
            goes_on = ended is not None and (row[ended] or instant) > instant
            yield row | {str(ended): None} if goes_on else row


def named(row: Row, names: tuple[str, ...]) -> str | None:
    """Say which of these names a row has."""
    return next((name for name in names if name in row), None)


def jumbled(order: ServiceOrder, chance: Random) -> list[Any]:
    """Let what happened to three orders happen to one, whenever, and be told in any order."""
    opened, *others = facts(order)
    others = [*others, *facts(a_life())[1:], *facts(a_life())[1:]]
    chance.shuffle(others)
    return logged(
        [
            opened,
            *(
                event.model_copy(
                    update={"timestamp": later(chance.randint(0, HOURS)), "originator_version": n}
                )
                for n, event in enumerate(others, start=2)
            ),
        ]
    )


def recorded_otherwise(events: list[Any], chance: Random) -> list[Any]:
    """Give the same facts, recorded in another order."""
    places = list(range(1, len(events) + 1))
    chance.shuffle(places)
    return [
        event.model_copy(update={"position": place})
        for event, place in zip(events, places, strict=True)
    ]


def one_by_one(events: list[Any]) -> list[Any]:
    """Let no two facts happen at one instant."""
    return [
        event.model_copy(update={"timestamp": event.occurred_at + timedelta(microseconds=n)})
        for n, event in enumerate(events)
    ]


@SLOWLY
@given(LIVES, CHANCE, INSTANTS)
def test_rows_cut_at_an_instant_are_the_rows_of_that_instant(
    order: ServiceOrder, chance: Random, instant: datetime
) -> None:
    told = OrderHistory.of(jumbled(order, chance))

    expected = derived(told.until(as_of=instant))

    assert [list(cut(rows, instant)) for rows in derived(told)] == expected


@SLOWLY
@given(LIVES, CHANCE)
def test_rows_are_the_same_whatever_order_facts_were_recorded_in(
    order: ServiceOrder, chance: Random
) -> None:
    events = one_by_one(jumbled(order, chance))

    otherwise = OrderHistory.of(recorded_otherwise(events, chance))

    assert derived(otherwise) == derived(OrderHistory.of(events))
