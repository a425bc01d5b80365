"""How an order begins."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.aggregates.base import InitialEvent, Request
from os_events.aggregates.service_order.codes import (
    Basis,
    ContractPlace,
    OrderType,
    Priority,
    Profile,
    Route,
    WaiverBasis,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import CompletionPromised, PromiseOrigin
from os_events.aggregates.service_order.values import Asset, AssetSeen, Evidence, ServiceLine
from os_events.aggregates.service_order.waivers import QuoteWaived, WaiverWithoutBasisError
from os_events.values.acts import Act
from os_events.values.company import RegulatoryProfile
from os_events.values.consumer import ConsumerStatus
from os_events.values.identifiers import PlainDescription
from os_events.values.personal import Personal
from os_events.values.scalars import (
    Ibge,
    LongText,
    PlausibleInstant,
    ShortText,
    Slug,
    Uf,
    Value,
    Zone,
)
from os_events.values.words import Told

USUAL_ROUTES = {Profile.BENCH: Route.BENCH, Profile.FIELD: Route.VISIT}
WAIVED = {
    Basis.MANUFACTURER_WARRANTY: WaiverBasis.MANUFACTURER_WARRANTY,
    Basis.SELLER_WARRANTY: WaiverBasis.SELLER_WARRANTY,
    Basis.SERVICE_WARRANTY: WaiverBasis.SERVICE_WARRANTY,
    Basis.CONTRACT: WaiverBasis.CONTRACT,
}


class TechnicalDatum(Value):
    """Something that the work needs to know: plan, speed, port."""

    code: Slug
    value: PlainDescription

    def __str__(self) -> str:
        return f"{self.code}: {self.value}"


class Opened(InitialEvent):
    """A customer asked for work."""

    TOPIC: ClassVar[str] = "service-order.opened"
    TOLD: ClassVar[Told] = Told(
        pt="{order_number} aberta: {type}, {basis}, prioridade {priority}[; aparelho: {asset}]"
        "[; relato: “{reported_problem}”][; condições: “{fault_conditions}”]; serviços: {lines}"
        "[; dados técnicos: {technical_data}][; contrato {contract_ref}]",
        en="{order_number} opened: {type}, {basis}, priority {priority}[; device: {asset}]"
        "[; told: “{reported_problem}”][; conditions: “{fault_conditions}”]; services: {lines}"
        "[; technical data: {technical_data}][; contract {contract_ref}]",
    )
    order_number: str
    profile: Profile
    route: Route
    type: OrderType
    basis: Basis
    priority: Priority
    contract_place: ContractPlace
    consumer_status: ConsumerStatus
    regulatory_profile: RegulatoryProfile
    customer_id: UUID
    requester_id: UUID | None = None
    authorised_persons: tuple[UUID, ...]
    unit_id: UUID
    place_zone: str
    uf: str
    municipality: str
    reported_problem: Annotated[Personal[str] | None, Evidence] = None
    fault_conditions: Annotated[Personal[str] | None, Evidence] = None
    lines: tuple[ServiceLine, ...]
    asset: Asset | None = None
    contract_ref: str | None = None
    technical_data: tuple[TechnicalDatum, ...]
    access_login: Annotated[Personal[str] | None, Evidence] = None
    quality_test_required: bool
    previous_order_id: UUID | None = None


class OpenServiceOrder(Request):
    """Open an order for a customer. A warranty or a contract needs no quote: it is waived at once.

    Shape: zone, state and municipality of the place are the unit's, unless given; the route is the
    usual one of the profile.

    Refused: waiver-without-basis.
    """

    RULES: ClassVar[tuple[str, ...]] = ("Q1",)
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("reported_problem",)

    profile: Profile
    route: Route | None = None
    type: OrderType
    basis: Basis = Basis.OUT_OF_WARRANTY
    priority: Priority = Priority.NORMAL
    contract_place: ContractPlace
    consumer_status: ConsumerStatus = ConsumerStatus.UNKNOWN
    customer_id: UUID
    requester_id: UUID | None = None
    authorised_persons: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    unit_id: UUID
    place_zone: Zone | None = None
    uf: Uf | None = None
    municipality: Ibge | None = None
    reported_problem: LongText | None = None
    fault_conditions: LongText | None = None
    lines: Annotated[tuple[ServiceLine, ...], Field(min_length=1, max_length=100)]
    asset: AssetSeen | None = None
    contract_ref: ShortText | None = None
    price_table_ref: ShortText | None = None
    technical_data: Annotated[tuple[TechnicalDatum, ...], Field(max_length=50)] = ()
    access_login: ShortText | None = None
    quality_test_required: bool = False
    previous_order_id: UUID | None = None
    promised_at: PlausibleInstant | None = None

    @model_validator(mode="after")
    def _lines_are_told_apart(self) -> Self:
        if len({line.line_id for line in self.lines}) < len(self.lines):
            raise ValueError("two lines have one line_id")
        return self

    def begin(self, act: Act, order_number: str) -> ServiceOrder:
        """Make the order. Raises UnknownUnitError too."""
        waiver = self.waiver(act)

        order = ServiceOrder.begin(act, self.opened(act, order_number))
        if waiver:
            order.happened(act, waiver)
        if self.promised_at:
            opening = PromiseOrigin.OPENING
            promise = CompletionPromised.first_or_next(order, act, self.promised_at, opening)
            order.happened(act, promise)
        return order

    def opened(self, act: Act, order_number: str) -> Opened:
        """Name the beginning."""
        unit = act.company.unit(self.unit_id)
        return Opened(
            order_number=order_number,
            profile=self.profile,
            route=self.route or USUAL_ROUTES[self.profile],
            type=self.type,
            basis=self.basis,
            priority=self.priority,
            contract_place=self.contract_place,
            consumer_status=self.consumer_status,
            regulatory_profile=act.company.regulatory_profile,
            customer_id=self.customer_id,
            requester_id=self.requester_id,
            authorised_persons=self.authorised_persons,
            unit_id=self.unit_id,
            place_zone=self.place_zone or unit.zone,
            uf=self.uf or unit.uf,
            municipality=self.municipality or unit.municipality,
            reported_problem=self.reported_problem,
            fault_conditions=self.fault_conditions,
            lines=self.lines,
            asset=self.asset.called(act.id) if self.asset else None,
            contract_ref=self.contract_ref,
            technical_data=self.technical_data,
            access_login=self.access_login,
            quality_test_required=self.quality_test_required,
            previous_order_id=self.previous_order_id,
        )

    def waiver(self, act: Act) -> QuoteWaived | None:
        """Name the waiver that the basis brings about. Raises WaiverWithoutBasisError."""
        basis = WAIVED.get(self.basis)
        if basis is None:
            return None
        if basis is WaiverBasis.CONTRACT and not self.contract_ref and not act.imported:
            raise WaiverWithoutBasisError("a contract is named by its reference")
        return QuoteWaived(
            basis=basis,
            lines=tuple(line.line_id for line in self.lines),
            order_ids=(),
            contract_ref=self.contract_ref,
            price_table_ref=self.price_table_ref,
        )
