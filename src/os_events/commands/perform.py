"""From a request to the record: rights, times, the aggregate's own decision, the log."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.rules import check_time, resting
from os_events.aggregates.service_order.codes import ClosingOutcome
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.commands.caller import Caller
from os_events.commands.counting import counted
from os_events.eventlog.log import EventLog, Recorded
from os_events.values.acts import Act

A = TypeVar("A", bound=Aggregate)

Decision = Callable[[A, Act], None]


@counted
async def perform(
    log: EventLog, caller: Caller, kind: type[A], aggregate_id: UUID, change: Change[A]
) -> Recorded:
    """Load, let ``change`` decide, record. Raises what they raise."""
    return await _change(log, caller, (kind, aggregate_id), change, change.decide)


@counted
async def waive_quote(
    log: EventLog, caller: Caller, order_id: UUID, change: WaiveQuote
) -> Recorded:
    """Do the same, looking at the earlier orders that are cited. Raises NotFoundError too."""
    caller.check_reach(change, None)
    cited = [await asyncio.to_thread(log.load, ServiceOrder, one) for one in change.order_ids]

    def decide(order: ServiceOrder, act: Act) -> None:
        change.decide(order, act, frozenset(one.id for one in cited if is_fulfilled(one, order)))

    return await _change(log, caller, (ServiceOrder, order_id), change, decide)


def is_fulfilled(earlier: ServiceOrder, order: ServiceOrder) -> bool:
    """Say whether an earlier order of the same customer came to its good end."""
    return earlier.customer_id == order.customer_id and earlier.ended is ClosingOutcome.FULFILLED


@counted
async def register_person(log: EventLog, caller: Caller, request: RegisterPerson) -> Recorded:
    """Record a new person."""
    act = caller.act(request)
    if before := await asyncio.to_thread(log.answer_to, caller.request):
        return before
    caller.check_new()
    check_time(act)
    return await log.record(request.begin(act), caller.request)


@counted
async def open_service_order(log: EventLog, caller: Caller, request: OpenServiceOrder) -> Recorded:
    """Record a new order, under the next number of the year in which it was opened.

    A request that comes again is given its first answer, and draws no number.

    Raises: NotFoundError if there is no such customer or earlier order; UnknownUnitError.
    """
    act = caller.act(request)
    caller.check_reach(request, request.unit_id)
    if before := await asyncio.to_thread(log.answer_to, caller.request):
        return before
    caller.check_new()
    check_time(act)
    await asyncio.to_thread(log.load, Person, request.customer_id)
    if request.previous_order_id:
        await asyncio.to_thread(log.load, ServiceOrder, request.previous_order_id)
    number = await order_number(log, act, request.unit_id)
    return await log.record(request.begin(act, number), caller.request)


async def order_number(log: EventLog, act: Act, unit_id: UUID) -> str:
    """Draw the number of an order: ``OS-<year>-<6 digits>``. Raises UnknownUnitError."""
    year = act.occurred_at.astimezone(ZoneInfo(act.company.unit(unit_id).zone)).year
    return f"OS-{year}-{await asyncio.to_thread(log.next_number, f'order-{year}'):06}"


async def _change(
    log: EventLog,
    caller: Caller,
    which: tuple[type[A], UUID],
    change: Change[A],
    decision: Decision[A],
) -> Recorded:
    act = caller.act(change)

    def decide(aggregate: A) -> None:
        caller.check_reach(change, unit_of(aggregate))
        caller.check_version(aggregate)
        with resting(aggregate):
            check_time(act, start=aggregate)
            decision(aggregate, act)

    return await log.change(*which, decide, caller.request)


def unit_of(aggregate: Aggregate) -> UUID | None:
    """Say where an aggregate belongs; a person belongs to no unit."""
    return aggregate.unit_id if isinstance(aggregate, ServiceOrder) else None
