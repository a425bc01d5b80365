"""What is known of a person: vocabularies and value objects."""

from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import Field, ValidationInfo, field_validator

from os_events.values.acts import Act
from os_events.values.identifiers import (
    CNPJ,
    CPF,
    Cep,
    Form,
    PhoneKind,
    display_phone,
    kind_of_phone,
)
from os_events.values.personal import Kept, Personal, Retention
from os_events.values.scalars import Code, Ibge, ShortText, Uf, Value, Zone

Identity = Kept(Retention.IDENTITY)
Contact = Kept(Retention.CONTACT)


class PersonKind(Code):
    """A human being or a legal person."""

    NATURAL = "natural", "pessoa física"
    LEGAL = "legal", "pessoa jurídica"


class PersonRelation(Code):
    """What somebody is to the house."""

    CUSTOMER = "customer", "cliente"
    REQUESTER = "requester", "solicitante"
    AUTHORISED = "authorised", "pessoa autorizada"
    STAFF = "staff", "equipe"
    SUBCONTRACTOR = "subcontractor", "terceirizado"


class DocumentType(Code):
    """Which document."""

    CPF = "cpf", "CPF"
    CNPJ = "cnpj", "CNPJ"
    RG = "rg", "RG"
    PASSPORT = "passport", "passaporte"
    CRNM = "crnm", "CRNM"


CHECKED: dict[DocumentType, Form] = {DocumentType.CPF: CPF, DocumentType.CNPJ: CNPJ}


class Document(Value):
    """A document's number. Those that can be checked are in their normal form."""

    type: DocumentType
    number: Annotated[str, Field(min_length=1, max_length=40)]

    @field_validator("number")
    @classmethod
    def _is_well_formed(cls, number: str, info: ValidationInfo) -> str:
        form = CHECKED.get(info.data.get("type", DocumentType.RG))
        return form.normal(number) if form else number

    @property
    def is_checked(self) -> bool:
        """Say whether its digits were found to agree."""
        return self.type in CHECKED

    def __str__(self) -> str:
        form = CHECKED.get(self.type)
        return f"{self.type.pt} {form.display(self.number) if form else self.number}"


class PhoneNumber(Value):
    """A number in E.164 and its kind, both as they were when it was told."""

    number: str
    type: PhoneKind

    @classmethod
    def of(cls, e164: str) -> Self:
        """Say of what kind a number is."""
        return cls(number=e164, type=kind_of_phone(e164))

    def __str__(self) -> str:
        return display_phone(self.number)


class AddressDetail(Value):
    """Where exactly."""

    postal_code: Cep | None = None
    street: ShortText
    number: ShortText | None = None
    complement: ShortText | None = None
    district: ShortText | None = None
    reference: ShortText | None = None


class Address(Value):
    """A place of a person's; state and municipality are not personal."""

    address_id: UUID
    uf: str
    municipality: str
    zone: str
    detail: Annotated[Personal[AddressDetail] | None, Contact] = None


class AddressGiven(Value):
    """A place, as somebody tells it. One that was known before has the id that it had."""

    address_id: UUID | None = None
    uf: Uf
    municipality: Ibge
    zone: Zone
    detail: AddressDetail

    def called(self, address_id: UUID) -> Address:
        """Give the address: by its own id, or else by ``address_id``."""
        return Address(
            address_id=self.address_id or address_id,
            uf=self.uf,
            municipality=self.municipality,
            zone=self.zone,
            detail=self.detail,
        )


def told_apart(given: tuple[AddressGiven, ...]) -> tuple[AddressGiven, ...]:
    """Give addresses back if no two have one id. Raises ValueError."""
    ids = [one.address_id for one in given if one.address_id]
    if len(set(ids)) < len(ids):
        raise ValueError("two addresses have one address_id")
    return given


def addresses(given: tuple[AddressGiven, ...], act: Act) -> tuple[Address, ...]:
    """Name the addresses that an act tells: by its id and their place."""
    return tuple(one.called(uuid5(act.id, str(place))) for place, one in enumerate(given))
