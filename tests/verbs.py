"""Everything that may be asked of an order, with any of a few values: sensible or not."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st

from os_events.aggregates.base import Change
from os_events.aggregates.rules import OverrideWithoutReasonError, RefusalError
from os_events.aggregates.service_order import (
    activities,
    checklists,
    closing,
    diagnosing,
    handover,
    holds,
    intake,
    notes,
    notices,
    organising,
    parts,
    paying,
    promises,
    quote_answers,
    quote_validity,
    quoting,
    reopening,
    settling,
    waivers,
    work,
)
from os_events.aggregates.service_order.codes import (
    AccessoryState,
    AssigneeKind,
    CauseSide,
    LineKind,
    LineOutcome,
    NoticeKind,
    PartCondition,
    WorkOutcome,
)
from os_events.aggregates.service_order.offers import QuoteItem
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Consent, EndTerm, PartSpec
from tests.golden.reference import refused_by
from tests.support import (
    BECAUSE,
    CUSTOMER,
    FRIEND,
    STRANGER,
    TECHNICIAN,
    a_charger,
    a_consent,
    a_cost,
    a_handover,
    a_quote,
    a_reception,
    a_start,
    an_order,
    approved,
    ask,
    facts,
    imported,
    later,
    worked,
)

Strategies = dict[type[Change[ServiceOrder]], st.SearchStrategy[Any]]

A_LINE = st.sampled_from(["screen"] * 6 + ["port"] * 3 + ["battery"])
A_FEW_LINES = st.sampled_from([("screen",)] * 4 + [("screen", "port"), ("port",), ("battery",)])
SOME_LINES = st.just(()) | A_FEW_LINES
AN_ID = st.sampled_from([UUID(int=n) for n in (31, 32)])
PERHAPS_AN_ID = st.none() | st.none() | AN_ID
A_VERSION = st.sampled_from([1, 1, 1, 2, 2, 3])
A_PERSON = st.sampled_from([CUSTOMER, CUSTOMER, FRIEND, STRANGER])
AN_INSTANT = st.integers(0, 60).map(later)
A_QUOTE_LINE = st.none() | st.sampled_from(["part-screen", "labour-screen", "labour-port"])
A_PART = st.builds(
    PartSpec,
    description=st.just("Tela"),
    condition=st.sampled_from(PartCondition),
    warranty_days=st.just(90),
)
A_CONSENT = st.just(a_consent()) | st.builds(Consent, person_id=A_PERSON, notice_id=PERHAPS_AN_ID)
TECHNICIANS = st.just(TECHNICIAN)


def an_item(line_id: str, kind: LineKind, part: PartSpec | None) -> QuoteItem:
    return QuoteItem(
        quote_line_id=f"{kind.value.replace('_', '-')}-{line_id}",
        line_id=line_id,
        kind=kind,
        description="Preço",
        part=part if kind is LineKind.PART else None,
        unit_price=1000,
        third_party_name="Solda Fina",
    )


ITEMS = st.lists(
    st.builds(an_item, A_LINE, st.sampled_from(LineKind), st.none() | A_PART),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item.quote_line_id,
)
AN_END = st.sampled_from(
    [None, EndTerm(on=date(2026, 3, 5)), EndTerm(business_days_after_approval=1)]
)


COSTS = st.lists(
    st.builds(a_cost, A_LINE, st.sampled_from([0, 1000, 9000])),
    max_size=2,
    unique_by=lambda item: item.cost_line_id,
).map(tuple)
A_METHOD = st.sampled_from(paying.PaymentMethod)
DONE: dict[str, st.SearchStrategy[Any]] = {
    "line_id": A_LINE,
    "activity_code": st.just("done"),
    "description": st.just("Feito"),
    "minutes": st.just(5),
    "technician_id": TECHNICIANS,
    "third_party_id": st.none() | A_PERSON,
    "line_outcome": st.none() | st.sampled_from(LineOutcome),
}

ORGANISING: Strategies = {
    organising.TriageServiceOrder: st.builds(organising.TriageServiceOrder),
    organising.AssignResponsible: st.builds(
        organising.AssignResponsible,
        assignment_id=PERHAPS_AN_ID,
        assignee=st.just(organising.Assignee(kind=AssigneeKind.DEPARTMENT, id="lab")),
        lines=SOME_LINES,
        replaces=PERHAPS_AN_ID,
    ),
    notes.AddNote: st.builds(notes.AddNote, note_id=PERHAPS_AN_ID, text=st.just("Ligar.")),
    promises.PromiseCompletion: st.builds(
        promises.PromiseCompletion, promised_at=AN_INSTANT, consent=st.none() | A_CONSENT
    ),
    notices.SendNotice: st.builds(
        notices.SendNotice,
        notice_id=PERHAPS_AN_ID,
        kind=st.just(NoticeKind.QUOTE),
        recipient_id=A_PERSON,
        quote_version=A_VERSION,
    )
    | st.builds(
        notices.SendNotice,
        kind=st.sampled_from([kind for kind in NoticeKind if kind is not NoticeKind.QUOTE]),
        recipient_id=A_PERSON,
    ),
}
CUSTODY: Strategies = {
    intake.ReceiveDevice: st.builds(a_reception),
    handover.HandOverDevice: st.builds(
        a_handover,
        outcome=st.sampled_from(handover.HandoverOutcome),
        to_person_id=A_PERSON,
        accessories=st.sampled_from([(), (a_charger(AccessoryState.RETURNED),)]),
    ),
}
QUOTING: Strategies = {
    diagnosing.StartDiagnosis: st.builds(diagnosing.StartDiagnosis, technician_id=TECHNICIANS),
    diagnosing.RecordDiagnosis: st.builds(
        diagnosing.RecordDiagnosis,
        fault_code=st.just("dead"),
        diagnosed_fault=st.just("Não liga"),
        probable_cause=st.just("Queda"),
        cause_side=st.sampled_from(CauseSide),
        technician_id=TECHNICIANS,
    ),
    quoting.IssueQuote: st.builds(
        a_quote, items=ITEMS, end=AN_END, discount=st.sampled_from([0, 500])
    ),
    quote_validity.RecordQuoteDelivery: st.builds(
        quote_validity.RecordQuoteDelivery,
        quote_version=A_VERSION,
        recipient_id=A_PERSON,
        proof=st.sampled_from(quote_validity.ProofOfReceipt),
        notice_id=PERHAPS_AN_ID,
    ),
    quote_validity.ExpireQuote: st.builds(quote_validity.ExpireQuote, quote_version=A_VERSION),
    quote_answers.ApproveQuote: st.builds(
        quote_answers.ApproveQuote,
        quote_version=A_VERSION,
        content_sha256=st.just("0" * 64),
        consent=A_CONSENT,
        part_conditions_consented=st.sampled_from([(), ("part-screen",)]),
    ),
    quote_answers.DeclineQuote: st.builds(
        quote_answers.DeclineQuote,
        quote_version=A_VERSION,
        declined_lines=SOME_LINES,
        reason_code=st.just("price"),
        consent=A_CONSENT,
    ),
    waivers.WaiveQuote: st.builds(
        waivers.WaiveQuote, lines=A_FEW_LINES, contract_ref=st.sampled_from([None, "C-1"])
    ),
}
WORK: Strategies = {
    checklists.RecordChecklist: st.builds(
        checklists.RecordChecklist,
        checklist_code=st.just("test"),
        result=st.sampled_from(checklists.ChecklistResult),
        technician_id=TECHNICIANS,
    ),
    parts.RequestPart: st.builds(
        parts.RequestPart,
        part_request_id=AN_ID,
        line_id=A_LINE,
        part=A_PART,
        quantity=st.just("1"),
    ),
    parts.UpdatePartSupply: st.builds(parts.UpdatePartSupply, part_request_id=AN_ID),
    parts.InstallPart: st.builds(
        parts.InstallPart,
        installation_id=PERHAPS_AN_ID,
        line_id=A_LINE,
        quote_line_id=A_QUOTE_LINE,
        part_request_id=PERHAPS_AN_ID,
        part=A_PART,
        quantity=st.just("1"),
        technician_id=TECHNICIANS,
    ),
    work.StartWork: st.builds(work.StartWork, lines=A_FEW_LINES, technician_id=TECHNICIANS),
    holds.PlaceHold: st.builds(
        holds.PlaceHold, hold_id=PERHAPS_AN_ID, expected_until=st.none() | AN_INSTANT
    ),
    holds.ReleaseHold: st.builds(
        holds.ReleaseHold, hold_id=PERHAPS_AN_ID, resumes_work=st.booleans()
    ),
    activities.RecordActivity: st.builds(activities.RecordActivity, **DONE),
    activities.RecordUnapprovedWork: st.builds(activities.RecordUnapprovedWork, **DONE),
    work.CompleteWork: st.builds(
        work.CompleteWork,
        outcome=st.sampled_from(WorkOutcome),
        resolution_code=st.just("done"),
        resolution=st.just("Feito."),
        cause_side=st.just(CauseSide.WEAR),
        lines=A_FEW_LINES,
        technician_id=TECHNICIANS,
    ),
}
ENDING: Strategies = {
    settling.SettleFinalCosts: st.builds(settling.SettleFinalCosts, lines=COSTS),
    paying.RecordPayment: st.builds(
        paying.RecordPayment,
        payment_id=PERHAPS_AN_ID,
        kind=st.sampled_from([paying.PaymentKind.PAYMENT, paying.PaymentKind.REFUND]),
        method=A_METHOD,
        amount=st.sampled_from([1, 1000, 40000]),
    )
    | st.builds(
        paying.RecordPayment,
        kind=st.just(paying.PaymentKind.REVERSAL),
        method=A_METHOD,
        amount=st.just(1000),
        of_payment_id=AN_ID,
    ),
    closing.CloseServiceOrder: st.builds(closing.CloseServiceOrder),
    closing.CancelServiceOrder: st.builds(
        closing.CancelServiceOrder,
        by=st.sampled_from(closing.CancelledBy),
        cause_code=st.just("gone"),
    ),
    reopening.ReopenServiceOrder: st.builds(reopening.ReopenServiceOrder, lines=SOME_LINES),
}
REQUESTS: Strategies = {**ORGANISING, **CUSTODY, **QUOTING, **WORK, **ENDING}


REFUSED_EVERYWHERE = {OverrideWithoutReasonError.slug}


class Verb(NamedTuple):
    """A request, and the act in which somebody makes it: ``lag`` hours late, or early."""

    request: Change[ServiceOrder]
    lag: int
    knows_the_quote: bool
    of_the_act: dict[str, Any]

    def asked_of(self, order: ServiceOrder, hour: int) -> bool:
        """Say whether the order accepted it. What the request names no refusal for is raised."""
        at = later(max(0, hour - self.lag))
        try:
            ask(order, self._fitting(order), at, **self.of_the_act)
        except RefusalError as refusal:
            if refusal.slug not in REFUSED_EVERYWHERE | refused_by(type(self.request)):
                raise
            return False
        return True

    def _fitting(self, order: ServiceOrder) -> Change[ServiceOrder]:
        """Mostly approve what was issued: a digest is not guessed."""
        request = self.request
        if self.knows_the_quote and isinstance(request, quote_answers.ApproveQuote):
            quote = order.quotes.get(request.quote_version)
            digest = quote.content_sha256 if quote else None
            return request.model_copy(update={"content_sha256": digest})
        return request


ACTS = st.sampled_from(
    [{}, {"reason": BECAUSE}, {"reason": BECAUSE, "declared": ("C2", "C7", "H6", "Q10", "W15")}]
)
IMPORTED = st.just(imported())
VERBS = st.builds(
    Verb,
    st.one_of(*REQUESTS.values()),
    st.sampled_from([0] * 9 + [1, 5, -400]),
    st.sampled_from([True, True, True, False]),
    ACTS | ACTS | ACTS | IMPORTED,
)


def begun() -> st.SearchStrategy[ServiceOrder]:
    """Begin with an order that is new, received, offered, approved, or worked on."""
    stories: list[Callable[[ServiceOrder], ServiceOrder]] = [
        lambda order: order,
        lambda order: ask(order, a_reception()),
        lambda order: ask(order, a_quote()),
        approved,
        lambda order: ask(approved(order), a_start("screen"), later(1)),
        lambda order: worked(approved(order)),
    ]
    return st.sampled_from(stories).map(lambda story: story(an_order(authorised_persons=(FRIEND,))))


def lived(order: ServiceOrder, verbs: list[Verb]) -> ServiceOrder:
    """Let an order decide on one thing an hour; what it refuses leaves nothing behind."""
    for hour, verb in enumerate(verbs, start=5):
        before = len(facts(order))
        if not verb.asked_of(order, hour):
            assert len(facts(order)) == before
    return order
