"""Events to stored bytes and back. The stored bytes are what the ledger hashes: written once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any, cast
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, Notification, StoredEvent
from pydantic_core import from_json

from os_events.aggregates.base import DomainEvent, Owner
from os_events.eventlog.keys import DataKey, Scope
from os_events.eventlog.topics import AGGREGATES, EVENTS, lift
from os_events.eventlog.vault import Place, Random, VaultRow, new_values, scope_of, seal, way_to
from os_events.values.scalars import canonical

COLUMNS = {"originator_id", "originator_version", "position", "recorded_at"}


@dataclass(frozen=True)
class LoggedEvent(Notification):
    """A stored event as the log holds it; ``id`` is its position."""

    recorded_at: datetime


@dataclass(frozen=True)
class SealedEvent(StoredEvent):
    """A stored event, and the rows that go into the vault with it."""

    vault: tuple[VaultRow, ...] = ()


class EventMapper(Mapper[UUID]):
    """Pydantic event <-> canonical JSON: sorted keys, no white space, absent options left out."""

    def __init__(self, random: Random = token_bytes) -> None:
        super().__init__(JSONTranscoder())  # asked for by the library, not used here
        self._random = random

    def sealed(
        self, event: DomainEvent, owner: Owner, keys: Mapping[Scope, DataKey]
    ) -> SealedEvent:
        """Write what has no column of its own; personal values go apart, under their keys.

        Raises: ValueError for an event that repeats a placeholder.
        """
        state = event.model_dump(mode="json", by_alias=True, exclude=COLUMNS, exclude_none=True)
        state["schema_version"] = event.schema_version
        vault = []
        for found in new_values(event):
            place = Place(event.aggregate_id, event.version, found.pointer)
            key = keys[scope_of(found, owner)]
            holder, name = way_to(state, found.path)
            holder[name], row = seal(place, key, canonical(holder[name]), self._random)
            vault.append(row)
        return SealedEvent(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.TOPIC,
            state=canonical(state),
            vault=tuple(vault),
        )

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> SealedEvent:
        """Do so for the library, which knows no owners.

        Raises: ValueError for an event with personal values; ``EventLog.record`` takes those.
        """
        event = cast("DomainEvent", domain_event)
        if any(new_values(event)):
            raise ValueError(f"{event} has personal values: EventLog.record takes it")
        return self.sealed(event, Owner(event.aggregate_id, event.aggregate_id, 0), {})

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Lift old shapes to the newest one, then validate. Personal values stay sealed."""
        return self.event(stored_event, from_json(stored_event.state))

    def event(self, stored: StoredEvent, state: dict[str, Any]) -> DomainEvent:
        """Make the event whose state was decoded already.

        Raises: UnreadableEventError for a topic or a shape that is not known here.
        """
        kind = EVENTS[stored.topic]
        written = state.pop("schema_version")
        if written != kind.schema_version:
            lift(kind, state, written)
        if (beginning := state.get("originator_topic")) is not None:
            AGGREGATES[beginning]  # the library would import any module that stands there
        state["originator_id"] = stored.originator_id
        state["originator_version"] = stored.originator_version
        if isinstance(stored, LoggedEvent):
            state["position"] = stored.id
            state["recorded_at"] = stored.recorded_at
        return kind.model_validate(state)
