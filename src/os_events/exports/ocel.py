"""OCEL 2.0, as JSON: orders, items, technicians, quotes and parts, and the facts that touch them.

An item, which several orders may be about, is described as the first of them tells it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.eventlog.topics import below
from os_events.exports.ocel_objects import (
    ATTRIBUTES,
    SHARED,
    Kind,
    Link,
    Links,
    Name,
    links_of,
    objects,
    relations,
)
from os_events.exports.orders import Fact, Orders, facts
from os_events.exports.plain import HEAD, Plain, head, own, plain_fields
from os_events.exports.provenance import Provenance
from os_events.values.scalars import written

PIECE = 1 << 20  # characters
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
TYPES = {str: "string", int: "integer", bool: "boolean", datetime: "time"}


def document(orders: Orders, made_of: Provenance, beside: Path | None = None) -> Iterator[str]:
    """Write the log, piece by piece: events, while objects wait in a file in a folder ``beside``.

    Facts of an order stand as they happened, those of an instant in order of position.
    """
    graph = Graph(set(orders.ids))
    yield opening(made_of)
    with TemporaryFile("w+", encoding="utf-8", dir=beside) as waiting:
        between = after = "\n"
        for history in orders:
            touched = [links_of(history, event) for _, event in history.events]
            for fact, links in zip(facts(history), touched, strict=True):
                yield between + as_json(event_of(fact, links))
                between = ",\n"
            for one in graph.news(history, touched):
                waiting.write(after + as_json(one))
                after = ",\n"
        waiting.seek(0)
        yield '],\n"objects":['
        yield from iter(partial(waiting.read, PIECE), "")
    yield "]}\n"


def opening(made_of: Provenance) -> str:
    """Write what stands before the events."""
    kinds: dict[str, type[DomainEvent]] = {
        topic: kind
        for kind in below(DomainEvent)
        if OrderHistory.has(topic := vars(kind).get("TOPIC", ""))
    }
    event_types = [
        declared(topic, {**HEAD, **plain_fields(kinds[topic])}) for topic in sorted(kinds)
    ]
    object_types = [declared(kind, attributes) for kind, attributes in ATTRIBUTES.items()]
    return (
        f'{{"os_events":{as_json(made_of._asdict())},\n"eventTypes":{as_json(event_types)},\n'
        f'"objectTypes":{as_json(object_types)},\n"events":['
    )


def declared(name: str, attributes: Mapping[str, type[Plain]]) -> dict[str, Any]:
    """Declare a type, and those of its attributes."""
    declarations = [{"name": one, "type": TYPES[kind]} for one, kind in attributes.items()]
    return {"name": name, "attributes": declarations}


def event_of(fact: Fact, links: Links) -> dict[str, Any]:
    """Write a fact."""
    told = head(fact) | dict(own(fact.event))
    return {
        "id": str(fact.event.event_id),
        "type": fact.event.TOPIC,
        "time": written(fact.at),
        "attributes": [{"name": name, "value": value_of(value)} for name, value in told.items()],
        "relationships": [related(link) for link in links],
    }


class Graph:
    """The objects met so far. ``begun`` are all orders: no object refers to another one."""

    def __init__(self, begun: set[UUID]) -> None:
        self._begun = begun
        self._met = set[Name]()

    def news(self, history: OrderHistory, touched: Sequence[Links]) -> Iterator[dict[str, Any]]:
        """Give the objects that are met for the first time in an order, by what facts touch."""
        for name, changes in objects(history, touched).items():
            if name in self._met:
                continue
            if name.kind in SHARED:
                self._met.add(name)
            yield {
                "id": str(name),
                "type": name.kind,
                "attributes": [
                    {"name": one.name, "value": value_of(one.value), "time": written(one.at)}
                    for one in changes
                ],
                "relationships": [
                    related(link)
                    for link in (relations(history, touched) if name.kind is Kind.ORDER else ())
                    if link.to.kind is not Kind.ORDER or UUID(link.to.of) in self._begun
                ],
            }


def related(link: Link) -> dict[str, str]:
    """Write a relationship."""
    return {"objectId": str(link.to), "qualifier": link.qualifier}


def value_of(value: Plain) -> str | int | bool:
    """Write a value of an attribute."""
    return written(value) if isinstance(value, datetime) else value


def as_json(value: Any) -> str:
    """Write JSON in one line."""
    return ENCODER.encode(value)
