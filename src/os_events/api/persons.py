"""/persons: who the house knows."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from os_events.aggregates.person.changing import ChangePersonDetails
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import RegisterPerson
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute
from os_events.commands.perform import register_person

router = APIRouter(prefix="/persons", tags=["persons"], route_class=StrictRoute)


@router.post("", status_code=HTTPStatus.CREATED)
async def register(body: RegisterPerson, asked: Asked) -> Answer:
    """Register somebody."""
    recorded = await register_person(asked.log, asked.caller, body)
    return asked.begun(recorded, router.prefix)


@router.post("/{person_id}/changes")
async def change_details(person_id: UUID, body: ChangePersonDetails, asked: Asked) -> Answer:
    """Bring somebody's details up to date."""
    return await asked.perform(Person, person_id, body)
