"""Given and then, for exports: what they are made of, a small order, and what a standard asks."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

from os_events.aggregates.history import OrderHistory
from os_events.eventlog.log import EventLog
from os_events.exports import ocel, xes
from os_events.exports.orders import Orders
from os_events.exports.provenance import Provenance

MADE_OF = Provenance("log.example", 2, "A" * 43 + "=")
XES = "{http://www.xes-standard.org/}"
JSON_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "time": str}


class Given(Orders):
    """Orders that were never in a log."""

    def __init__(self, histories: Iterable[OrderHistory]) -> None:
        self.histories = list(histories)
        self.ids = [history.events[0][1].aggregate_id for history in self.histories]

    def __iter__(self) -> Iterator[OrderHistory]:
        return iter(self.histories)


def made_of(log: EventLog, position: int | None = None) -> Provenance:
    """Name a position of a log that has no signer here."""
    return MADE_OF._replace(position=position or log.head())


def xes_of(log: EventLog, position: int | None = None) -> str:
    origin = made_of(log, position)
    return "".join(xes.document(Orders(log, origin.position), origin))


def ocel_of(log: EventLog, position: int | None = None) -> str:
    origin = made_of(log, position)
    return "".join(ocel.document(Orders(log, origin.position), origin))


def as_xes(*histories: OrderHistory) -> Element:
    """Read what was written of some histories."""
    return fromstring("".join(xes.document(histories, MADE_OF)))  # noqa: S314 - our own words


def as_ocel(*histories: OrderHistory) -> dict[str, Any]:
    """Read what was written of some histories."""
    found: dict[str, Any] = json.loads("".join(ocel.document(Given(histories), MADE_OF)))
    return found


def attributes(element: Element) -> dict[str, str]:
    """Give the attributes of a log, a trace or an event."""
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}


def misfits_xes(log: Element) -> Iterator[str]:
    """Name what is not as IEEE 1849-2016 has it: order and form of elements, keys, globals."""
    place = ["extension", "global", "classifier", "attribute", "trace"]
    kinds = [tag(one) if tag(one) in place else "attribute" for one in log]
    if kinds != sorted(kinds, key=place.index):
        yield f"elements out of order: {kinds}"
    prefixes = {one.attrib["prefix"] for one in log.iter(f"{XES}extension")}
    for scope, elements in (("trace", f"{XES}trace"), ("event", f"{XES}trace/{XES}event")):
        [promised] = (
            set(attributes(one)) for one in log.iter(f"{XES}global") if one.attrib["scope"] == scope
        )
        for one in log.findall(elements):
            keys = [sub.attrib["key"] for sub in one if "key" in sub.attrib]
            if len(keys) != len(set(keys)) or not promised <= set(keys):
                yield f"{scope}: keys {keys}"
            yield from (
                f"no extension: {key}"
                for key in keys
                if ":" in key and key.split(":")[0] not in prefixes
            )
    yield from (f"{one.attrib}" for one in log.iter() if "key" in one.attrib and not fits(one))


def tag(element: Element) -> str:
    return element.tag.removeprefix(XES)


def fits(attribute: Element) -> bool:
    """Say whether a value has the form of its type."""
    value = attribute.attrib["value"]
    match tag(attribute):
        case "date":
            return datetime.fromisoformat(value).tzinfo is not None
        case "int":
            return str(int(value)) == value
        case "boolean":
            return value in {"true", "false"}
        case "id":
            return str(UUID(value)) == value
        case kind:
            return kind == "string"


def misfits_ocel(found: dict[str, Any]) -> Iterator[str]:
    """Name what is not as OCEL 2.0 has it: types declared, ids unique, relationships met."""
    declared = {
        kind: {
            one["name"]: {a["name"]: JSON_TYPES[a["type"]] for a in one["attributes"]}
            for one in found[kind]
        }
        for kind in ("eventTypes", "objectTypes")
    }
    ids = [one["id"] for one in found["objects"]]
    for kind, what in (("eventTypes", "events"), ("objectTypes", "objects")):
        if len({one["id"] for one in found[what]}) != len(found[what]):
            yield f"{what}: an id twice"
        for one in found[what]:
            yield from untyped(one, declared[kind][one["type"]])
            yield from (
                f"{one['id']}: {link}"
                for link in one["relationships"]
                if link["objectId"] not in ids or not link["qualifier"]
            )
    times = [one["time"] for one in found["events"]]
    times += [change["time"] for one in found["objects"] for change in one["attributes"]]
    yield from (time for time in times if datetime.fromisoformat(time).tzinfo is None)


def untyped(one: dict[str, Any], declared: dict[str, type]) -> Iterator[str]:
    """Name attributes that are not as their type declares them."""
    for attribute in one["attributes"]:
        if type(attribute["value"]) is not declared[attribute["name"]]:
            yield f"{one['id']}: {attribute}"
