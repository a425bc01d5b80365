"""The document of an order: all that it is, and nothing that is personal."""

from dataclasses import fields
from typing import Any

import pytest
from pydantic import TypeAdapter

from os_events.aggregates.base import HEADER, DomainEvent
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
    opening,
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
from os_events.aggregates.service_order.codes import HoldCause, HoldScope, PartState
from os_events.aggregates.service_order.notes import AddNote
from os_events.eventlog.topics import EVENTS, below
from os_events.projections.order_view import quotes, records, request, things
from os_events.projections.order_view.changes import Change, changes
from os_events.projections.order_view.document import OrderDocument, document
from os_events.projections.order_view.record import HEAD, Record, own_names
from os_events.values.acts import Reason
from os_events.values.personal import Erased
from tests.support import (
    BECAUSE,
    CUSTOMER,
    NOON,
    a_quote,
    an_act,
    an_approval,
    an_item,
    an_opening,
    an_order,
    approved,
    ask,
    facts,
    later,
)
from tests.views import a_life, a_part_request, history, logged

SHOWN: dict[type[DomainEvent], tuple[type[Record], set[str]]] = {  # and what the document adds
    activities.ActivityPerformed: (records.Activity, set()),
    checklists.ChecklistRecorded: (records.Checklist, set()),
    closing.Cancelled: (records.Cancellation, set()),
    closing.Closed: (records.Closing, set()),
    diagnosing.DiagnosisRecorded: (records.Diagnosis, set()),
    diagnosing.DiagnosisStarted: (records.DiagnosisStart, set()),
    handover.DeviceHandedOver: (records.Handover, set()),
    holds.HoldPlaced: (things.Hold, {"released_at", "resumed_work"}),
    intake.DeviceReceived: (records.Reception, set()),
    notes.NoteAdded: (records.Note, set()),
    notices.NoticeSent: (records.Notice, set()),
    organising.ResponsibleAssigned: (things.Assignment, {"in_force"}),
    parts.PartInstalled: (records.Installation, set()),
    parts.PartRequested: (
        things.PartRequest,
        {"state", "state_at", "now_expected_on", "is_installed"},
    ),
    paying.PaymentRecorded: (records.Payment, set()),
    promises.CompletionPromised: (records.Promise, set()),
    quote_answers.QuoteApproved: (quotes.QuoteApproval, set()),
    quote_answers.QuoteDeclined: (quotes.QuoteRefusal, set()),
    quote_validity.QuoteDelivered: (quotes.QuoteDelivery, set()),
    quoting.QuoteIssued: (
        quotes.Quote,
        {
            "state",
            "in_force",
            "superseded",
            "valid_until",
            "expired_at",
            "deliveries",
            "approvals",
            "refusals",
        },
    ),
    reopening.Reopened: (records.Reopening, set()),
    settling.FinalCostsSettled: (records.Settlement, set()),
    waivers.QuoteWaived: (records.Waiver, set()),
    work.WorkCompleted: (records.Completion, set()),
    work.WorkStarted: (records.WorkStart, set()),
}
SHOWN_OTHERWISE = {
    opening.Opened: "request, with what triage changed; its lines have their stages",
    organising.Triaged: "its outcome is in the request",
    holds.HoldReleased: "in its hold",
    parts.PartSupplyUpdated: "in its part",
    quote_validity.QuoteExpired: "in its quote",
}


def shown(told: Any, **how: Any) -> OrderDocument:
    found = document(told, **how)
    assert found is not None
    return found


def pointer(*steps: str) -> str:
    return "".join(f"/{step}" for step in steps)


def test_every_event_of_an_order_is_in_its_document() -> None:
    known = {kind for kind in below(DomainEvent) if "TOPIC" in vars(kind)}

    of_orders = {kind for kind in known if kind.TOPIC.startswith("service-order.")}

    assert of_orders == SHOWN.keys() | SHOWN_OTHERWISE.keys()
    assert all(EVENTS[kind.TOPIC] is kind for kind in of_orders)


@pytest.mark.parametrize("kind", SHOWN)
def test_a_fact_is_shown_with_all_its_fields(kind: type[DomainEvent]) -> None:
    shape, added = SHOWN[kind]
    own = set(kind.model_fields) - HEADER

    assert set(own_names(shape)) - added == own - {"deadlines"}
    assert added <= {field.name for field in fields(shape)[-len(added) :]}


def test_the_request_is_shown_with_all_that_was_told() -> None:
    told = set(opening.Opened.model_fields) - HEADER - {"lines", "originator_topic"}

    assert {field.name for field in fields(request.Request)[HEAD:]} == told


def test_a_document_is_read_back_as_it_was_written() -> None:
    adapter = TypeAdapter(OrderDocument)
    found = shown(history(a_life()))

    assert adapter.validate_json(adapter.dump_json(found)) == found


