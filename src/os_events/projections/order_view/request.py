"""What an order is about: what was asked for, how it is sorted, and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from os_events.aggregates.facets import (
    BillingFacet,
    CustodyFacet,
    QuoteFacet,
    billing_facet,
    custody_facet,
    quote_facet,
)
from os_events.aggregates.history import Course
from os_events.aggregates.service_order.codes import (
    Basis,
    ContractPlace,
    OrderType,
    Priority,
    Profile,
    Route,
)
from os_events.aggregates.service_order.opening import Opened, TechnicalDatum
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Asset, Evidence
from os_events.aggregates.stages import LineStage, stages
from os_events.aggregates.status import Category, OrderStatus
from os_events.projections.order_view.record import Facts, Record
from os_events.values.company import RegulatoryProfile
from os_events.values.consumer import ConsumerStatus
from os_events.values.personal import Personal

Text = Annotated[Personal[str] | None, Evidence]


@dataclass(frozen=True, slots=True)
class Request(Record):
    """What was asked for. Type, route and priority are as the last triage left them."""

    order_number: str
    profile: Profile
    basis: Basis
    contract_place: ContractPlace
    consumer_status: ConsumerStatus
    regulatory_profile: RegulatoryProfile
    customer_id: UUID
    requester_id: UUID | None
    authorised_persons: tuple[UUID, ...]
    unit_id: UUID
    place_zone: str
    uf: str
    municipality: str
    reported_problem: Text
    fault_conditions: Text
    contract_ref: str | None
    technical_data: tuple[TechnicalDatum, ...]
    access_login: Text
    quality_test_required: bool
    previous_order_id: UUID | None
    route: Route
    type: OrderType
    priority: Priority
    asset: Asset | None


def request(order: ServiceOrder, facts: Facts) -> Request:
    """Say what an order is about."""
    [(at, opened)] = facts.of(Opened)
    asset = facts.value(order.asset)
    return facts.shown(Request, at, opened, order.route, order.type, order.priority, asset)


@dataclass(frozen=True, slots=True)
class Line:
    """One service, and where it is."""

    line_id: str
    service_code: str
    description: str
    quantity: str
    stage: LineStage


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the order stands, since when, for whom it waits, and by when it is promised."""

    status: OrderStatus
    category: Category
    since: datetime
    waits_for: str | None
    quote: QuoteFacet
    custody: CustodyFacet
    billing: BillingFacet
    lead_technician: str | None
    promised_at: datetime | None


def lines(order: ServiceOrder) -> tuple[Line, ...]:
    """Give the services and their stages."""
    at = stages(order)
    return tuple(
        Line(one.line_id, one.service_code, one.description, one.quantity, at[one.line_id])
        for one in order.lines
    )


def standing(order: ServiceOrder, course: Course) -> Standing:
    """Say where an order stands."""
    since, now = course.standings[-1]
    return Standing(
        status=now.status,
        category=now.status.category,
        since=since,
        waits_for=now.waits_for,
        quote=quote_facet(order),
        custody=custody_facet(order),
        billing=billing_facet(order),
        lead_technician=order.lead_technician,
        promised_at=order.promised_at,
    )
