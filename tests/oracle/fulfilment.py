"""When the company had done its part (kpis.md 1, fulfilment)."""

from datetime import datetime

from os_events.aggregates.service_order.codes import NoticeKind, Route
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.work import WorkCompleted
from tests.oracle.orders import Order


def fulfilled_at(order: Order) -> datetime | None:
    """Say when it was done, as far as it is up to the company."""
    if order.now.route is not Route.BENCH:
        return order.last(WorkCompleted)
    return told_ready(order) or order.last(DeviceHandedOver)


def told_ready(order: Order) -> datetime | None:
    """Give the first notice that it is ready, after the last completion."""
    completed = [fact for fact in order.facts if isinstance(fact.event, WorkCompleted)]
    return next(
        (
            fact.at
            for fact in order.facts
            if completed
            and fact > completed[-1]
            and isinstance(fact.event, NoticeSent)
            and fact.event.kind is NoticeKind.READY
        ),
        None,
    )
