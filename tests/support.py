"""Given, when and then: a company, acts, orders, and what came of them."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from os_events.aggregates.base import HEADER, Aggregate, Change
from os_events.aggregates.service_order.codes import (
    ConsentMethod,
    ContractPlace,
    OrderType,
    Priority,
    Profile,
    Relation,
    Route,
)
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import TriageServiceOrder
from os_events.aggregates.service_order.values import AssetSeen, Consent, ServiceLine
from os_events.values.acts import Act, Actor, Channel, Reason, Role, Source, SourceKind
from os_events.values.company import Company, Unit

A = TypeVar("A", bound=Aggregate)

NOON = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday, in São Paulo
SAO_PAULO = "America/Sao_Paulo"
CUSTOMER, UNIT, TECHNICIAN, STRANGER, FRIEND = (UUID(int=n) for n in range(1, 6))
ANA = Actor(id=str(UUID(int=9)), role=Role.MANAGER)
BECAUSE = Reason(code="asked-by-customer")
OTHER_SYSTEM = Source(kind=SourceKind.IMPORT, system="old-desk", reference="INC0000045")


def later(hours: float = 0, *, minutes: float = 0) -> datetime:
    """Give an instant after NOON."""
    return NOON + timedelta(hours=hours, minutes=minutes)


def a_company(**fields: Any) -> Company:
    """Make a repair shop in São Paulo with one unit."""
    unit = Unit(
        id=UNIT,
        name="Centro",
        zone=SAO_PAULO,
        uf="SP",
        municipality="3550308",
        address="Rua Direita, 10",
        phone="+551132654321",
    )
    given: dict[str, Any] = {
        "legal_name": "Oficina Exemplo Ltda.",
        "tax_id": "12ABC34501DE35",
        "units": (unit,),
    }
    return Company(**given | fields)


def an_act(at: datetime = NOON, **fields: Any) -> Act:
    """Make an act of Ana's, told at once; what it brings about is called by a random id."""
    given: dict[str, Any] = {
        "id": uuid4(),
        "actor": ANA,
        "channel": Channel.COUNTER,
        "occurred_at": at,
        "asked_at": at,
        "company": a_company(),
    }
    return Act(**given | fields)


def imported() -> dict[str, Any]:
    """Say of an act that it comes from another system."""
    return {"channel": Channel.IMPORT, "source": OTHER_SYSTEM}


def ask(aggregate: A, change: Change[A], at: datetime = NOON, **of_the_act: Any) -> A:
    """When: let an aggregate decide on a change."""
    change.decide(aggregate, an_act(at, **of_the_act))
    return aggregate


def past(aggregate: A) -> A:
    """Given: treat what happened so far as recorded already."""
    aggregate.collect_events()
    return aggregate


def facts(*aggregates: Aggregate) -> list[Any]:
    """Give what happened and is not recorded yet."""
    return [fact for aggregate in aggregates for fact in aggregate.pending_events]


def news(aggregate: Aggregate) -> list[tuple[type, dict[str, Any]]]:
    """Then: each new fact, as its class and its own fields."""
    return [(type(fact), fact.model_dump(exclude=HEADER)) for fact in facts(aggregate)]


def new_kinds(aggregate: Aggregate) -> list[type]:
    """Then: the class of each new fact."""
    return [type(fact) for fact in facts(aggregate)]


def a_line(line_id: str = "screen", description: str = "Troca de tela") -> ServiceLine:
    return ServiceLine(
        line_id=line_id, service_code=f"repair-{line_id}", description=description, quantity="1"
    )


def a_phone(**fields: Any) -> AssetSeen:
    given: dict[str, Any] = {"category": "phone", "brand": "Motorola", "model": "G54"}
    return AssetSeen(**given | fields)


def an_opening(**fields: Any) -> OpenServiceOrder:
    """Ask for two services on one telephone."""
    given: dict[str, Any] = {
        "profile": Profile.BENCH,
        "type": OrderType.REPAIR,
        "contract_place": ContractPlace.ON_PREMISES,
        "customer_id": CUSTOMER,
        "unit_id": UNIT,
        "reported_problem": "A tela não acende desde ontem.",
        "lines": (a_line(), a_line("port", "Limpeza do conector")),
        "asset": a_phone(),
    }
    return OpenServiceOrder(**given | fields)


def an_order(at: datetime = NOON, **fields: Any) -> ServiceOrder:
    """Make an order that was just opened, and whose opening is not recorded yet."""
    return an_opening(**fields).begin(an_act(at), "OS-2026-000001")


def a_triage(route: Route = Route.BENCH, **fields: Any) -> TriageServiceOrder:
    given: dict[str, Any] = {"type": OrderType.REPAIR, "priority": Priority.NORMAL, "route": route}
    return TriageServiceOrder(**given | fields)


def a_consent(**fields: Any) -> Consent:
    """Agree by a signature."""
    given: dict[str, Any] = {
        "person_id": CUSTOMER,
        "relation": Relation.CUSTOMER,
        "method": ConsentMethod.SIGNATURE,
    }
    return Consent(**given | fields)
