"""How somebody becomes known to the house."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from os_events.aggregates.base import InitialEvent, Request
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.values import (
    Address,
    AddressGiven,
    Contact,
    Document,
    Identity,
    PersonKind,
    PersonRelation,
    PhoneNumber,
    addresses,
    told_apart,
)
from os_events.values.acts import Act
from os_events.values.consumer import ConsumerStatus
from os_events.values.identifiers import Email, Phone
from os_events.values.personal import Personal
from os_events.values.scalars import LongText, ShortText, Slug
from os_events.values.words import Told

Relations = Annotated[tuple[PersonRelation, ...], Field(min_length=1, max_length=5)]
Documents = Annotated[tuple[Document, ...], Field(max_length=10)]
Phones = Annotated[tuple[Phone, ...], Field(max_length=10)]
Emails = Annotated[tuple[Email, ...], Field(max_length=10)]
Addresses = Annotated[tuple[AddressGiven, ...], Field(max_length=20), AfterValidator(told_apart)]
Language = Annotated[Slug, Field(max_length=12)]


class Registered(InitialEvent):
    """The house got to know somebody."""

    TOPIC: ClassVar[str] = "person.registered"
    TOLD: ClassVar[Told] = Told(
        pt="Cadastro criado: {name}, {kind} ({relations}); documento conferido: "
        "{has_valid_document}",
        en="Person registered: {name}, {kind} ({relations}); document checked: "
        "{has_valid_document}",
    )
    kind: PersonKind
    relations: tuple[PersonRelation, ...]
    consumer_status: ConsumerStatus
    name: Annotated[Personal[str] | None, Identity] = None
    trade_name: Annotated[Personal[str] | None, Identity] = None
    documents: Annotated[Personal[tuple[Document, ...]] | None, Identity] = None
    has_valid_document: bool
    phones: Annotated[Personal[tuple[PhoneNumber, ...]] | None, Contact] = None
    emails: Annotated[Personal[tuple[str, ...]] | None, Contact] = None
    addresses: tuple[Address, ...]
    preferred_means: str | None = None
    accessibility: Annotated[Personal[str] | None, Contact] = None
    language: str


class RegisterPerson(Request):
    """Register somebody: a customer, or one of the house.

    What is malformed is refused before it is kept (L1).
    """

    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("name",)

    kind: PersonKind = PersonKind.NATURAL
    relations: Relations
    consumer_status: ConsumerStatus = ConsumerStatus.UNKNOWN
    name: ShortText | None = None
    trade_name: ShortText | None = None
    documents: Documents = ()
    phones: Phones = ()
    emails: Emails = ()
    addresses: Addresses = ()
    preferred_means: Slug | None = None
    accessibility: LongText | None = None
    language: Language = "pt-br"

    def begin(self, act: Act) -> Person:
        """Make the person."""
        fact = Registered(
            kind=self.kind,
            relations=self.relations,
            consumer_status=self.consumer_status,
            name=self.name,
            trade_name=self.trade_name,
            documents=self.documents or None,
            has_valid_document=any(document.is_checked for document in self.documents),
            phones=tuple(map(PhoneNumber.of, self.phones)) or None,
            emails=self.emails or None,
            addresses=addresses(self.addresses, act),
            preferred_means=self.preferred_means,
            accessibility=self.accessibility,
            language=self.language,
        )
        return Person.begin(act, fact)
