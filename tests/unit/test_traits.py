"""What figures group an order by."""

from os_events.aggregates.service_order.codes import AssigneeKind, Duty
from os_events.aggregates.service_order.organising import Assignee, AssignResponsible
from os_events.aggregates.traits import traits
from tests.support import BECAUSE, TECHNICIAN, an_order, ask


def lead(kind: AssigneeKind, who: str) -> AssignResponsible:
    return AssignResponsible(assignee=Assignee(kind=kind, id=who), duty=Duty.LEAD)


def test_an_order_stays_with_the_department_whose_technician_takes_the_lead_of_it() -> None:
    order = ask(an_order(), lead(AssigneeKind.DEPARTMENT, "lab"))

    ask(order, lead(AssigneeKind.PERSON, str(TECHNICIAN)), reason=BECAUSE)

    told = traits(order, None)
    assert (told.department, told.technician) == ("lab", str(TECHNICIAN))


def test_an_order_is_of_the_department_that_was_assigned_last() -> None:
    order = ask(an_order(), lead(AssigneeKind.DEPARTMENT, "lab"))

    ask(order, lead(AssigneeKind.DEPARTMENT, "desk"), reason=BECAUSE)

    assert traits(order, None).department == "desk"