def test_prices_are_followed_from_the_quote_to_the_bill() -> None:
    costs = shown(history(a_life())).money.costs

    assert [(one.quote_line_id, one.quoted, one.approved, one.charged) for one in costs.lines] == [
        ("part-screen", 20000, 20000, 20000),
        ("labour-screen", 15000, 15000, 15000),
        ("labour-port", 5000, 5000, 4000),
    ]
    assert [one.difference for one in costs.lines] == [0, 0, -1000]
    assert (costs.quoted, costs.approved, costs.charged, costs.paid) == (40000, 40000, 39000, 39000)


def test_a_newer_quote_stands_beside_the_one_in_force() -> None:
    order = ask(approved(an_order()), a_quote(an_item(price=38000)))

    found = shown(history(order))

    assert [(one.quote_version, one.in_force, one.superseded) for one in found.quotes] == [
        (1, True, True),
        (2, False, False),
    ]
    assert [(one.quoted, one.approved, one.charged) for one in found.money.costs.lines] == [
        (38000, 35000, None),
        (None, 5000, None),
    ]


def test_lines_have_their_stages() -> None:
    order = ask(approved(an_order()), a_part_request_without_quote_line())

    stages = [(line.line_id, line.stage) for line in shown(history(order)).lines]

    assert stages == [("screen", "waiting_parts"), ("port", "approved")]


def a_part_request_without_quote_line() -> parts.RequestPart:
    return a_part_request().model_copy(update={"quote_line_id": None})


def test_a_part_says_where_it_is() -> None:
    [part] = shown(history(a_life())).parts.requests

    assert (part.state, part.state_at, part.is_installed) == (PartState.ARRIVED, later(10), True)


def test_a_hold_says_until_when_it_lasted() -> None:
    order = ask(
        an_order(),
        holds.PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS),
        later(1),
        reason=BECAUSE,
    )
    ask(order, holds.ReleaseHold(), later(3))

    [hold] = shown(history(order)).work.holds

    assert (hold.at, hold.released_at, hold.resumed_work) == (later(1), later(3), False)
    assert hold.reason == Reason(code="asked-by-customer")


def test_deadlines_are_all_there() -> None:
    codes = [one.code for one in shown(history(a_life())).deadlines]

    assert sorted(codes) == ["DL-01", "DL-03"]


def a_talkative_order() -> Any:
    order = an_opening(access_login="joao.silva").begin(an_act(), "OS-2026-000001")
    ask(order, AddNote(text="Ligar para Maria"), reason=Reason(code="other", note="pediu João"))
    return order


def test_personal_values_stay_out_unless_they_are_asked_for() -> None:
    shown = document(history(a_talkative_order()))

    text = TypeAdapter(OrderDocument | None).dump_json(shown).decode()

    assert "Maria" not in text
    assert "joao" not in text
    assert "acende" not in text
    assert "João" not in text


def test_who_may_know_is_shown_what_was_said() -> None:
    found = shown(history(a_talkative_order()), personal=True)

    assert found.request.reported_problem == "A tela não acende desde ontem."
    assert [note.text for note in found.said.notes] == ["Ligar para Maria"]


def test_what_was_erased_is_shown_as_erased() -> None:
    [opened, *rest] = facts(a_talkative_order())
    erased = opened.model_copy(update={"reported_problem": Erased()})

    found = shown(type(history(an_order())).of(logged([erased, *rest])), personal=True)

    assert found.request.reported_problem == Erased()


def test_there_is_no_document_before_the_beginning() -> None:
    assert document(history(a_life()).until(as_of=later(-1))) is None


def test_what_changed_between_two_instants_is_told_field_by_field() -> None:
    placed = holds.PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.CUSTOMER)
    order = ask(an_order(), placed, reason=BECAUSE)
    told = history(order)

    found = changes(told.until(known_at=told.events[0][1].recorded_at), told)

    assert Change("/standing/status", "open", "on_hold") in found
    assert Change("/standing/waits_for", None, "customer") in found
    assert [one.path for one in found if "holds" in one.path] == [pointer("work", "holds", "2")]


def test_what_is_told_late_leaves_the_others_where_they_are() -> None:
    life = facts(a_life())
    [first, second] = [fact for fact in life if isinstance(fact, activities.ActivityPerformed)]
    told = type(history(an_order())).of(logged([*(f for f in life if f is not first), first]))

    found = changes(told.until(known_at=told.events[-1][1].recorded_at), told)

    assert second.activity_id != first.activity_id
    assert [one.path for one in found if "activities" in one.path] == [
        pointer("work", "activities", "22")
    ]


def test_before_there_was_an_order_all_of_it_is_new() -> None:
    told = history(an_order())

    [change] = changes(told.until(as_of=NOON.replace(year=2025)), told)

    assert (change.path, change.before) == ("", None)
    assert change.after["request"]["customer_id"] == str(CUSTOMER)


def test_an_approval_is_kept_with_its_version() -> None:
    order = ask(an_order(), a_quote(), later(1))
    ask(order, an_approval(order), later(2))

    [quote] = shown(history(order)).quotes

    assert [one.at for one in quote.approvals] == [later(2)]
    assert quote.state == "approved"
