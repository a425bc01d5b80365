"""/persons: who the house knows."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from os_events.aggregates.person.changing import ChangePersonDetails
from os_events.aggregates.person.history import PersonHistory
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import Registered, RegisterPerson
from os_events.aggregates.person.values import Address, Contact, Document, Identity, PhoneNumber
from os_events.api.dependencies import After, Answer, Asked, Reading, reading, there
from os_events.api.strict import StrictRoute
from os_events.commands.perform import register_person
from os_events.commands.rights import Question
from os_events.projections.person_record import PersonRow, rows
from os_events.values.personal import Personal

router = APIRouter(prefix="/persons", tags=["persons"], route_class=StrictRoute)


@dataclass(frozen=True, slots=True)
class PersonalDetails:
    """What is known of somebody, and kept apart from the log."""

    name: Annotated[Personal[str] | None, Identity]
    trade_name: Annotated[Personal[str] | None, Identity]
    documents: Annotated[Personal[tuple[Document, ...]] | None, Identity]
    phones: Annotated[Personal[tuple[PhoneNumber, ...]] | None, Contact]
    emails: Annotated[Personal[tuple[str, ...]] | None, Contact]
    accessibility: Annotated[Personal[str] | None, Contact]
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """Somebody. Their orders are a question to the board, by ``customer_id``."""

    person: PersonRow
    personal: PersonalDetails


@router.post("", status_code=HTTPStatus.CREATED)
async def register(body: RegisterPerson, asked: Asked) -> Answer:
    """Register somebody."""
    recorded = await register_person(asked.log, asked.caller, body)
    return asked.begun(recorded, router.prefix)


@router.post("/{person_id}/changes")
async def change_details(person_id: UUID, body: ChangePersonDetails, asked: Asked) -> Answer:
    """Bring somebody's details up to date."""
    return await asked.perform(Person, person_id, body)


@router.get("/{person_id}")
def show_person(
    asked: Annotated[Reading, Depends(reading(Question.PERSON))], person_id: UUID, after: After = 0
) -> PersonAnswer:
    """Show what is known of somebody."""
    asked.at_head(after)
    history = asked.parts.histories.of(PersonHistory, person_id, opened=True)
    person = there(next(rows(history), None))
    asked.response.headers["ETag"] = f'"{person.version}"'
    return PersonAnswer(person, personal_of(there(history.known)))


def personal_of(known: Registered) -> PersonalDetails:
    """Give what is kept apart."""
    return PersonalDetails(
        name=known.name,
        trade_name=known.trade_name,
        documents=known.documents,
        phones=known.phones,
        emails=known.emails,
        accessibility=known.accessibility,
        addresses=known.addresses,
    )
