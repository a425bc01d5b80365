"""Given, when and then: a company, acts, orders, and what came of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from os_events.aggregates.base import HEADER, Aggregate, Change
from os_events.aggregates.service_order.activities import RecordActivity
from os_events.aggregates.service_order.charges import CostItem, CostKind
from os_events.aggregates.service_order.closing import (
    CancelledBy,
    CancelServiceOrder,
    CloseServiceOrder,
)
from os_events.aggregates.service_order.codes import (
    AccessoryState,
    CauseSide,
    ClosingOutcome,
    ConsentMethod,
    ContractPlace,
    LineKind,
    LineOutcome,
    OrderType,
    Priority,
    Profile,
    Relation,
    Route,
    WorkOutcome,
)
from os_events.aggregates.service_order.handover import (
    HandOverDevice,
    HandoverOutcome,
    PresenceTest,
)
from os_events.aggregates.service_order.intake import (
    Backup,
    LiquidIndicator,
    PowerState,
    PriorRepair,
    ReceiveDevice,
    Unlock,
)
from os_events.aggregates.service_order.offers import PaymentTerm, QuoteItem
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import TriageServiceOrder
from os_events.aggregates.service_order.paying import PaymentMethod, RecordPayment
from os_events.aggregates.service_order.quote_answers import ApproveQuote
from os_events.aggregates.service_order.quoting import IssueQuote
from os_events.aggregates.service_order.settling import SettleFinalCosts
from os_events.aggregates.service_order.values import (
    Accessory,
    AssetSeen,
    CheckAnswer,
    CheckItem,
    Consent,
    EndTerm,
    ServiceLine,
    StartTerm,
)
from os_events.aggregates.service_order.work import CompleteWork, StartWork
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


def an_item(line_id: str = "screen", price: int = 35000, **fields: Any) -> QuoteItem:
    """Price the labour of a service."""
    given: dict[str, Any] = {
        "quote_line_id": f"labour-{line_id}",
        "line_id": line_id,
        "kind": LineKind.LABOUR,
        "description": "Mão de obra",
        "unit_price": price,
    }
    return QuoteItem(**given | fields)


def a_quote(*items: QuoteItem, **fields: Any) -> IssueQuote:
    """Offer what the law asks for; by default, the labour of both services."""
    given: dict[str, Any] = {
        "items": items or (an_item(), an_item("port", 5000)),
        "payment_terms": (PaymentTerm(method="pix", description="À vista"),),
        "start": StartTerm(days_after_approval=1),
        "end": EndTerm(on=date(2026, 3, 20)),
        "excludes": "Película.",
        "refusal_effects": "O aparelho é devolvido como entrou.",
    }
    return IssueQuote(**given | fields)


def an_approval(order: ServiceOrder, **fields: Any) -> ApproveQuote:
    """Agree to the latest version, as it is on record."""
    latest = order.quotes[order.latest_version]
    given: dict[str, Any] = {
        "quote_version": order.latest_version,
        "content_sha256": latest.content_sha256,
        "consent": a_consent(),
    }
    return ApproveQuote(**given | fields)


def approved(order: ServiceOrder, quote: IssueQuote | None = None) -> ServiceOrder:
    """Bring an order to an approved quote."""
    ask(order, quote or a_quote())
    return ask(order, an_approval(order))


def worked(order: ServiceOrder, *lines: str, at: datetime = NOON) -> ServiceOrder:
    """Do the services; by default, both."""
    lines = lines or ("screen", "port")
    ask(order, StartWork(lines=lines, technician_id=TECHNICIAN), at)
    for line_id in lines:
        ask(order, an_activity(line_id), at)
    return ask(order, a_completion(*lines), at)


def a_start(*lines: str, **fields: Any) -> StartWork:
    given: dict[str, Any] = {
        "lines": lines or ("screen", "port"),
        "technician_id": TECHNICIAN,
    }
    return StartWork(**given | fields)


def an_activity(line_id: str = "screen", **fields: Any) -> RecordActivity:
    given: dict[str, Any] = {
        "line_id": line_id,
        "activity_code": "replaced",
        "description": "Peça trocada",
        "minutes": 40,
        "technician_id": TECHNICIAN,
        "line_outcome": LineOutcome.DONE,
    }
    return RecordActivity(**given | fields)


def a_completion(*lines: str, **fields: Any) -> CompleteWork:
    given: dict[str, Any] = {
        "outcome": WorkOutcome.REPAIRED,
        "resolution_code": "screen-replaced",
        "resolution": "Tela trocada.",
        "cause_side": CauseSide.WEAR,
        "lines": lines or ("screen", "port"),
        "technician_id": TECHNICIAN,
    }
    return CompleteWork(**given | fields)


def a_reception(**fields: Any) -> ReceiveDevice:
    """Take the telephone in, with its charger."""
    given: dict[str, Any] = {
        "asset": a_phone(),
        "received_from": CUSTOMER,
        "place": "Balcão",
        "power_state": PowerState.ON,
        "condition": (CheckItem(code="screen", answer=CheckAnswer.DEFECTIVE),),
        "liquid_indicator": LiquidIndicator.UNMARKED,
        "prior_repair": PriorRepair.NONE,
        "accessories": (a_charger(AccessoryState.RECEIVED),),
        "unlock": Unlock.NOT_NEEDED,
        "backup": Backup.HAS,
    }
    return ReceiveDevice(**given | fields)


def a_charger(state: AccessoryState) -> Accessory:
    return Accessory(code="charger", description="Carregador", quantity=1, state=state)


def a_handover(**fields: Any) -> HandOverDevice:
    """Give the telephone back to the customer, with its charger."""
    given: dict[str, Any] = {
        "outcome": HandoverOutcome.REPAIRED,
        "to_person_id": CUSTOMER,
        "relation": Relation.CUSTOMER,
        "tested_in_presence": PresenceTest.YES,
        "accessories": (a_charger(AccessoryState.RETURNED),),
    }
    return HandOverDevice(**given | fields)


def a_cost(line_id: str = "screen", price: int = 35000, **fields: Any) -> CostItem:
    """Charge the labour of a service, as quoted."""
    given: dict[str, Any] = {
        "cost_line_id": f"labour-{line_id}",
        "kind": CostKind.LABOUR,
        "quote_line_id": f"labour-{line_id}",
        "description": "Mão de obra",
        "quantity": "1",
        "unit_price": price,
    }
    return CostItem(**given | fields)


def a_settlement(*lines: CostItem, **fields: Any) -> SettleFinalCosts:
    """Charge what was quoted; by default, the labour of both services."""
    return SettleFinalCosts(lines=lines or (a_cost(), a_cost("port", 5000)), **fields)


def a_payment(amount: int = 40000, **fields: Any) -> RecordPayment:
    given: dict[str, Any] = {"method": PaymentMethod.PIX, "amount": amount}
    return RecordPayment(**given | fields)


def a_closing(
    outcome: ClosingOutcome = ClosingOutcome.FULFILLED, **fields: Any
) -> CloseServiceOrder:
    return CloseServiceOrder(outcome=outcome, **fields)


def a_settled_order(**fields: Any) -> ServiceOrder:
    """Bring an order without a device to its settled costs: it can be closed."""
    return ask(worked(approved(an_order(**fields))), a_settlement())


def cancelling() -> CancelServiceOrder:
    return CancelServiceOrder(by=CancelledBy.CUSTOMER, cause_code="gave-up")


def cancelled(order: ServiceOrder) -> ServiceOrder:
    return ask(order, cancelling(), reason=BECAUSE)
