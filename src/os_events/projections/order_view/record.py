"""How single facts get into the document of an order: their own fields, when, and by whom.

The fields of a shape are called as those of its event, and a test holds them to that.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from pydantic import BaseModel

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.chronology import History
from os_events.values.acts import Actor, Reason
from os_events.values.personal import mark_of

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
    def taker(cls, kind: type[DomainEvent], more: int) -> Callable[[Any], list[Any]]:
        """Make the function that takes the fields, all but the last ``more``, from an event.

        It leaves out what is personal.
        """
        takers = [
            attrgetter(name) if not mark_of(kind, name) else left_out
            for name in own_names(cls, more)
        ]
        return lambda event: [bare(take(event)) for take in takers]


def left_out(_: Any) -> None:
    """Take nothing."""


HEAD = len(fields(Record))


def own_names(shape: type[Record], more: int = 0) -> list[str]:
    """Name the fields that a shape takes from its event."""
    names = [field.name for field in fields(shape)][HEAD:]
    return names[: len(names) - more]


class Facts:
    """The facts of a history by their kind; personal values are left out unless ``personal``."""

    def __init__(self, history: History, *, personal: bool) -> None:
        self.personal = personal
        self._found: dict[type[DomainEvent], list[tuple[datetime, Any]]] = defaultdict(list)
        for at, event in history.events:
            self._found[type(event)].append((at, event))

    def of(self, kind: type[E]) -> list[tuple[datetime, E]]:
        """Give the facts of one kind, as they happened."""
        return self._found.get(kind, [])

    def all(self, shape: type[S], kind: type[DomainEvent]) -> tuple[S, ...]:
        """Show the facts of one kind."""
        return tuple(self.shown(shape, at, event) for at, event in self.of(kind))

    def shown(self, shape: type[S], at: datetime, event: DomainEvent, *more: Any) -> S:
        """Show one fact; ``more`` are the last fields of the shape, which the event has not."""
        if self.personal:
            own = [getattr(event, name) for name in own_names(shape, len(more))]
        else:
            own = shape.taker(type(event), len(more))(event)
        return shape(at, event.position, event.actor, self.value(event.reason), *own, *more)

    def value(self, value: Any) -> Any:
        """Give a value as it may be shown."""
        return value if self.personal else bare(value)


def bare(value: Any) -> Any:
    """Give a value without its personal parts."""
    if isinstance(value, tuple):
        return tuple(map(bare, value)) if value and isinstance(value[0], BaseModel) else value
    if isinstance(value, BaseModel):
        there = [name for name in personal_names(type(value)) if getattr(value, name) is not None]
        return value.model_copy(update=dict.fromkeys(there)) if there else value
    return value


@cache
def personal_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Name the fields of a value object that are personal."""
    return tuple(name for name in model.model_fields if mark_of(model, name))
