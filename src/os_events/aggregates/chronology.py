"""What every history is: facts in the order in which they happened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

from os_events.aggregates.base import DomainEvent
from os_events.values.acts import Channel

E = TypeVar("E", bound=DomainEvent)


@dataclass(frozen=True)
class History:
    """The events of one aggregate, in order of ``occurred_at``, ties by position.

    Shape: ``TOPIC`` is the aggregate's, ``BEGINS`` that of its first event. Nothing happens to a
    thing before it begins: what claims to is read as if it had happened when it began.
    """

    TOPIC: ClassVar[str]
    BEGINS: ClassVar[str]

    events: tuple[tuple[datetime, DomainEvent], ...]

    @classmethod
    def of(cls, recorded: Iterable[DomainEvent]) -> Self:
        """Order events by when they happened; none of them counts while it has not begun."""
        recorded = list(recorded)
        began = next((event.occurred_at for event in recorded if event.version == 1), None)
        if began is None:
            return cls(())
        happened = [(max(event.occurred_at, began), event) for event in recorded]
        return cls(tuple(sorted(happened, key=lambda it: (it[0], it[1].position))))

    @cached_property
    def by_kind(self) -> Mapping[type[DomainEvent], Sequence[tuple[datetime, Any]]]:
        """Sort its facts by their kind, each in order; the kind that came first is the first."""
        found: dict[type[DomainEvent], list[tuple[datetime, Any]]] = defaultdict(list)
        for fact in self.events:
            found[type(fact[1])].append(fact)
        return dict(found)

    def facts(self, *kinds: type[E]) -> Sequence[tuple[datetime, E]]:
        """Give its facts of these kinds, in order."""
        found = [kind for kind in kinds if kind in self.by_kind]
        if len(found) == 1:
            return self.by_kind[found[0]]
        told: Iterable[tuple[datetime, Any]] = self.events if found else ()
        return [(at, event) for at, event in told if type(event) in found]

    @property
    def is_imported(self) -> bool:
        """Say whether its beginning was told by another system."""
        return bool(self.events) and self.events[0][1].channel is Channel.IMPORT

    @property
    def version(self) -> int:
        """Number the last event on record; 0 without one."""
        return max((event.originator_version for _, event in self.events), default=0)

    @property
    def position(self) -> int:
        """Give its position in the log."""
        return max((event.position for _, event in self.events), default=0)

    @classmethod
    def has(cls, topic: str) -> bool:
        """Say whether an event of a topic may be in such a history."""
        return topic.startswith(f"{cls.TOPIC}.")

    def until(self, *, as_of: datetime | None = None, known_at: datetime | None = None) -> Self:
        """Give the history as it was at ``as_of``, and as it was known at ``known_at``."""
        return self.of(
            event
            for _, event in self.events
            if (as_of is None or event.occurred_at <= as_of)
            and (known_at is None or event.recorded_at <= known_at)
        )
