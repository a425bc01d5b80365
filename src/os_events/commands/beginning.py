"""The first start: the log says what it is called, and somebody may act."""

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from os_events.aggregates.log import open_log
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.person.values import PersonRelation
from os_events.commands.caller import Caller
from os_events.eventlog.log import EventLog
from os_events.eventlog.submission import RequestKey
from os_events.values.acts import Actor, Channel, Role
from os_events.values.company import Company
from os_events.values.principal import Principal

SETUP = Principal(Actor(id="policy:setup", role=Role.POLICY))
FIRST_EVENTS = 2
PERSONS = UUID("c7c0f0de-3d1f-4a67-8a0c-4f6f5d0b9b1e")


def manager_id(origin: str) -> UUID:
    """Name the manager whom the first start registers."""
    return uuid5(PERSONS, f"{origin}\nmanager")


def begin(
    log: EventLog, origin: str, vkeys: tuple[str, ...], company: Company, now: datetime
) -> None:
    """Open the log at position 1, and register its manager, unless both are there already.

    Several processes may begin at once: one of them is first.
    """
    if log.head() >= FIRST_EVENTS:
        return

    def caller(what: str, new_id: UUID) -> Caller:
        key = RequestKey.of(f"{origin}\n{what}", b"")
        return Caller(SETUP, key, now, new_id, company, Channel.SYSTEM)

    register = RegisterPerson(name="Gestor", relations=(PersonRelation.STAFF,))
    opener = caller("log.opened", uuid4())
    manager = caller("manager", manager_id(origin))
    opening = open_log(opener.act(register), origin, vkeys)
    log.record_now(opening, opener.request)
    log.record_now(register.begin(manager.act(register)), manager.request)
