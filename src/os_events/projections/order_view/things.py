"""What comes about in an order and ends: holds, parts on their way, parts taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from os_events.aggregates.service_order.activities import ActivityPerformed
from os_events.aggregates.service_order.codes import Duty, HoldCause, HoldScope, PartState
from os_events.aggregates.service_order.handover import DeviceHandedOver, PartFate
from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import Assignee, ResponsibleAssigned
from os_events.aggregates.service_order.parts import (
    PartInstalled,
    PartRequested,
    PartSupplyUpdated,
    Supply,
)
from os_events.aggregates.service_order.values import PartSpec, RemovedPart
from os_events.projections.order_view.record import Facts, Record


@dataclass(frozen=True, slots=True)
class Assignment(Record):
    """Somebody was made responsible; ``in_force`` until somebody else is in their place."""

    assignment_id: UUID
    assignee: Assignee
    duty: Duty
    lines: tuple[str, ...]
    replaces: UUID | None
    in_force: bool


def assignments(order: ServiceOrder, facts: Facts) -> Iterator[Assignment]:
    """Give everybody who was made responsible."""
    for at, event in facts.of(ResponsibleAssigned):
        yield facts.shown(Assignment, at, event, event.assignment_id in order.assigned)


@dataclass(frozen=True, slots=True)
class Hold(Record):
    """The order, or its labour, stood still; ``released_at`` is None while it does."""

    hold_id: UUID
    scope: HoldScope
    cause: HoldCause
    expected_until: datetime | None
    released_at: datetime | None
    resumed_work: bool | None


def holds(order: ServiceOrder, facts: Facts) -> Iterator[Hold]:
    """Give every hold; it has ended if the order knows it no longer."""
    ended = {
        event.hold_id: (at, event.resumes_work)
        for at, event in facts.of(HoldReleased)
        if event.hold_id not in order.holds
    }
    for at, event in facts.of(HoldPlaced):
        yield facts.shown(Hold, at, event, *ended.get(event.hold_id, (None, None)))


@dataclass(frozen=True, slots=True)
class PartRequest(Record):
    """A part that was asked for; ``expected_on`` is the date that was told at first."""

    part_request_id: UUID
    line_id: str
    quote_line_id: str | None
    part: PartSpec
    quantity: str
    supply: Supply
    expected_on: date | None
    state: PartState
    state_at: datetime
    now_expected_on: date | None
    is_installed: bool


def part_requests(order: ServiceOrder, facts: Facts) -> Iterator[PartRequest]:
    """Give every part that was asked for, and where it is now."""
    updates = {event.part_request_id: (at, event) for at, event in facts.of(PartSupplyUpdated)}
    for at, event in facts.of(PartRequested):
        state, since, expected_on = PartState.REQUESTED, at, event.expected_on
        if event.part_request_id in updates:
            since, update = updates[event.part_request_id]
            state, expected_on = update.state, update.expected_on or expected_on
        is_installed = event.part_request_id in order.requests_installed
        yield facts.shown(PartRequest, at, event, state, since, expected_on, is_installed)


@dataclass(frozen=True, slots=True)
class PartTakenOut:
    """A part that came out; ``fate`` is what the hand-over said of it."""

    at: datetime
    position: int
    line_id: str
    part: RemovedPart
    installation_id: UUID | None
    activity_id: UUID | None
    fate: PartFate | None


def parts_taken_out(facts: Facts) -> Iterator[PartTakenOut]:
    """Give every part that came out, for another or for nothing."""
    fates = {
        one.installation_id: one.disposition
        for _, event in facts.of(DeviceHandedOver)
        for one in event.parts_disposition
    }
    for at, event in facts.of(PartInstalled):
        if event.removed:
            id_ = event.installation_id
            fate = fates.get(id_)
            yield PartTakenOut(at, event.position, event.line_id, event.removed, id_, None, fate)
    for at, done in facts.of(ActivityPerformed):
        for part in done.removed_parts:
            id_ = done.activity_id
            yield PartTakenOut(at, done.position, done.line_id, part, None, id_, None)
