"""Facts may arrive in any order, and their personal values may be gone: replay never fails."""

from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.facets import billing_facet, custody_facet, quote_facet
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.handover import HandoverOutcome
from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.aggregates.stages import stages
from os_events.aggregates.status import standing
from os_events.values.personal import ERASED, personal_fields
from tests.support import (
    BECAUSE,
    CUSTOMER,
    a_closing,
    a_handover,
    a_payment,
    a_phone,
    a_reception,
    a_settlement,
    a_triage,
    an_act,
    an_opening,
    approved,
    ask,
    cancelled,
    facts,
    later,
    worked,
)


def a_long_life() -> ServiceOrder:
    """Live through every chapter of this folder: in, done, out, back again, given up."""
    phone = a_phone(serial="ZY22G8KXLM", imeis=("490154203237518",))
    opening = an_opening(asset=phone, promised_at=later(48), access_login="maria")
    order = opening.begin(an_act(), "OS-2026-000001")
    ask(order, a_triage(note="Mora longe."))
    ask(order, a_reception(asset=phone, remarks="Riscos na tampa."))
    worked(approved(order))
    ready = SendNotice(kind=NoticeKind.READY, means=NoticeMeans.SMS, recipient_id=CUSTOMER)
    reduce(ask, (ready, a_settlement(), a_payment(), a_handover(), a_closing()), order)
    again = ReopenServiceOrder(cause=ReopeningCause.CUSTOMER_COMPLAINT, lines=("screen",))
    ask(order, again, reason=BECAUSE)
    ask(order, a_reception(asset=phone))
    ask(order, AddNote(text="Cliente ligou."))
    cancelled(order)
    return ask(order, a_handover(outcome=HandoverOutcome.UNREPAIRED))


LIFE: list[Any] = facts(a_long_life())
FIRST, *LATER = LIFE


def replayed(first: Any, events: Any) -> ServiceOrder:
    order: ServiceOrder = first.beginning(ServiceOrder)
    for event in events:
        event.apply(order)
    return order


def seen(order: ServiceOrder) -> Any:
    """Ask all that anybody asks of an order."""
    facets = quote_facet(order), custody_facet(order), billing_facet(order)
    return standing(order), stages(order), facets, order.balance, order.lead_technician


def erased(event: DomainEvent) -> Any:
    """Give the event as it is read when its keys are destroyed."""
    stored: Any = event.model_dump(mode="json", by_alias=True)
    for found in personal_fields(event):
        holder: Any = reduce(lambda part, step: part[step], found.path[:-1], stored)
        holder[found.path[-1]] = {}
    return type(event).model_validate(stored)


@given(st.permutations(LATER))
def test_facts_are_restated_in_any_order(events: list[Any]) -> None:
    order = replayed(FIRST, events)

    assert seen(order)


@given(st.sets(st.sampled_from(range(len(LATER)))))
def test_facts_are_restated_though_some_are_missing(missing: set[int]) -> None:
    events = [event for place, event in enumerate(LATER) if place not in missing]

    order = replayed(FIRST, events)

    assert seen(order)


def test_facts_in_their_order_rebuild_the_order() -> None:
    order = a_long_life()
    first, *events = facts(order)

    again = replayed(first, events)

    mine, its = vars(order).copy(), vars(again).copy()
    recorded = {"_pending_events", "_overridden", "_version", "_modified_on"}
    assert [name for name in its if name not in recorded and mine[name] != its[name]] == []


def test_personal_values_decide_nothing() -> None:
    first, *events = [erased(event) for event in LIFE]

    order = replayed(first, events)

    values = {found.value for event in (first, *events) for found in personal_fields(event)}
    assert values == {ERASED}
    assert seen(order) == seen(replayed(FIRST, LATER))
