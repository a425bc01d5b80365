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
    Duty,
    OrderType,
    Priority,
    Route,
)
from os_events.aggregates.service_order.organising import (
    Assignee,
    AssignResponsible,
    ResponsibleAssigned,
    Triaged,
    TriageServiceOrder,
)
from tests.support import (
    BECAUSE,
    CUSTOMER,
    TECHNICIAN,
    a_triage,
    an_order,
    ask,
    cancelled,
    new_kinds,
    news,
    past,
)

IMEI = "490154203237518"


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


def test_an_assignment_is_not_called_like_an_earlier_one() -> None:
    order = ask(an_order(), an_assignment(assignment_id=UUID(int=50)))

    with pytest.raises(DuplicateIdError):
        ask(order, an_assignment(CUSTOMER, assignment_id=UUID(int=50)))


@pytest.mark.parametrize(
    "who", ["joao", "JOHN", TECHNICIAN.hex, "ABCDEF00-0000-4000-8000-000000000000"]
)
def test_a_person_is_assigned_by_id(who: str) -> None:
    with pytest.raises(ValidationError):
        Assignee(kind=AssigneeKind.PERSON, id=who)


@pytest.mark.parametrize("request_", [a_triage(), an_assignment()], ids=["triage", "assignment"])
def test_what_has_ended_is_not_organised(request_: Any) -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, request_)
