"""Names: how people are called, for answers whose readers may know it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from os_events.aggregates.person.history import PersonHistory
from os_events.aggregates.service_order.codes import AssigneeKind
from os_events.aggregates.service_order.organising import Assignee
from os_events.eventlog.log import EventLog
from os_events.followers.histories import by_aggregate
from os_events.values.acts import Actor
from os_events.values.personal import Erased
from os_events.values.words import ERASED, Language

PEOPLE = {  # fields that name persons; tests hold every event to this list
    "lead_technician",
    "technician",
    "authorised_persons",
    "customer_id",
    "on_behalf_of",
    "payer_id",
    "person_id",
    "received_from",
    "recipient_id",
    "requester_id",
    "technician_id",
    "third_party_id",
    "to_person_id",
}


class Names:
    """Opens the names of people, whenever asked: nothing is kept."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    def of(self, ids: Iterable[UUID], language: Language = "pt") -> dict[UUID, str]:
        """Give the names that there are. Raises UnavailableError, TamperedError."""
        wanted = sorted(set(ids))
        found = by_aggregate(self.log.histories(wanted, topics=["person.%"], opened=True))
        names: dict[UUID, str] = {}
        for person_id, events in found.items():
            known = PersonHistory.of(events).known
            if known and isinstance(known.name, Erased):
                names[person_id] = ERASED[language]
            elif known and isinstance(known.name, str):
                names[person_id] = known.name
        return names


def people_in(*things: Any) -> set[UUID]:
    """Name everybody who is named in events, rows or documents, however deep."""
    return {person_id for thing in things for person_id in _people(thing)}


def _people(thing: Any) -> Iterator[UUID]:
    if isinstance(thing, Actor):
        yield from _as_id(thing.id)
    elif isinstance(thing, Assignee):
        yield from _as_id(thing.id) if thing.kind is AssigneeKind.PERSON else ()
    elif isinstance(thing, BaseModel):
        yield from _in_fields(dict(thing))
    elif is_dataclass(thing):
        yield from _in_fields({one.name: getattr(thing, one.name) for one in fields(thing)})
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _people(part)


def _in_fields(values: Mapping[str, Any]) -> Iterator[UUID]:
    for name, value in values.items():
        if name in PEOPLE:
            for one in value if isinstance(value, tuple) else (value,):
                yield from _as_id(str(one))
        else:
            yield from _people(value)


def _as_id(text: str) -> Iterator[UUID]:
    try:
        yield UUID(text)
    except ValueError:  # nobody; or a department, a policy, an integration
        return
