"""How single facts get into the document of an order: their own fields, when, and by whom.

The fields of a shape are called as those of its event, and a test holds them to that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from pydantic import BaseModel

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.chronology import History
from os_events.values.acts import Actor, Reason
from os_events.values.days import Deadline
from os_events.values.personal import personal_fields

E = TypeVar("E", bound=DomainEvent)
S = TypeVar("S", bound="Record")


@dataclass(frozen=True, slots=True)
class Record:
    """One fact: when it happened, where it stands in the log, who did it, and why."""

    at: datetime
    position: int
    actor: Actor
    reason: Reason | None

    @classmethod
    @cache
    def taken(cls, more: int) -> Callable[[Any], tuple[Any, ...]]:
        """Make the function that takes the fields, all but the last ``more``, from an event."""
        names = own_names(cls, more)
        if len(names) == 1:
            return lambda event: (getattr(event, names[0]),)
        return attrgetter(*names)


HEAD = len(fields(Record))


def own_names(shape: type[Record], more: int = 0) -> list[str]:
    """Name the fields that a shape takes from its event."""
    names = [field.name for field in fields(shape)][HEAD:]
    return names[: len(names) - more]


class Facts:
    """The facts of a history by their kind; personal values are left out unless ``personal``."""

    def __init__(self, history: History, *, personal: bool) -> None:
        self.personal = personal
        self.by_kind = history.by_kind

    def of(self, kind: type[E]) -> Sequence[tuple[datetime, E]]:
        """Give the facts of one kind, as they happened."""
        return self.by_kind.get(kind, ())

    def all(self, shape: type[S], kind: type[DomainEvent]) -> tuple[S, ...]:
        """Show the facts of one kind."""
        return tuple(self.shown(shape, at, event) for at, event in self.of(kind))

    def shown(self, shape: type[S], at: datetime, event: DomainEvent, *more: Any) -> S:
        """Show one fact; ``more`` are the last fields of the shape, which the event has not."""
        told = self.value(event)
        own = shape.taken(len(more))(told)
        return shape(at, event.position, event.actor, told.reason, *own, *more)

    def value(self, value: Any) -> Any:
        """Give a value as it may be shown."""
        return value if self.personal else bare(value)

    def deadlines(self) -> tuple[Deadline, ...]:
        """Give every deadline that was counted."""
        lists = [facts for kind, facts in self.by_kind.items() if sets_deadlines(kind)]
        return tuple(one for facts in lists for _, event in facts for one in event.deadlines)


@cache
def sets_deadlines(kind: type[DomainEvent]) -> bool:
    """Say whether facts of a kind may have deadlines counted from them."""
    return "deadlines" in kind.model_fields


def bare(value: Any) -> Any:
    """Give a value without its personal parts, however deep they are."""
    if isinstance(value, tuple):
        return tuple(map(bare, value))
    if not isinstance(value, BaseModel):
        return value
    deep = {str(one.path[0]): len(one.path) > 1 for one in personal_fields(value)}
    plain = {name: bare(getattr(value, name)) if deep[name] else None for name in deep}
    return value.model_copy(update=plain) if plain else value
