"""Milestones of the beginning: opened, first action, diagnosis."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded, DiagnosisStarted
from os_events.aggregates.service_order.notes import NoteAdded, Visibility
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.organising import ResponsibleAssigned, Triaged
from os_events.aggregates.service_order.work import WorkStarted
from os_events.aggregates.traits import Traits
from os_events.projections.facts.milestones.reached import Milestone, Reached, superseding
from os_events.projections.facts.spans import seconds_between


def opened(history: OrderHistory) -> Iterator[Reached]:
    """Say when it began; ``related`` is the order that it says it follows."""
    for at, event in history.facts(Opened):
        yield Reached(Milestone.OPENED, at, related=event.previous_order_id)


def responded(history: OrderHistory) -> Iterator[Reached]:
    """Say that nobody had acted, until somebody did; ``seconds`` since it was opened, once so."""
    began = history.events[0][0]
    acted = (at for at, event in history.events if is_action(event, at, began))
    first = next(acted, None)
    yield Reached(Milestone.RESPONDED, began, until=first)
    if first is not None:
        yield Reached(Milestone.RESPONDED, first, seconds=seconds_between(began, first))


def is_action(event: DomainEvent, at: datetime, began: datetime) -> bool:
    """Say whether a fact is somebody's answer; what the opening itself states is none."""
    if isinstance(event, Triaged | ResponsibleAssigned):
        return at > began
    if isinstance(event, NoteAdded):
        return event.visibility is Visibility.CUSTOMER
    if isinstance(event, NoticeSent):
        return ":" not in event.actor.id
    return isinstance(event, DiagnosisStarted | WorkStarted)


def diagnosed(history: OrderHistory) -> Iterator[Reached]:
    """Say when the fault was first found; ``seconds`` since it was opened."""
    began = history.events[0][0]
    for at, _ in history.facts(DiagnosisRecorded):
        yield Reached(Milestone.DIAGNOSED, at, seconds=seconds_between(began, at))
        return


def faulty(history: OrderHistory) -> Iterator[Reached]:
    """Give the fault that was found, until it is another, or that of another thing.

    Shape: ``subject`` is the fault, ``related`` the asset.
    """
    found = list[Reached | datetime]()
    for (fault, asset), alike in groupby(history.course.traits, key=fault_of_asset):
        since, _ = next(alike)
        known = fault is not None and asset is not None
        one = Reached(Milestone.FAULTY, since, subject=fault, related=asset)
        found.append(one if known else since)
    yield from superseding(found)


def fault_of_asset(entry: tuple[datetime, Traits]) -> tuple[str | None, UUID | None]:
    """Say which fault of which thing an order is about."""
    _, what = entry
    return what.fault_code, what.asset_id
