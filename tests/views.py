"""Given and then, for read models: lives of orders, histories without a log, derivations."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from os_events.aggregates.base import Aggregate, DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.person.history import PersonHistory
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.person.values import PersonRelation
from os_events.aggregates.service_order.charges import CostKind
from os_events.aggregates.service_order.codes import (
    AssigneeKind,
    CauseSide,
    Duty,
    LineKind,
    NoticeKind,
    PartCondition,
    PartState,
)
from os_events.aggregates.service_order.diagnosing import RecordDiagnosis, StartDiagnosis
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import Assignee, AssignResponsible
from os_events.aggregates.service_order.parts import (
    InstallPart,
    RequestPart,
    Supply,
    UpdatePartSupply,
)
from os_events.aggregates.service_order.quote_validity import ProofOfReceipt, RecordQuoteDelivery
from os_events.aggregates.service_order.settling import SettleFinalCosts
from os_events.aggregates.service_order.values import PartSpec
from os_events.bootstrap.installation import READ_MODELS
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.followers import positions
from os_events.followers.follower import Follower
from os_events.followers.positions import FollowerState
from os_events.projections.facts import FACTS
from os_events.projections.lookup import order_lookup, person_lookup
from tests.support import (
    CUSTOMER,
    NOON,
    TECHNICIAN,
    a_closing,
    a_completion,
    a_consent,
    a_cost,
    a_handover,
    a_payment,
    a_phone,
    a_quote,
    a_reception,
    a_settlement,
    a_start,
    a_triage,
    an_act,
    an_activity,
    an_approval,
    an_item,
    an_opening,
    an_order,
    ask,
    facts,
)

SECRET = bytes(range(32))
DERIVATIONS = (
    *dict.fromkeys([*(model.derivation for model in READ_MODELS), *FACTS]),
    person_lookup(SECRET),
    order_lookup(SECRET),
)
ORDER_VIEWS = [one for one in DERIVATIONS if one.of is OrderHistory and not one.opened]
SCREEN = PartSpec(description="Tela", condition=PartCondition.NEW_ORIGINAL, warranty_days=90)


def logged(events: Iterable[DomainEvent]) -> list[DomainEvent]:
    """Give events the positions that the log would have given them, without a log."""
    return [
        event.model_copy(update={"position": n, "recorded_at": NOON + timedelta(days=9, seconds=n)})
        for n, event in enumerate(events, start=1)
    ]


def history(order: ServiceOrder) -> OrderHistory:
    """Give the history of an order that is not recorded yet."""
    return OrderHistory.of(logged(facts(order)))


def person_history(person: Person) -> PersonHistory:
    return PersonHistory.of(logged(facts(person)))


def a_person(name: str = "João da Silva", **fields: Any) -> Person:
    """Register a customer with a telephone and a CPF."""
    given: dict[str, Any] = {
        "relations": (PersonRelation.CUSTOMER,),
        "name": name,
        "phones": ("(11) 98765-4321",),
        "documents": ({"type": "cpf", "number": "111.444.777-35"},),
    }
    return RegisterPerson(**given | fields).begin(an_act())


def a_quote_with_a_part() -> Any:
    """Offer the labour of both services, and the screen."""
    part: dict[str, Any] = {
        "quote_line_id": "part-screen",
        "kind": LineKind.PART,
        "part": SCREEN,
    }
    screen = an_item(price=20000, description="Tela", **part)
    return a_quote(screen, an_item(price=15000), an_item("port", 5000))


def a_life(
    at: datetime = NOON, number: int = 1, customer_id: UUID = CUSTOMER, **fields: Any
) -> ServiceOrder:
    """Live a whole life at the bench: twenty-one facts, an hour between two of them."""

    def hours(n: float) -> datetime:
        return at + timedelta(hours=n)

    given: dict[str, Any] = {
        "asset": a_phone(serial="ZY22G8KXLM"),
        "customer_id": customer_id,
    }
    opening = an_opening(**given | fields)
    order = opening.begin(an_act(at), f"OS-{at.year}-{number:06}")
    lead = Assignee(kind=AssigneeKind.PERSON, id=str(TECHNICIAN))
    ask(order, a_reception(received_from=customer_id), hours(1))
    ask(order, a_triage(), hours(2))
    ask(order, AssignResponsible(assignee=lead, duty=Duty.LEAD), hours(3))
    ask(order, StartDiagnosis(technician_id=TECHNICIAN), hours(4))
    ask(order, a_diagnosis(), hours(5))
    ask(order, a_quote_with_a_part(), hours(6))
    ask(order, a_delivery(customer_id), hours(7))
    ask(order, an_approval(order, consent=a_consent(person_id=customer_id)), hours(8))
    ask(order, a_part_request(), hours(9))
    [request_id] = order.part_requests
    arrived = UpdatePartSupply(part_request_id=request_id, state=PartState.ARRIVED)
    ask(order, arrived, hours(10))
    ask(order, a_start(), hours(11))
    ask(order, an_installation(request_id), hours(12))
    ask(order, an_activity(), hours(12.5))
    ask(order, an_activity("port"), hours(13))
    ask(order, a_completion(), hours(14))
    ask(order, a_ready_notice(customer_id), hours(15))
    ask(order, the_bill(), hours(16))
    ask(order, a_payment(39000), hours(17))
    ask(order, a_handover(to_person_id=customer_id), hours(18))
    return ask(order, a_closing(), hours(19))


def a_delivery(recipient_id: UUID = CUSTOMER) -> RecordQuoteDelivery:
    in_hand = ProofOfReceipt.IN_HAND
    return RecordQuoteDelivery(quote_version=1, recipient_id=recipient_id, proof=in_hand)


def a_diagnosis() -> RecordDiagnosis:
    return RecordDiagnosis(
        fault_code="broken-screen",
        diagnosed_fault="Tela trincada",
        probable_cause="Queda",
        cause_side=CauseSide.MISUSE,
        repairable=True,
        technician_id=TECHNICIAN,
    )


def a_part_request() -> RequestPart:
    return RequestPart(
        line_id="screen",
        quote_line_id="part-screen",
        part=SCREEN,
        quantity="1",
        supply=Supply.SUPPLIER,
    )


def an_installation(request_id: UUID) -> InstallPart:
    return InstallPart(
        line_id="screen",
        quote_line_id="part-screen",
        part_request_id=request_id,
        part=SCREEN,
        quantity="1",
        technician_id=TECHNICIAN,
    )


def the_bill() -> SettleFinalCosts:
    """Charge what was quoted, and less for the port."""
    part: dict[str, Any] = {
        "cost_line_id": "part-screen",
        "quote_line_id": "part-screen",
        "kind": CostKind.PART,
    }
    return a_settlement(
        a_cost(price=20000, description="Tela", **part),
        a_cost(price=15000),
        a_cost("port", 4000),
    )


def a_ready_notice(recipient_id: UUID = CUSTOMER) -> SendNotice:
    means = NoticeMeans.WHATSAPP
    return SendNotice(kind=NoticeKind.READY, means=means, recipient_id=recipient_id)


def deliver(*followers: Follower) -> None:
    """When: let followers catch up in this thread. No runner, no sleep."""
    for follower in followers:
        while follower.step():
            pass


def topics_of(aggregate: Aggregate) -> list[str]:
    """Then: what happened, by name."""
    return [fact.TOPIC for fact in facts(aggregate)]


def states(pool: Pool) -> dict[str, FollowerState]:
    """Then: how far everybody is."""
    with pool.connection() as connection:
        return {one.follower: one for one in positions.all_states(connection)}


def seven_orders(log: EventLog) -> list[ServiceOrder]:
    """Given: as many orders, just opened."""
    orders = [an_order() for _ in range(7)]
    for order in orders:
        log.record_now(order)
    return orders
