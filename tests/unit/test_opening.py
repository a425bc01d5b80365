from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import ReasonRequiredError
from os_events.aggregates.service_order.checks import (
    DuplicateIdError,
    OrderEndedError,
    UnknownLineError,
)
from os_events.aggregates.service_order.codes import (
    AssigneeKind,
    Basis,
    Duty,
    OrderType,
    Priority,
    Profile,
    Route,
    WaiverBasis,
)
from os_events.aggregates.service_order.notes import AddNote, NoteAdded
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.organising import (
    Assignee,
    AssignResponsible,
    ResponsibleAssigned,
    Triaged,
    TriageServiceOrder,
)
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.waivers import QuoteWaived, WaiverWithoutBasisError
from os_events.values.acts import Channel
from os_events.values.company import RegulatoryProfile, UnknownUnitError
from os_events.values.days import Direction, TermUnit
from tests.support import (
    BECAUSE,
    CUSTOMER,
    NOON,
    SAO_PAULO,
    TECHNICIAN,
    a_company,
    a_line,
    a_phone,
    a_triage,
    an_act,
    an_opening,
    an_order,
    ask,
    cancelled,
    facts,
    imported,
    later,
    new_kinds,
    news,
    past,
)

IMEI = "490154203237518"


def test_an_order_begins_with_what_the_customer_asked_for() -> None:
    request = an_opening(asset=a_phone(imeis=(IMEI,)))
    act = an_act()

    order = request.begin(act, "OS-2026-000123")

    [fact] = facts(order)
    assert isinstance(fact, Opened)
    assert order.id == act.id
    assert fact.order_number == "OS-2026-000123"
    assert fact.reported_problem == "A tela não acende desde ontem."
    assert fact.asset
    assert fact.asset.imeis == (IMEI,)
    assert fact.asset.asset_id == act.id
    assert order.subject == CUSTOMER


def test_the_place_of_performance_is_the_units_unless_it_is_told() -> None:
    elsewhere: dict[str, Any] = {
        "place_zone": "America/Manaus",
        "uf": "AM",
        "municipality": "1302603",
    }

    here, there = an_order(), an_order(**elsewhere)

    assert (here.zone, here.uf, here.municipality) == (SAO_PAULO, "SP", "3550308")
    assert (there.zone, there.uf, there.municipality) == ("America/Manaus", "AM", "1302603")
    assert facts(there)[0].zone == "America/Manaus"


def test_an_order_is_bound_to_the_regime_of_its_company() -> None:
    company = a_company(regulatory_profile=RegulatoryProfile.TELECOM_PPP)

    order = an_opening().begin(an_act(company=company), "OS-2026-000001")

    assert facts(order)[0].regulatory_profile is RegulatoryProfile.TELECOM_PPP


@pytest.mark.parametrize(
    ("profile", "route"), [(Profile.BENCH, Route.BENCH), (Profile.FIELD, Route.VISIT)]
)
def test_the_route_is_the_usual_one_of_the_profile(profile: Profile, route: Route) -> None:
    order = an_order(profile=profile)

    assert order.route is route


def test_an_order_is_opened_at_a_unit_of_the_company() -> None:
    request = an_opening(unit_id=UUID(int=77))

    with pytest.raises(UnknownUnitError):
        request.begin(an_act(), "OS-2026-000001")


@pytest.mark.parametrize(
    ("basis", "waived"),
    [
        (Basis.MANUFACTURER_WARRANTY, WaiverBasis.MANUFACTURER_WARRANTY),
        (Basis.SELLER_WARRANTY, WaiverBasis.SELLER_WARRANTY),
        (Basis.SERVICE_WARRANTY, WaiverBasis.SERVICE_WARRANTY),
        (Basis.CONTRACT, WaiverBasis.CONTRACT),
    ],
)
def test_a_warranty_or_a_contract_waives_the_quote_of_every_service(
    basis: Basis, waived: WaiverBasis
) -> None:
    order = an_order(basis=basis, contract_ref="C-1")

    assert new_kinds(order) == [Opened, QuoteWaived]
    assert facts(order)[1].basis is waived
    assert order.scope == {"screen", "port"}


def test_without_warranty_or_contract_nothing_is_waived() -> None:
    order = an_order(contract_ref="C-1")

    assert new_kinds(order) == [Opened]


def test_a_contract_is_named_by_its_reference() -> None:
    request = an_opening(basis=Basis.CONTRACT)

    with pytest.raises(WaiverWithoutBasisError):
        request.begin(an_act(), "OS-2026-000001")


def test_an_import_may_know_neither_the_contract_nor_the_problem() -> None:
    request = an_opening(basis=Basis.CONTRACT, reported_problem=None, channel=Channel.IMPORT)

    order = request.begin(an_act(**imported()), "OS-2026-000001")

    assert new_kinds(order) == [Opened, QuoteWaived]
    assert facts(order)[0].reported_problem is None


