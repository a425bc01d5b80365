"""Person record: what is known of one person, as far as it is not personal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events.aggregates.person.history import PersonHistory
from os_events.errors import NotFoundError
from os_events.followers.derivation import Derivation
from os_events.followers.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is, roughly."""

    address_id: UUID
    uf: str
    municipality: str
    zone: str


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is known; the ``has_`` say what an answer with the right to it can open."""

    kind: str
    relations: tuple[str, ...]
    consumer_status: str
    language: str
    preferred_means: str | None
    has_valid_document: bool
    has_documents: bool
    has_phones: bool
    has_emails: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person. Shape: ``changes`` counts what was told after the registration."""

    person_id: UUID
    version: int
    registered_at: datetime
    changed_at: datetime
    changes: int
    imported: bool
    details: PersonDetails


def rows(history: PersonHistory) -> Iterator[PersonRow]:
    """Give the one row of a person."""
    known = history.known
    if known is None:
        return
    yield PersonRow(
        person_id=known.aggregate_id,
        version=history.version,
        registered_at=history.events[0][0],
        changed_at=history.events[-1][0],
        changes=len(history.events) - 1,
        imported=history.is_imported,
        details=PersonDetails(
            kind=known.kind,
            relations=known.relations,
            consumer_status=known.consumer_status,
            language=known.language,
            preferred_means=known.preferred_means,
            has_valid_document=known.has_valid_document,
            has_documents=known.documents is not None,
            has_phones=known.phones is not None,
            has_emails=known.emails is not None,
            places=tuple(
                Place(one.address_id, one.uf, one.municipality, one.zone) for one in known.addresses
            ),
        ),
    )


class PersonRecord(ReadModel[PersonRow]):
    """What the page of a person asks. Their orders are a question to the board."""

    derivation = Derivation(
        name="person_record_1",
        of=PersonHistory,
        row=PersonRow,
        rows=rows,
        ddl="""CREATE TABLE {table} (
            person_id uuid PRIMARY KEY, version bigint NOT NULL, registered_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL, changes int NOT NULL, imported bool NOT NULL,
            details json NOT NULL)""",
    )

    def of(self, person_id: UUID) -> PersonRow:
        """Return one person. Raises NotFoundError."""
        found = self.select("WHERE person_id = %s", person_id)
        if not found:
            raise NotFoundError(f"no person {person_id}")
        return found[0]
