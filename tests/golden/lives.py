"""Lives in which everything happens that can happen, with every field told."""

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.log import (
    Loss,
    LossCause,
    open_log,
    restore_log,
    skip_publication,
)
from os_events.aggregates.person.changing import ChangeCause, ChangePersonDetails
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.service_order import (
    activities,
    checklists,
    closing,
    diagnosing,
    handover,
    holds,
    notes,
    notices,
    organising,
    parts,
    promises,
    quote_answers,
    quote_validity,
    quoting,
    reopening,
    waivers,
)
from os_events.aggregates.service_order.codes import (
    AccessoryState,
    AssigneeKind,
    CauseSide,
    ClosingOutcome,
    ConsentMethod,
    Disposition,
    Duty,
    HoldCause,
    HoldScope,
    LineKind,
    NoticeKind,
    PartCondition,
    PartState,
    Priority,
    WaiverBasis,
)
from os_events.aggregates.service_order.opening import TechnicalDatum
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import (
    Accessory,
    CheckAnswer,
    CheckItem,
    Measurement,
    PartSpec,
    Purchase,
    RemovedPart,
)
from os_events.values.acts import Reason
from tests.support import (
    CUSTOMER,
    FRIEND,
    TECHNICIAN,
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
    ask,
    later,
)

PORT = PartSpec(
    sku="USB-C-16",
    description="Conector USB-C",
    ncm="85369090",
    manufacturer="Amphenol",
    condition=PartCondition.NEW_ORIGINAL,
    warranty_days=90,
)
OLD_PORT = RemovedPart(
    description="Conector oxidado", serial="OLD-7", disposition=Disposition.TO_RETURN
)
TOUCH = CheckItem(code="touch", answer=CheckAnswer.OK, note="Testado com luva.")
BATTERY = Measurement(
    quantity="battery_voltage",
    value="3.9",
    unit="V",
    point="battery",
    limit_low="3.6",
    limit_high="4.4",
    instrument="Multímetro 3",
)
CHARGER = Accessory(
    code="charger",
    description="Carregador",
    quantity=1,
    serial="CH-1",
    state=AccessoryState.RECEIVED,
)
WHY = Reason(code="asked-by-customer", note="Ligou às 9h.")


class Life:
    """An order's life, an hour after the other; what comes into being is called 101, 102 …"""

    def __init__(self) -> None:
        self.ids = (UUID(int=n) for n in count(101))
        self.hours = count(1)
        self.order = self._opened()

    def then(self, change: Change[ServiceOrder]) -> UUID:
        """Let the order decide on the next thing, and say how that is called."""
        name = next(self.ids)
        at = later(next(self.hours))
        ask(self.order, change, at, id=name, reason=WHY, declared=("C2", "Q10"))
        return name

    def _opened(self) -> ServiceOrder:
        phone = a_phone(
            colour="Azul",
            capacity="256 GB",
            system_version="15",
            serial="ZY22G8KXLM",
            imeis=("490154203237518",),
            mac="00:1a:2b:3c:4d:5e",
            purchase=Purchase(document="NF 4711", on=date(2025, 5, 10)),
        )
        opening = an_opening(
            asset=phone,
            authorised_persons=(FRIEND,),
            requester_id=FRIEND,
            fault_conditions="Só com o carregador.",
            contract_ref="C-12",
            technical_data=(TechnicalDatum(code="plan", value="Fibra 500"),),
            access_login="joao@fibra",
            previous_order_id=UUID(int=99),
        )
        return opening.begin(an_act(id=UUID(int=100)), "OS-2026-000001")


def a_repaired_telephone() -> ServiceOrder:
    """A repair, its closing, and that it begins again."""
    life = Life()
    lead = organising.Assignee(kind=AssigneeKind.PERSON, id=str(TECHNICIAN))
    reception = a_reception(
        seals=(CheckItem(code="back", answer=CheckAnswer.OK),),
        accessories=(CHARGER,),
        remarks="Risco na tampa.",
    )
    life.then(reception)
    life.then(a_triage(mass_failure_ref="MF-9", note="Cliente tem pressa."))
    assigned = life.then(organising.AssignResponsible(assignee=lead, duty=Duty.LEAD))
    life.then(
        organising.AssignResponsible(
            assignee=lead, duty=Duty.TECHNICIAN, lines=("port",), replaces=assigned
        )
    )
    life.then(notes.AddNote(text="Avisar quando chegar."))
    diagnosed(life)
    quoted(life)
    supplied(life)
    worked(life)
    ended(life)
    return life.order


