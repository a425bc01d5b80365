"""Order history: every fact in words, with both clocks. It has no table: the log is its table."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.chronology import History
from os_events.aggregates.service_order.parts import PartRequested
from os_events.values.acts import Channel
from os_events.values.words import Listener, say, tell


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as people read it.

    Shape: ``who`` is a name, or how a policy or an integration is called; ``happened_at`` is
    ``occurred_at``, but never before the beginning. ``late`` says that it was told long after;
    what another system had on record is ``imported``, and not late.
    """

    event_id: UUID
    position: int
    version: int
    topic: str
    words: str
    happened_at: datetime
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    who: str
    role: str
    on_behalf_of: str | None
    channel: str
    offline: bool
    imported: bool
    source: str | None
    reason: str | None
    reason_note: str | None
    rule_ids: tuple[str, ...]
    overrides: tuple[str, ...]
    corrects: UUID | None


@dataclass(frozen=True)
class Teller:
    """Tells facts to a listener. What is told more than ``late_after`` afterwards is late."""

    listener: Listener
    late_after: timedelta

    def facts(self, history: History) -> Iterator[FactRow]:
        """Tell a history, as it happened."""
        listener = self._knowing(history)
        for happened_at, event in history.events:
            yield self._fact(happened_at, event, listener)

    def told_since(self, before: History, after: History) -> Iterator[FactRow]:
        """Tell what is in ``after`` and was not in ``before``: two views of one history."""
        known = {event.position for _, event in before.events}
        listener = self._knowing(after)
        for happened_at, event in after.events:
            if event.position not in known:
                yield self._fact(happened_at, event, listener)

    def _knowing(self, history: History) -> Listener:
        """Say how the parts are called that later facts name by their request only."""
        parts = {
            event.part_request_id: say(event.part, self.listener)
            for _, event in history.events
            if isinstance(event, PartRequested)
        }
        return replace(self.listener, names=parts | dict(self.listener.names))

    def _fact(self, happened_at: datetime, event: DomainEvent, listener: Listener) -> FactRow:
        reason, source = event.reason, event.source
        is_imported = event.channel is Channel.IMPORT
        late = not is_imported and event.recorded_at - event.occurred_at > self.late_after
        return FactRow(
            event_id=event.event_id,
            position=event.position,
            version=event.version,
            topic=event.TOPIC,
            words=tell(event.TOLD, dict(event), listener),
            happened_at=happened_at,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            late=late,
            who=self._who(event.actor.id),
            role=event.actor.role,
            on_behalf_of=say(event.on_behalf_of, self.listener) if event.on_behalf_of else None,
            channel=event.channel,
            offline=event.device.offline,
            imported=is_imported,
            source=say(source, self.listener) if source else None,
            reason=reason.code if reason else None,
            reason_note=say(reason.note, self.listener) if reason and reason.note else None,
            rule_ids=event.rule_ids,
            overrides=event.overrides,
            corrects=event.corrects,
        )

    def _who(self, actor_id: str) -> str:
        try:
            return say(UUID(actor_id), self.listener)
        except ValueError:  # a policy or an integration, called by its own name
            return actor_id
