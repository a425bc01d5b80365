"""What is known of somebody is brought up to date."""

from typing import Annotated, ClassVar, Self

from pydantic import model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import (
    Addresses,
    Documents,
    Emails,
    Language,
    Phones,
    Relations,
)
from os_events.aggregates.person.values import (
    Address,
    Contact,
    Document,
    Identity,
    PersonKind,
    PersonRelation,
    PhoneNumber,
    addresses,
)
from os_events.values.acts import Act
from os_events.values.consumer import ConsumerStatus
from os_events.values.personal import Personal
from os_events.values.scalars import Code, LongText, ShortText, Slug
from os_events.values.words import Told


class ChangeCause(Code):
    """Why a person's details were changed."""

    UPDATE = "update", "atualização"
    CORRECTION = "correction", "correção"


class DetailsChanged(Aggregate.Event):
    """What is known of somebody is another now. What is absent stays as it was."""

    TOPIC: ClassVar[str] = "person.details-changed"
    TOLD: ClassVar[Told] = Told(
        pt="Cadastro alterado ({cause})[. Nome: {name}][. Nome fantasia: {trade_name}]"
        "[. Documentos: {documents}][. Telefones: {phones}][. E-mails: {emails}]"
        "[. Tipo: {kind}][. Relação: {relations}][. Consumidor: {consumer_status}]"
        "[. Meio preferido: {preferred_means}][. Acessibilidade: {accessibility}]",
        en="Details changed ({cause})[. Name: {name}][. Trade name: {trade_name}]"
        "[. Documents: {documents}][. Phones: {phones}][. E-mails: {emails}]"
        "[. Kind: {kind}][. Relation: {relations}][. Consumer: {consumer_status}]"
        "[. Preferred means: {preferred_means}][. Accessibility: {accessibility}]",
    )
    cause: ChangeCause
    kind: PersonKind | None = None
    relations: tuple[PersonRelation, ...] | None = None
    consumer_status: ConsumerStatus | None = None
    name: Annotated[Personal[str] | None, Identity] = None
    trade_name: Annotated[Personal[str] | None, Identity] = None
    documents: Annotated[Personal[tuple[Document, ...]] | None, Identity] = None
    has_valid_document: bool | None = None
    phones: Annotated[Personal[tuple[PhoneNumber, ...]] | None, Contact] = None
    emails: Annotated[Personal[tuple[str, ...]] | None, Contact] = None
    addresses: tuple[Address, ...] | None = None
    preferred_means: str | None = None
    accessibility: Annotated[Personal[str] | None, Contact] = None
    language: str | None = None

    def apply(self, person: Person) -> None:
        if self.kind is not None:
            person.kind = self.kind
        if self.relations is not None:
            person.relations = self.relations
        if self.consumer_status is not None:
            person.consumer_status = self.consumer_status
        if self.has_valid_document is not None:
            person.has_valid_document = self.has_valid_document


class ChangePersonDetails(Change[Person]):
    """Bring somebody's details up to date. What is absent stays; a list replaces the whole list.

    What is malformed is refused before it is kept (L1).
    """

    DETAILS: ClassVar[set[str]] = set(DetailsChanged.own_fields()) - {"cause", "has_valid_document"}

    cause: ChangeCause = ChangeCause.UPDATE
    kind: PersonKind | None = None
    relations: Relations | None = None
    consumer_status: ConsumerStatus | None = None
    name: ShortText | None = None
    trade_name: ShortText | None = None
    documents: Documents | None = None
    phones: Phones | None = None
    emails: Emails | None = None
    addresses: Addresses | None = None
    preferred_means: Slug | None = None
    accessibility: LongText | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _something_is_changed(self) -> Self:
        if all(getattr(self, name) is None for name in self.DETAILS):
            raise ValueError("nothing to change")
        return self

    def decide(self, person: Person, act: Act) -> None:
        checked = None
        if self.documents is not None:
            checked = any(document.is_checked for document in self.documents)
        fact = DetailsChanged(
            cause=self.cause,
            kind=self.kind,
            relations=self.relations,
            consumer_status=self.consumer_status,
            name=self.name,
            trade_name=self.trade_name,
            documents=self.documents,
            has_valid_document=checked,
            phones=None if self.phones is None else tuple(map(PhoneNumber.of, self.phones)),
            emails=self.emails,
            addresses=None if self.addresses is None else addresses(self.addresses, act),
            preferred_means=self.preferred_means,
            accessibility=self.accessibility,
            language=self.language,
        )
        person.happened(act, fact)
