"""Milestones of parts, tests and money."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.checklists import ChecklistPurpose, ChecklistRecorded
from os_events.aggregates.service_order.codes import PartState
from os_events.aggregates.service_order.parts import (
    PartInstalled,
    PartRequested,
    PartSupplyUpdated,
    Supply,
)
from os_events.aggregates.service_order.settling import FinalCostsSettled
from os_events.projections.facts.milestones.reached import Milestone, Reached, superseding
from os_events.projections.facts.spans import seconds_between

AT_HAND = (PartState.RESERVED, PartState.ARRIVED)


def part_available(history: OrderHistory) -> Iterator[Reached]:
    """Give when each requested part was at hand.

    Shape: ``seconds`` since it was requested; ``subject`` is ``reserved`` or ``arrived``,
    ``detail`` the part, ``related`` the request.
    """
    requests: dict[UUID, tuple[datetime, str]] = {}
    here: set[UUID] = set()
    for at, event in history.facts(PartRequested, PartSupplyUpdated):
        if isinstance(event, PartRequested):
            requests.setdefault(event.part_request_id, (at, str(event.part)))
        elif isinstance(event, PartSupplyUpdated) and event.state in AT_HAND:
            request = event.part_request_id
            if request in requests and request not in here:
                here.add(request)
                requested_at, part = requests[request]
                yield Reached(
                    Milestone.PART_AVAILABLE,
                    at,
                    seconds=seconds_between(requested_at, at),
                    subject=event.state,
                    detail=part,
                    related=request,
                )


def part_installed(history: OrderHistory) -> Iterator[Reached]:
    """Give each installation.

    Shape: ``seconds`` from the request of the part from stock until it was reserved there, if it
    was; ``detail`` is the part, ``related`` its request, if there was one.
    """
    requested: dict[UUID, datetime] = {}
    reserved: dict[UUID, int] = {}
    for at, event in history.facts(PartRequested, PartSupplyUpdated, PartInstalled):
        if isinstance(event, PartRequested) and event.supply is Supply.STOCK:
            requested.setdefault(event.part_request_id, at)
        elif isinstance(event, PartSupplyUpdated) and event.state is PartState.RESERVED:
            if asked_at := requested.get(event.part_request_id):
                reserved.setdefault(event.part_request_id, seconds_between(asked_at, at))
        elif isinstance(event, PartInstalled):
            request = event.part_request_id
            yield Reached(
                Milestone.PART_INSTALLED,
                at,
                seconds=reserved.get(request) if request else None,
                detail=str(event.part),
                related=request,
            )


def checked(history: OrderHistory) -> Iterator[Reached]:
    """Give each quality test; ``subject`` is its result."""
    for at, event in history.facts(ChecklistRecorded):
        if event.purpose is ChecklistPurpose.QUALITY:
            yield Reached(Milestone.CHECKED, at, subject=event.result)


def settled(history: OrderHistory) -> Iterator[Reached]:
    """Give the final costs, until they are settled again. Unit: ``amount`` in centavos."""
    yield from superseding(
        [
            Reached(Milestone.SETTLED, at, amount=event.total)
            for at, event in history.facts(FinalCostsSettled)
        ]
    )