def diagnosed(life: Life) -> None:
    life.then(diagnosing.StartDiagnosis(technician_id=TECHNICIAN))
    finding = diagnosing.RecordDiagnosis(
        fault_code="port-oxidised",
        diagnosed_fault="Conector oxidado",
        probable_cause="Umidade",
        cause_side=CauseSide.LIQUID,
        repairable=True,
        tests=(TOUCH,),
        measurements=(BATTERY,),
        technician_id=TECHNICIAN,
        note="Cliente disse que caiu na pia.",
    )
    life.then(finding)


def quoted(life: Life) -> None:
    part = an_item(
        "port",
        12000,
        quote_line_id="part-port",
        kind=LineKind.PART,
        description="Conector USB-C",
        part=PORT,
        warranty_days=90,
    )
    board = an_item(
        "port",
        8000,
        quote_line_id="weld-port",
        kind=LineKind.THIRD_PARTY,
        description="Solda da placa",
        third_party_name="Solda Fina",
    )
    life.then(a_quote(an_item("port", 5000), discount=500))
    life.then(a_quote(part, an_item("port", 5000), board, cause=quoting.QuoteCause.NEW_FINDING))
    sent = life.then(
        notices.SendNotice(
            kind=NoticeKind.QUOTE,
            means=notices.NoticeMeans.WHATSAPP,
            recipient_id=CUSTOMER,
            quote_version=2,
            provider_ref="wamid.7",
        )
    )
    life.then(
        quote_validity.RecordQuoteDelivery(
            quote_version=2,
            recipient_id=CUSTOMER,
            proof=quote_validity.ProofOfReceipt.READ_RECEIPT,
            notice_id=sent,
        )
    )
    consent = a_consent(
        method=ConsentMethod.CHAT,
        auth_factors=("link_token",),
        notice_id=sent,
        ip="203.0.113.7",
    )
    approval = an_approval(
        life.order,
        consent=consent,
        part_conditions_consented=("part-port",),
        immediate_execution_requested=True,
    )
    life.then(approval)
    life.then(
        promises.PromiseCompletion(
            promised_at=later(24 * 20),
            moved_by=promises.MovedBy.THIRD_PARTY,
            cause=promises.PromiseCause.PARTS,
            consent=consent,
        )
    )
    life.then(
        waivers.WaiveQuote(
            basis=WaiverBasis.CONTRACT,
            lines=("screen",),
            order_ids=(UUID(int=99),),
            contract_ref="C-12",
            price_table_ref="T-3",
        )
    )


def supplied(life: Life) -> None:
    wanted = life.then(
        parts.RequestPart(
            line_id="port",
            quote_line_id="part-port",
            part=PORT,
            quantity="1",
            supply=parts.Supply.SUPPLIER,
            expected_on=date(2026, 3, 9),
        )
    )
    life.then(
        parts.UpdatePartSupply(
            part_request_id=wanted,
            state=PartState.ARRIVED,
            expected_on=date(2026, 3, 8),
            document_ref="NF-e 3526",
        )
    )
    life.then(a_start())
    life.then(
        parts.InstallPart(
            line_id="port",
            quote_line_id="part-port",
            part_request_id=wanted,
            part=PORT,
            quantity="1",
            serial="SN-42",
            removed=OLD_PORT,
            technician_id=TECHNICIAN,
        )
    )


def worked(life: Life) -> None:
    activity = an_activity(
        "port",
        third_party_id=FRIEND,
        removed_parts=(OLD_PORT,),
        consumables=(activities.Consumable(sku="SOLDA-60-40", quantity="0.5"),),
        note="Placa limpa com isopropílico.",
    )
    life.then(activity)
    life.then(an_activity("screen"))
    hold = holds.PlaceHold(
        scope=HoldScope.ORDER, cause=HoldCause.PARTS, expected_until=later(24 * 30)
    )
    life.then(hold)
    life.then(holds.ReleaseHold(resumes_work=True))
    life.then(a_completion())
    check = checklists.RecordChecklist(
        checklist_code="final-test",
        purpose=checklists.ChecklistPurpose.QUALITY,
        items=(TOUCH,),
        measurements=(BATTERY,),
        result=checklists.ChecklistResult.PASSED,
        technician_id=TECHNICIAN,
    )
    life.then(check)


