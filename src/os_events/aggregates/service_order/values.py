"""What an order's facts are made of: value objects that several chapters share."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.aggregates.service_order.codes import (
    AccessoryState,
    AuthorisationKind,
    ConsentMethod,
    Disposition,
    LineKind,
    PartCondition,
    Relation,
)
from os_events.values.identifiers import Imei, Mac, PlainDescription, SerialNumber
from os_events.values.money import Quantity
from os_events.values.personal import Kept, Personal, Retention
from os_events.values.scalars import (
    Code,
    Count,
    Day,
    Days,
    DecimalText,
    ShortText,
    Slug,
    Value,
)
from os_events.values.words import Told

Evidence = Kept(Retention.ORDER_EVIDENCE)


class ServiceLine(Value):
    """One service asked for; ``line_id`` is unique in the order and never used again."""

    line_id: Slug
    service_code: Slug
    description: PlainDescription
    quantity: Quantity

    def __str__(self) -> str:
        return self.description


class LabelState(Code):
    """Whether the device's label can be read; an illegible number is never invented."""

    LEGIBLE = "legible", "legível"
    ILLEGIBLE = "illegible", "ilegível"
    ABSENT = "absent", "ausente"


class Purchase(Value):
    """The document with which the device was bought, and when."""

    document: ShortText
    on: Day


class Asset(Value):
    """The thing to be worked on. It is found again through keyed digests of its numbers."""

    asset_id: UUID
    category: Slug
    brand: str
    model: str
    colour: str | None = None
    capacity: str | None = None
    system_version: str | None = None
    label: LabelState
    serial: Annotated[Personal[str] | None, Evidence] = None
    imeis: Annotated[Personal[tuple[str, ...]] | None, Evidence] = None
    mac: Annotated[Personal[str] | None, Evidence] = None
    purchase: Annotated[Personal[Purchase] | None, Evidence] = None

    def __str__(self) -> str:
        return f"{self.brand} {self.model}"


class AssetSeen(Value):
    """The thing, as somebody describes it. One that was here before has the id that it had."""

    asset_id: UUID | None = None
    category: Slug
    brand: PlainDescription
    model: PlainDescription
    colour: PlainDescription | None = None
    capacity: PlainDescription | None = None
    system_version: PlainDescription | None = None
    label: LabelState = LabelState.LEGIBLE
    serial: SerialNumber | None = None
    imeis: Annotated[tuple[Imei, ...], Field(max_length=4)] = ()
    mac: Mac | None = None
    purchase: Purchase | None = None

    def called(self, asset_id: UUID) -> Asset:
        """Give the asset: by its own id, or else by ``asset_id``."""
        return Asset(
            asset_id=self.asset_id or asset_id,
            category=self.category,
            brand=self.brand,
            model=self.model,
            colour=self.colour,
            capacity=self.capacity,
            system_version=self.system_version,
            label=self.label,
            serial=self.serial,
            imeis=self.imeis or None,
            mac=self.mac,
            purchase=self.purchase,
        )


class PartSpec(Value):
    """A part as the customer is told of it."""

    sku: ShortText | None = None
    description: PlainDescription
    ncm: ShortText | None = None
    manufacturer: PlainDescription | None = None
    condition: PartCondition
    warranty_days: Days

    def __str__(self) -> str:
        return self.description


class QuoteLine(Value):
    """One price of a quote. Unit: centavos."""

    TOLD: ClassVar[Told] = Told(
        pt="{description}[ ({part.condition})][ ({third_party_name})], {total:money}",
        en="{description}[ ({part.condition})][ ({third_party_name})], {total:money}",
    )

    quote_line_id: Slug
    line_id: Slug
    kind: LineKind
    description: str
    part: PartSpec | None = None
    quantity: DecimalText
    unit: Slug
    unit_price: int
    total: int
    third_party_name: str | None = None
    warranty_days: int


