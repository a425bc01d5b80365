"""When parts were at hand and put in, what was tested, and what it cost."""

import pytest

from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.codes import PartState
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import Supply, UpdatePartSupply
from os_events.projections.facts.entries import rows
from os_events.projections.facts.milestones.things import (
    checked,
    part_available,
    part_installed,
    settled,
)
from tests.support import (
    TECHNICIAN,
    a_cost,
    a_settled_order,
    a_settlement,
    an_order,
    approved,
    ask,
    later,
)
from tests.views import a_life, a_part_request, a_quote_with_a_part, an_installation, history

HOUR = 3600


def supplied(supply: Supply, *states: PartState) -> ServiceOrder:
    """Ask for the screen; tell what became of it hour by hour; put it in at hour 9."""
    order = approved(an_order(), a_quote_with_a_part())
    ask(order, a_part_request().model_copy(update={"supply": supply}))
    [request_id] = order.part_requests
    for hour, state in enumerate(states, start=1):
        ask(
            order,
            UpdatePartSupply.model_validate({"part_request_id": request_id, "state": state}),
            later(hour),
        )
    return ask(order, an_installation(request_id), later(9))


def a_check(purpose: ChecklistPurpose, result: ChecklistResult) -> RecordChecklist:
    return RecordChecklist(
        checklist_code="final", purpose=purpose, result=result, technician_id=TECHNICIAN
    )


def test_a_part_is_at_hand_from_when_it_was_first_reserved_or_arrived() -> None:
    states = (PartState.DELAYED, PartState.ARRIVED, PartState.RESERVED)
    order = supplied(Supply.SUPPLIER, *states)

    [found] = part_available(history(order))

    assert (found.at, found.seconds) == (later(2), 2 * HOUR)
    assert (found.subject, found.detail) == ("arrived", "Tela")


@pytest.mark.parametrize(
    ("supply", "state", "seconds"),
    [
        (Supply.STOCK, PartState.RESERVED, HOUR),
        (Supply.STOCK, PartState.ARRIVED, None),
        (Supply.SUPPLIER, PartState.RESERVED, None),
    ],
    ids=["reserved in stock", "arrived", "reserved elsewhere"],
)
def test_only_a_part_of_our_stock_is_reserved_at_once(
    supply: Supply, state: PartState, seconds: int | None
) -> None:
    [found] = part_installed(history(supplied(supply, state)))

    assert (found.at, found.seconds, found.detail) == (later(9), seconds, "Tela")


def test_only_a_test_of_quality_is_one() -> None:
    order = an_order()
    ask(order, a_check(ChecklistPurpose.AFTER, ChecklistResult.FAILED), later(1))
    ask(order, a_check(ChecklistPurpose.QUALITY, ChecklistResult.FAILED), later(2))
    ask(order, a_check(ChecklistPurpose.QUALITY, ChecklistResult.PASSED), later(3))

    found = checked(history(order))

    assert [(one.at, one.subject) for one in found] == [
        (later(2), "failed"),
        (later(3), "passed"),
    ]


def test_what_was_settled_last_is_in_force() -> None:
    order = a_settled_order()
    cheaper = a_settlement(a_cost(price=30_000), a_cost("port", 5000))

    first, second = settled(history(ask(order, cheaper, later(1))))

    assert (first.amount, first.until) == (40_000, later(1))
    assert (second.amount, second.until) == (35_000, None)


def test_every_fact_is_an_entry_with_who_told_it_and_how_late() -> None:
    found = list(rows(history(a_life())))

    assert [one.version for one in found] == list(range(1, 23))
    assert {(one.by_person, one.imported, one.offline) for one in found} == {(True, False, False)}
    assert found[1].late_seconds - found[2].late_seconds == HOUR - 1
