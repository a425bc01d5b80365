"""When the company had done its part (kpis.md 1, fulfilment)."""

from datetime import datetime

from os_events.aggregates.service_order.codes import NoticeKind, Route
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.work import WorkCompleted
from tests.oracle.orders import Order


def fulfilled_at(order: Order) -> datetime | None:
    """Say when it was done, as far as it is up to the company.

    The last handover counts as the last fulfilment only while nobody was told that it is ready.
    """
    completed = [fact for fact in order.facts if isinstance(fact.event, WorkCompleted)]
    last = completed[-1] if completed else None
    since = [fact for fact in order.facts if last is None or fact > last]
    told = [fact.at for fact in since if is_told_ready(fact.event) and is_on_bench(order, fact.at)]
    handed = [at for at, _, one in since if is_handed(one) and is_on_bench(order, at)]
    if last and told:
        return told[0]
    if handed:
        return handed[-1]
    if last and not is_on_bench(order, last.at):
        return last.at
    return None


def is_on_bench(order: Order, at: datetime) -> bool:
    return order.route(at) is Route.BENCH


def is_handed(event: object) -> bool:
    return isinstance(event, DeviceHandedOver)


def is_told_ready(event: object) -> bool:
    return isinstance(event, NoticeSent) and event.kind is NoticeKind.READY