class StartTerm(Value):
    """When the work begins: on a day, or so many days after the approval."""

    TOLD: ClassVar[Told] = Told(
        pt="[em {on}][{days_after_approval} dia(s) após a aprovação]",
        en="[on {on}][{days_after_approval} day(s) after the approval]",
    )

    on: Day | None = None
    days_after_approval: Annotated[int, Field(ge=0, le=365)] | None = None

    @model_validator(mode="after")
    def _is_said_in_one_way(self) -> Self:
        if (self.on is None) == (self.days_after_approval is None):
            raise ValueError("a day, or a number of days")
        return self


class EndTerm(Value):
    """When it will be done: on a day, or so many business days after the approval."""

    TOLD: ClassVar[Told] = Told(
        pt="[em {on}][{business_days_after_approval} dia(s) útil(eis) após a aprovação]",
        en="[on {on}][{business_days_after_approval} business day(s) after the approval]",
    )

    on: Day | None = None
    business_days_after_approval: Annotated[int, Field(ge=0, le=365)] | None = None

    @model_validator(mode="after")
    def _is_said_in_one_way(self) -> Self:
        if (self.on is None) == (self.business_days_after_approval is None):
            raise ValueError("a day, or a number of business days")
        return self


class CheckAnswer(Code):
    """What was found; the first three are the tri-state of an intake."""

    OK = "ok", "OK"
    DEFECTIVE = "defective", "com defeito"
    UNTESTABLE = "untestable", "não testável"
    YES = "yes", "sim"
    NO = "no", "não"
    NOT_APPLICABLE = "not_applicable", "não se aplica"
    VALUE = "value", "valor"


class CheckItem(Value):
    """One item of a checklist."""

    TOLD: ClassVar[Told] = Told(pt="{code}: {answer}[ {value}]", en="{code}: {answer}[ {value}]")

    code: Slug
    answer: CheckAnswer
    value: PlainDescription | None = None
    note: Annotated[Personal[ShortText] | None, Evidence] = None


CheckItems = Annotated[tuple[CheckItem, ...], Field(max_length=200)]


class Measurement(Value):
    """One measured quantity. Unit: ``unit``."""

    TOLD: ClassVar[Told] = Told(
        pt="{quantity} {value:number} {unit}", en="{quantity} {value:number} {unit}"
    )

    quantity: Slug
    value: DecimalText
    unit: ShortText
    point: Slug
    limit_low: DecimalText | None = None
    limit_high: DecimalText | None = None
    instrument: ShortText | None = None


class Accessory(Value):
    """What came with the device."""

    TOLD: ClassVar[Told] = Told(pt="{description} ({state})", en="{description} ({state})")

    code: Slug
    description: PlainDescription
    quantity: Count
    serial: ShortText | None = None
    state: AccessoryState


class RemovedPart(Value):
    """A part that was taken out, and what becomes of it."""

    TOLD: ClassVar[Told] = Told(
        pt="{description} ({disposition})[, série {serial}]",
        en="{description} ({disposition})[, serial {serial}]",
    )

    description: PlainDescription
    serial: ShortText | None = None
    disposition: Disposition


class Authorisation(Value):
    """The approval or the waiver under which work is done."""

    TOLD: ClassVar[Told] = Told(pt="{kind}[ {quote_version}]", en="{kind}[ {quote_version}]")

    kind: AuthorisationKind
    quote_version: int | None = None


IN_WRITING = {
    ConsentMethod.OTP,
    ConsentMethod.LINK_CLICK,
    ConsentMethod.CHAT,
    ConsentMethod.EMAIL,
}


class Consent(Value):
    """How a person expressly agreed or answered."""

    TOLD: ClassVar[Told] = Told(pt="{relation}, {method}", en="{relation}, {method}")

    person_id: UUID
    relation: Relation
    method: ConsentMethod
    auth_factors: tuple[Slug, ...] = ()
    notice_id: UUID | None = None
    ip: Annotated[
        Personal[ShortText] | None, Kept(Retention.ORDER_EVIDENCE, subject="person_id")
    ] = None

    @property
    def names_its_proof(self) -> bool:
        """Say whether what was agreed to in writing names the notice that was answered.

        What was agreed to by voice is proven by a recording, and none can be attached yet.
        """
        if self.method is ConsentMethod.VOICE:
            return False
        return self.method not in IN_WRITING or self.notice_id is not None
