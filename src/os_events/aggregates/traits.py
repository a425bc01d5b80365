"""What figures group an order by: what it was at each instant (kpis.md 1.8)."""

from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.codes import AssigneeKind
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import ResponsibleAssigned, Triaged
from os_events.aggregates.service_order.reopening import Reopened

CHANGING: tuple[type[DomainEvent], ...] = (
    Opened,
    Triaged,
    ResponsibleAssigned,
    DeviceReceived,
    DiagnosisRecorded,
    Closed,
    Cancelled,
    Reopened,
)


class Traits(NamedTuple):
    """What an order was, from an instant until the next: none of it is personal.

    Shape: ``technician`` leads the work; ``department`` was assigned last, and stays when a person
    takes the lead from it; ``fault_code`` is that of the latest diagnosis; ``outcome`` is how it
    ended, while it is ended.
    """

    unit_id: UUID
    profile: str
    route: str
    type: str
    basis: str
    priority: str
    department: str | None
    technician: str | None
    fault_code: str | None
    outcome: str | None
    asset_id: UUID | None
    asset_model: str | None


def changes_traits(event: DomainEvent) -> bool:
    """Say whether an order may be another after it, as far as figures care."""
    return type(event) in CHANGING


def traits(order: ServiceOrder, fault_code: str | None) -> Traits:
    """Say what an order is now."""
    assigned = reversed(order.assignments.values())
    departments = (one.assignee for one in assigned if one.kind is AssigneeKind.DEPARTMENT)
    return Traits(
        unit_id=order.unit_id,
        profile=order.profile,
        route=order.route,
        type=order.type,
        basis=order.basis,
        priority=order.priority,
        department=next(departments, None),
        technician=order.lead_technician,
        fault_code=fault_code,
        outcome=order.ended,
        asset_id=order.asset.asset_id if order.asset else None,
        asset_model=str(order.asset) if order.asset else None,
    )