def test_a_date_promised_at_the_counter_is_a_deadline() -> None:
    order = an_order(promised_at=later(48))

    [_, promise] = facts(order)
    [deadline] = promise.deadlines
    assert isinstance(promise, CompletionPromised)
    assert (promise.promise_no, promise.previous_at) == (1, None)
    assert (deadline.code, deadline.rule_id, deadline.unit) == ("DL-03", "Q10", TermUnit.DATE)
    assert (deadline.start_at, deadline.due_at) == (NOON, later(48))
    assert deadline.direction is Direction.OBLIGATION
    assert deadline.deadline_id == f"{promise.event_id}:DL-03"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": ()},
        {"lines": (a_line(), a_line())},
        {"reported_problem": None},
        {"reported_problem": "Ligar \x00"},
        {"municipality": "9999999"},
        {"uf": "XX"},
        {"place_zone": "UTC-3"},
        {"authorised_persons": (CUSTOMER,) * 21},
    ],
)
def test_an_opening_that_makes_no_sense_is_refused_before_it_is_decided(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        an_opening(**wrong)


def test_triage_changes_type_priority_and_route() -> None:
    order = past(an_order())
    triage = TriageServiceOrder(
        type=OrderType.SUPPORT,
        priority=Priority.URGENT,
        route=Route.REMOTE,
        remote_attempted=True,
        note="Já reiniciou o aparelho.",
    )

    ask(order, triage)

    assert new_kinds(order) == [Triaged]
    assert (order.type, order.priority, order.route) == (
        OrderType.SUPPORT,
        Priority.URGENT,
        Route.REMOTE,
    )
    assert order.triaged


def an_assignment(who: UUID = TECHNICIAN, **fields: Any) -> AssignResponsible:
    given: dict[str, Any] = {
        "assignee": Assignee(kind=AssigneeKind.PERSON, id=str(who)),
        "duty": Duty.TECHNICIAN,
    }
    return AssignResponsible(**given | fields)


def test_whoever_is_assigned_is_the_technician_of_the_order() -> None:
    order = past(an_order())

    ask(order, an_assignment(lines=("screen",)))

    [(kind, fields)] = news(order)
    assert kind is ResponsibleAssigned
    assert (fields["lines"], fields["replaces"]) == (("screen",), None)
    assert order.lead_technician == str(TECHNICIAN)


def test_a_lead_comes_before_a_technician() -> None:
    order = ask(an_order(), an_assignment(CUSTOMER, duty=Duty.LEAD))

    ask(order, an_assignment(TECHNICIAN))

    assert order.lead_technician == str(CUSTOMER)


def test_a_department_leads_but_is_no_technician() -> None:
    sales = Assignee(kind=AssigneeKind.DEPARTMENT, id="sales")

    order = ask(an_order(), an_assignment(assignee=sales, duty=Duty.LEAD))

    assert order.lead_technician is None


def test_a_reassignment_has_a_reason() -> None:
    order = ask(an_order(), an_assignment(assignment_id=UUID(int=50)))

    with pytest.raises(ReasonRequiredError):
        ask(order, an_assignment(CUSTOMER, replaces=UUID(int=50)))


def test_a_reassignment_ends_the_assignment_before() -> None:
    order = past(ask(an_order(), an_assignment(assignment_id=UUID(int=50))))

    ask(order, an_assignment(CUSTOMER, replaces=UUID(int=50)), reason=BECAUSE)

    assert news(order)[0][1]["replaces"] == UUID(int=50)
    assert order.lead_technician == str(CUSTOMER)
    assert UUID(int=50) not in order.assigned


def test_a_new_lead_replaces_the_other_with_a_reason() -> None:
    lead = an_assignment(assignment_id=UUID(int=50), duty=Duty.LEAD)
    order = past(ask(an_order(), lead))

    ask(order, an_assignment(CUSTOMER, duty=Duty.LEAD), reason=BECAUSE)

    assert news(order)[0][1]["replaces"] == UUID(int=50)


def test_a_new_lead_without_a_reason_is_refused() -> None:
    order = ask(an_order(), an_assignment(duty=Duty.LEAD))

    with pytest.raises(ReasonRequiredError):
        ask(order, an_assignment(CUSTOMER, duty=Duty.LEAD))


@pytest.mark.parametrize("wrong", [{"lines": ("roof",)}, {"replaces": UUID(int=51)}])
def test_an_assignment_names_what_is_there(wrong: dict[str, Any]) -> None:
    order = an_order()

    with pytest.raises(UnknownLineError):
        ask(order, an_assignment(**wrong), reason=BECAUSE)


@pytest.mark.parametrize("who", ["joão", "JOHN", str(TECHNICIAN).upper() + "F"])
def test_a_person_is_assigned_by_id(who: str) -> None:
    with pytest.raises(ValidationError):
        Assignee(kind=AssigneeKind.PERSON, id=who)


def test_a_note_is_kept_as_typed() -> None:
    order = past(an_order())

    ask(order, AddNote(text="Cliente viaja dia 10.\nLigar antes."))

    [(kind, fields)] = news(order)
    assert kind is NoteAdded
    assert fields["text"] == "Cliente viaja dia 10.\nLigar antes."


def test_a_note_is_added_after_the_end_too() -> None:
    order = past(cancelled(an_order()))

    ask(order, AddNote(text="Cliente agradeceu."))

    assert new_kinds(order) == [NoteAdded]


def test_an_id_is_used_once_in_an_order() -> None:
    order = ask(an_order(), AddNote(note_id=UUID(int=50), text="Um."))

    with pytest.raises(DuplicateIdError):
        ask(order, an_assignment(assignment_id=UUID(int=50)))


@pytest.mark.parametrize("request_", [a_triage(), an_assignment()], ids=["triage", "assignment"])
def test_what_has_ended_is_not_organised(request_: Any) -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, request_)