def ended(life: Life) -> None:
    [installed] = life.order.installations
    fate = handover.PartDisposition(
        installation_id=installed, disposition=handover.PartFate.RETURNED
    )
    cost = a_cost(
        "port",
        11000,
        cost_line_id="part-port",
        kind="part",
        quote_line_id="part-port",
        description="Conector",
    )
    life.then(a_settlement(cost, a_cost("port", 5000), discount=500))
    life.then(a_payment(12000, external_ref="E2E-1", payer_id=CUSTOMER))
    life.then(
        a_handover(
            exit_condition=(TOUCH,),
            accessories=(CHARGER.model_copy(update={"state": AccessoryState.RETURNED}),),
            parts_disposition=(fate,),
            remarks="Cliente conferiu.",
        )
    )
    life.then(closing.CloseServiceOrder(outcome=ClosingOutcome.FULFILLED))
    again = reopening.ReopenServiceOrder(
        cause=reopening.ReopeningCause.CUSTOMER_COMPLAINT, lines=("port",)
    )
    life.then(again)


def a_refused_quote() -> ServiceOrder:
    """A quote that is declined, another that expires, and an order that is given up."""
    life = Life()
    life.then(a_triage(priority=Priority.URGENT))
    life.then(a_quote())
    life.then(
        quote_answers.DeclineQuote(
            quote_version=1,
            declined_lines=("port",),
            reason_code="price",
            reason_text="Achei caro o conector.",
            consent=a_consent(),
        )
    )
    life.then(a_quote(an_item(), cause=quoting.QuoteCause.PARTIAL_ACCEPTANCE))
    delivery = quote_validity.RecordQuoteDelivery(
        quote_version=2, recipient_id=CUSTOMER, proof=quote_validity.ProofOfReceipt.IN_HAND
    )
    life.then(delivery)
    life.hours = count(24 * 30)
    life.then(quote_validity.ExpireQuote(quote_version=2))
    life.then(closing.CancelServiceOrder(by=closing.CancelledBy.CUSTOMER, cause_code="gave-up"))
    return life.order


def a_customer() -> Aggregate:
    """Somebody who is registered, and moves."""
    home = {
        "address_id": UUID(int=202),
        "uf": "SP",
        "municipality": "3550308",
        "zone": "America/Sao_Paulo",
        "detail": {
            "postal_code": "01310-100",
            "street": "Avenida Paulista",
            "number": "1000",
            "complement": "ap. 12",
            "district": "Bela Vista",
            "reference": "ao lado do parque",
        },
    }
    told: dict[str, Any] = {
        "kind": "natural",
        "relations": ["customer", "requester"],
        "consumer_status": "consumer",
        "name": "Maria de Souza",
        "trade_name": "Doces da Maria",
        "documents": [{"type": "cpf", "number": "111.444.777-35"}],
        "phones": ["(11) 98765-4321"],
        "emails": ["maria@example.com"],
        "addresses": [home],
        "preferred_means": "whatsapp",
        "accessibility": "Prefere letras grandes.",
        "language": "pt-br",
    }
    person = RegisterPerson.model_validate(told).begin(an_act(id=CUSTOMER))
    changed = ChangePersonDetails.model_validate(told | {"cause": ChangeCause.CORRECTION})
    return ask(person, changed, later(1), id=UUID(int=201), reason=WHY)


def a_log() -> Aggregate:
    """A log that begins, goes on after a loss, and leaves an event out of a topic."""
    log = open_log(
        an_act(id=UUID(int=300)),
        "os-events/0123456789abcdef",
        ("os-events/0123456789abcdef+00000000+AXxYeHh4",),
    )
    loss = Loss(
        former_origin="os-events/0123456789abcdef",
        former_keys=log.keys,
        signed_size=60,
        signed_root="47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        restored_size=57,
        cause=LossCause.OLDER_BACKUP,
        explanation="O disco falhou; a última cópia era da véspera",
    )
    new = "os-events/fedcba9876543210", "os-events/fedcba9876543210+00000000+AXxYeHh5"
    restore_log(log, an_act(later(1)), new, loss)
    skip_publication(
        log, an_act(later(2), reason=Reason(code="not-publishable")), "os.order.events.v1", 7
    )
    return log


def lives() -> list[Aggregate]:
    """Live them all."""
    return [a_repaired_telephone(), a_refused_quote(), a_customer(), a_log()]
