"""The objects of an object-centric event log, what they are, and which facts touch them.

A technician is called by the id of the person: a pseudonym, whose name is in no export.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import AssigneeKind, PartState
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.organising import ResponsibleAssigned
from os_events.aggregates.service_order.parts import (
    PartInstalled,
    PartRequested,
    PartSupplyUpdated,
)
from os_events.aggregates.service_order.quoting import QuoteIssued
from os_events.aggregates.service_order.values import Asset, Authorisation, PartSpec
from os_events.exports.plain import Plain, own, plain_fields
from os_events.values.acts import Role
from os_events.values.scalars import Code


class Kind(Code):
    """What kind of object."""

    ORDER = "order", "ordem de serviço"
    ITEM = "item", "equipamento"
    TECHNICIAN = "technician", "técnico"
    QUOTE = "quote", "orçamento"
    PART = "part", "peça"


SHARED = {Kind.ITEM, Kind.TECHNICIAN}  # by several orders
RELATIONS = {Kind.ITEM: "works on", Kind.QUOTE: "has quote", Kind.PART: "has part"}
TRAITS = ("unit_id", "profile", "route", "type", "basis", "priority")  # they always have a value
SPEC = {
    "description": str,
    "sku": str,
    "manufacturer": str,
    "condition": str,
    "warranty_days": int,
}
ATTRIBUTES: Mapping[Kind, Mapping[str, type[Plain]]] = {
    Kind.ORDER: {"number": str, "imported": bool, **dict.fromkeys(TRAITS, str), "status": str},
    Kind.ITEM: {"category": str, "brand": str, "model": str},
    Kind.TECHNICIAN: {},
    Kind.QUOTE: plain_fields(QuoteIssued),
    Kind.PART: {**SPEC, "state": str},
}
INSTALLED = "installed"  # the state of a part after those that supply has


class Name(NamedTuple):
    """What an object is called in the file. A quote or a part is one of its order."""

    kind: Kind
    of: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.of}"


class Link(NamedTuple):
    """A relationship to an object, and its qualifier."""

    to: Name
    qualifier: str


Links = tuple[Link, ...]  # of one fact


class Change(NamedTuple):
    """An attribute of an object, from an instant on."""

    at: datetime
    name: str
    value: Plain


def order(order_id: UUID) -> Name:
    """Name an order."""
    return Name(Kind.ORDER, str(order_id))


def item(asset: Asset) -> Name:
    """Name an item of equipment."""
    return Name(Kind.ITEM, str(asset.asset_id))


def technician(person: object) -> Name:
    """Name a technician."""
    return Name(Kind.TECHNICIAN, str(person))


def quote(order_id: UUID, version: int) -> Name:
    """Name a version of a quote."""
    return Name(Kind.QUOTE, f"{order_id}:{version}")


def part(order_id: UUID, of: UUID) -> Name:
    """Name a part by its request, or else by its installation."""
    return Name(Kind.PART, f"{order_id}:{of}")


def links_of(history: OrderHistory, event: DomainEvent) -> Links:
    """Say which objects a fact touches, each once by each qualifier."""
    found = dict.fromkeys([*things(event), *quotes(event), *technicians(event)])
    now = history.course.order
    if isinstance(event, DeviceHandedOver) and now and now.asset:
        found[Link(item(now.asset), "item")] = None
    return tuple(found)


def things(event: DomainEvent) -> Iterator[Link]:
    """Say which order, item and part a fact touches by its fields."""
    yield Link(order(event.aggregate_id), "order")
    if asset := asset_of(event):
        yield Link(item(asset), "item")
    fields = vars(event)
    if of := fields.get("part_request_id") or fields.get("installation_id"):
        yield Link(part(event.aggregate_id, of), "part")


def quotes(event: DomainEvent) -> Iterator[Link]:
    """Say which versions of a quote a fact touches."""
    fields = vars(event)
    ground = fields.get("authorisation")
    versions = {
        "quote": fields.get("quote_version"),
        "superseded": fields.get("supersedes"),
        "authorised by": ground.quote_version if isinstance(ground, Authorisation) else None,
    }
    for qualifier, version in versions.items():
        if version is not None:
            yield Link(quote(event.aggregate_id, version), qualifier)


def technicians(event: DomainEvent) -> Iterator[Link]:
    """Say which technicians a fact touches."""
    if person := vars(event).get("technician_id"):
        yield Link(technician(person), "performed by")
    if isinstance(event, ResponsibleAssigned) and event.assignee.kind is AssigneeKind.PERSON:
        yield Link(technician(event.assignee.id), f"assigned as {event.duty}")
    if event.actor.role is Role.TECHNICIAN:
        yield Link(technician(event.actor.id), "told by")


def asset_of(event: DomainEvent) -> Asset | None:
    """Give the item that a fact describes."""
    asset = vars(event).get("asset")
    return asset if isinstance(asset, Asset) else None


def objects(history: OrderHistory, touched: Sequence[Links]) -> Mapping[Name, list[Change]]:
    """Give the objects of an order, first itself, and what became of them when."""
    found: dict[Name, list[Change]] = {}
    told: dict[tuple[Name, str], Plain] = {}
    for name, change in [*order_changes(history), *other_changes(history)]:
        changes = found.setdefault(name, [])
        if told.get((name, change.name)) != change.value:
            told[name, change.name] = change.value
            changes.append(change)
    for link in chain.from_iterable(touched):
        found.setdefault(link.to, [])
    return found


def order_changes(history: OrderHistory) -> Iterator[tuple[Name, Change]]:
    """Give what an order is and was."""
    course, began = history.course, history.events[0][0]
    assert course.order is not None  # noqa: S101 - for the type checker
    this = order(course.order.id)
    yield this, Change(began, "number", course.order.order_number)
    yield this, Change(began, "imported", history.is_imported)
    for at, traits in course.traits:
        yield from ((this, Change(at, name, str(getattr(traits, name)))) for name in TRAITS)
    for at, now in course.standings:
        yield this, Change(at, "status", now.status)


def other_changes(history: OrderHistory) -> Iterator[tuple[Name, Change]]:
    """Give what facts tell of items, quotes and parts."""
    for at, event in history.events:
        if asset := asset_of(event):
            for name in ATTRIBUTES[Kind.ITEM]:
                yield item(asset), Change(at, name, getattr(asset, name))
        if isinstance(event, QuoteIssued):
            issued = quote(event.aggregate_id, event.quote_version)
            yield from ((issued, Change(at, name, value)) for name, value in own(event))
        yield from part_changes(at, event)


def part_changes(at: datetime, event: DomainEvent) -> Iterator[tuple[Name, Change]]:
    """Give what a fact tells of a part."""
    match event:
        case PartRequested(part_request_id=of, part=spec):
            state = PartState.REQUESTED.value
        case PartInstalled(installation_id=installed, part_request_id=asked, part=spec):
            of, state = asked or installed, INSTALLED
        case PartSupplyUpdated(part_request_id=of, state=supplied):
            yield part(event.aggregate_id, of), Change(at, "state", supplied)
            return
        case _:
            return
    this = part(event.aggregate_id, of)
    yield from ((this, Change(at, name, value)) for name, value in described(spec))
    yield this, Change(at, "state", state)


def described(spec: PartSpec) -> Iterator[tuple[str, Plain]]:
    """Give the attributes of a part that its description has."""
    for name in SPEC:
        if (value := getattr(spec, name)) is not None:
            yield name, value


def relations(history: OrderHistory, touched: Sequence[Links]) -> Links:
    """Say how an order stands to other objects, each once."""
    others = [
        Link(link.to, RELATIONS[link.to.kind])
        for link in chain.from_iterable(touched)
        if link.to.kind in RELATIONS
    ]
    opened = history.events[0][1]
    if isinstance(opened, Opened) and opened.previous_order_id:
        others.append(Link(order(opened.previous_order_id), "comes after"))
    return tuple(dict.fromkeys(others))
