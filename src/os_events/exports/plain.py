"""What of a fact may leave: codes, numbers, times. No text that somebody typed, nothing personal.

Personal values are sealed when they are read, and neither they nor their commitments are written.
"""

import types
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AwareDatetime

from os_events.aggregates.base import DomainEvent
from os_events.exports.orders import Fact
from os_events.values.scalars import Code

Plain = str | int | bool | datetime
HEAD: Mapping[str, type[Plain]] = {  # of every fact
    "recorded_at": datetime,
    "occurred_at": datetime,
    "position": int,
    "version": int,
    "actor": str,
    "role": str,
    "channel": str,
    "offline": bool,
    "reason": str,
    "overrides": str,
    "status": str,
    "waits_for": str,
}
LEAVES: Mapping[type[Any], type[Plain]] = {  # the first that fits
    Code: str,
    bool: bool,
    int: int,
    AwareDatetime: datetime,
    date: str,
}


def head(fact: Fact) -> dict[str, Plain]:
    """Say who did it, how it came in, when it was recorded, and how the order stood after it.

    Shape: the names of ``HEAD``, without what has no value; ``occurred_at`` only where it is not
    the instant at which it counts.
    """
    event, now = fact.event, fact.now
    found: dict[str, Plain | None] = {
        "recorded_at": event.recorded_at,
        "occurred_at": event.occurred_at if event.occurred_at != fact.at else None,
        "position": event.position,
        "version": event.version,
        "actor": event.actor.id,
        "role": event.actor.role,
        "channel": event.channel,
        "offline": event.device.offline,
        "reason": event.reason.code if event.reason else None,
        "overrides": " ".join(event.overrides) or None,
        "status": now.status,
        "waits_for": now.waits_for,
    }
    return {name: value for name, value in found.items() if value is not None}


def own(event: DomainEvent) -> Iterator[tuple[str, Plain]]:
    """Give the fact's own fields that may leave, as far as they have a value."""
    for name in plain_fields(type(event)):
        value = getattr(event, name)
        if value is not None:
            is_day = isinstance(value, date) and not isinstance(value, datetime)
            yield name, value.isoformat() if is_day else value


@cache
def plain_fields(kind: type[DomainEvent]) -> Mapping[str, type[Plain]]:
    """Name the own fields of a kind of fact that may leave, and what they become."""
    found = {
        name: leaves_as(name, kind.model_fields[name].annotation) for name in kind.own_fields()
    }
    return {name: become for name, become in found.items() if become is not None}


def leaves_as(name: str, annotation: Any) -> type[Plain] | None:
    """Say what a field becomes; None if it stays, as everything does that may be a placeholder.

    A text leaves if it is called a code: it was a ``Slug``, in which nobody can type a sentence.
    """
    if get_origin(annotation) is Annotated:
        return leaves_as(name, get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        rest = [one for one in get_args(annotation) if one is not types.NoneType]
        return leaves_as(name, rest[0]) if len(rest) == 1 else None
    if not isinstance(annotation, type):
        return None
    if annotation is str:
        return str if name.endswith("_code") else None
    return next((become for kind, become in LEAVES.items() if issubclass(annotation, kind)), None)
