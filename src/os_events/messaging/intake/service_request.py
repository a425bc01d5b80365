"""``crm.service-request.open.v1``: another system asks for an order, for a customer of its own."""

from typing import Annotated, Any, ClassVar, Self
from uuid import UUID, uuid5

from pydantic import ConfigDict, Field, model_validator

from os_events.aggregates.person.registering import (
    Addresses,
    Documents,
    Emails,
    Language,
    Phones,
    RegisterPerson,
)
from os_events.aggregates.person.values import PersonKind, PersonRelation
from os_events.aggregates.service_order.codes import (
    Basis,
    ContractPlace,
    OrderType,
    Priority,
    Profile,
)
from os_events.aggregates.service_order.opening import OpenServiceOrder, TechnicalDatum
from os_events.aggregates.service_order.values import AssetSeen, ServiceLine
from os_events.messaging.intake.claims import given
from os_events.values.acts import Claims
from os_events.values.consumer import ConsumerStatus
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

CUSTOMER = {"customer", "customer_id"}


class Customer(Value):
    """Who asks for the work, as the sender knows them.

    Shape: ``reference`` is the sender's own name of them, the same in every request: by it they are
    known again. What else is told counts the first time only.
    """

    reference: ShortText
    kind: PersonKind = PersonKind.NATURAL
    consumer_status: ConsumerStatus = ConsumerStatus.UNKNOWN
    name: ShortText
    trade_name: ShortText | None = None
    documents: Documents = ()
    phones: Phones = ()
    emails: Emails = ()
    addresses: Addresses = ()
    preferred_means: Slug | None = None
    language: Language = "pt-br"

    def called(self, source: str, secret: bytes) -> UUID:
        """Name them: the same whenever ``source`` tells of them.

        The name outlives an erasure, so that nobody may guess a reference from it: it is keyed.
        """
        return uuid5(UUID(bytes=secret[:16]), f"{source}\n{self.reference}")


def names_one_customer(schema: dict[str, Any]) -> None:
    """Say in a JSON schema what the validator below says."""
    schema["oneOf"] = [{"required": [name]} for name in sorted(CUSTOMER)]


class ServiceRequest(Value):
    """Asks for an order: for a ``customer`` of the sender's, or for a person that is known here.

    Shape: fields mean what they mean in ``POST /service-orders``.
    """

    model_config = ConfigDict(json_schema_extra=names_one_customer)
    TYPE: ClassVar[str] = "crm.service-request.open.v1"

    customer: Customer | None = None
    customer_id: UUID | None = None
    unit_id: UUID
    profile: Profile
    type: OrderType
    basis: Basis = Basis.OUT_OF_WARRANTY
    priority: Priority = Priority.NORMAL
    contract_place: ContractPlace = ContractPlace.REMOTE
    reported_problem: LongText
    fault_conditions: LongText | None = None
    lines: Annotated[tuple[ServiceLine, ...], Field(min_length=1, max_length=100)]
    asset: AssetSeen | None = None
    place_zone: Zone | None = None
    uf: Uf | None = None
    municipality: Ibge | None = None
    technical_data: Annotated[tuple[TechnicalDatum, ...], Field(max_length=50)] = ()
    contract_ref: ShortText | None = None
    price_table_ref: ShortText | None = None
    previous_order_id: UUID | None = None
    promised_at: PlausibleInstant | None = None

    @model_validator(mode="after")
    def _names_one_customer(self) -> Self:
        if (self.customer is None) == (self.customer_id is None):
            raise ValueError("either customer or customer_id")
        return self

    def customer_called(self, source: str, secret: bytes) -> UUID:
        """Name whose order it will be."""
        if self.customer:
            return self.customer.called(source, secret)
        assert self.customer_id  # noqa: S101 - the validator saw to it
        return self.customer_id

    def registration(self, claims: Claims) -> RegisterPerson | None:
        """Make the request to register the customer; None for one who is known. Raises ValueError.

        Shape: this and the next are complete only with ``claims``, which say how it came to us.
        """
        if self.customer is None:
            return None
        fields = given(self.customer, {"reference"}) | given(claims)
        return RegisterPerson.model_validate(fields | {"relations": (PersonRelation.CUSTOMER,)})

    def opening(self, customer_id: UUID, claims: Claims) -> OpenServiceOrder:
        """Make the request to open the order. Raises ValueError."""
        fields = given(self, CUSTOMER) | given(claims) | {"customer_id": customer_id}
        if self.customer:
            fields["consumer_status"] = self.customer.consumer_status
        return OpenServiceOrder.model_validate(fields)
