"""What public shapes are made of. A field may be added later, and is never taken back."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order import codes, values
from os_events.values import days
from os_events.values.acts import Channel, Role
from os_events.values.scalars import Code, Instant

MACHINES = ("policy:", "integration:")  # their ids name programs; any other names a person
ADDED_TO = "A code. Others will be added: treat one that you do not know as such."


class Codes:
    """Marks a text as one of these codes, or of those that will be added."""

    def __init__(self, vocabulary: type[Code]) -> None:
        self.vocabulary = vocabulary

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Name the codes and close nothing: an ``enum`` would refuse the next one."""
        known = sorted(code.value for code in self.vocabulary)
        return handler(core_schema) | {"description": ADDED_TO, "x-extensible-enum": known}


Number = Annotated[str, Field(description="A decimal number, as text.")]
Centavos = Annotated[int, Field(description="Centavos of the Brazilian real.")]
Time = Annotated[Instant, Field(description="An instant, RFC 3339, in UTC.")]
Day = Annotated[date, Field(description="A day at the place of performance.")]
Uf = Annotated[str, Field(description="The state of the place of performance.")]
Municipality = Annotated[str, Field(description="A municipality, by its IBGE code.")]
Zone = Annotated[str, Field(description="The IANA time zone of the place of performance.")]
LineId = Annotated[str, Field(description="A service line of the order.")]
QuoteLineId = Annotated[str, Field(description="A line of the quote.")]
QuoteVersion = Annotated[int, Field(description="A version of the quote: 1, 2, 3 …")]
HouseCode = Annotated[str, Field(description="A code of the house's own.")]
Sha256 = Annotated[str, Field(description="SHA-256 of the quote as offered, in hex.")]


class OpenObject(BaseModel):
    """What a payload is made of: a reader ignores the fields that it does not know."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Act(OpenObject):
    """Who did it and how it came in. Of people the role alone; the id of a program too."""

    actor_role: Annotated[str, Codes(Role)]
    actor_id: Annotated[str, Field(description="Of a program.")] | None = None
    channel: Annotated[str, Codes(Channel)]
    reason_code: HouseCode | None = None

    @classmethod
    def of(cls, event: DomainEvent) -> Self:
        """Say it of an event."""
        actor, reason = event.actor, event.reason
        return cls(
            actor_role=actor.role,
            actor_id=actor.id if actor.id.startswith(MACHINES) else None,
            channel=event.channel,
            reason_code=reason.code if reason else None,
        )


class ServiceLine(OpenObject):
    """One service asked for."""

    line_id: LineId
    service_code: HouseCode
    quantity: Number

    @classmethod
    def of(cls, line: values.ServiceLine) -> Self:
        """Say it of a line."""
        return cls(line_id=line.line_id, service_code=line.service_code, quantity=line.quantity)


class Device(OpenObject):
    """The thing to be worked on, without its numbers."""

    asset_id: Annotated[UUID, Field(description="The same in every order about the thing.")]
    category: HouseCode
    brand: str
    model: str

    @classmethod
    def of(cls, asset: values.Asset) -> Self:
        """Say it of an asset."""
        return cls(
            asset_id=asset.asset_id,
            category=asset.category,
            brand=asset.brand,
            model=asset.model,
        )


class PartSpec(OpenObject):
    """A part, as the customer is told of it."""

    sku: str | None = None
    description: str
    ncm: str | None = None
    manufacturer: str | None = None
    condition: Annotated[str, Codes(codes.PartCondition)]
    warranty_days: int

    @classmethod
    def of(cls, part: values.PartSpec) -> Self:
        """Say it of a part."""
        return cls(
            sku=part.sku,
            description=part.description,
            ncm=part.ncm,
            manufacturer=part.manufacturer,
            condition=part.condition,
            warranty_days=part.warranty_days,
        )


class Authorisation(OpenObject):
    """The approval or the waiver under which something is done."""

    kind: Annotated[str, Codes(codes.AuthorisationKind)]
    quote_version: QuoteVersion | None = None

    @classmethod
    def of(cls, ground: values.Authorisation) -> Self:
        """Say it of an authorisation."""
        return cls(kind=ground.kind, quote_version=ground.quote_version)


class Consent(OpenObject):
    """In which capacity somebody agreed or answered, and how."""

    relation: Annotated[str, Codes(codes.Relation)]
    method: Annotated[str, Codes(codes.ConsentMethod)]

    @classmethod
    def of(cls, consent: values.Consent) -> Self:
        """Say it of a consent."""
        return cls(relation=consent.relation, method=consent.method)


class Deadline(OpenObject):
    """A deadline that the fact starts. What occurs before ``due_at`` is in time."""

    deadline_id: str
    code: Annotated[str, Field(description="Which deadline, as in the catalogue: DL-01 …")]
    due_at: Time

    @classmethod
    def of(cls, deadline: days.Deadline) -> Self:
        """Say it of a deadline."""
        return cls(deadline_id=deadline.deadline_id, code=deadline.code, due_at=deadline.due_at)
