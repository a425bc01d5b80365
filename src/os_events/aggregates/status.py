"""Where an order stands: one pure function of its facts (domain.md 6.3).

It stands above the aggregates, so that no guard can read it.
"""

from typing import NamedTuple, Self

from os_events.aggregates.service_order.codes import ClosingOutcome, HoldScope, Route
from os_events.aggregates.service_order.memory import Diagnosis, Work
from os_events.aggregates.service_order.order import CANCELLED, ServiceOrder
from os_events.values.scalars import Code


class Category(Code):
    """The fixed groups of statuses."""

    NEW = "NEW", "Nova"
    PLANNED = "PLANNED", "Planejada"
    ACTIVE = "ACTIVE", "Em andamento"
    WAITING = "WAITING", "Aguardando"
    DONE = "DONE", "Concluída"
    CLOSED = "CLOSED", "Encerrada"


BACKLOG = (Category.NEW, Category.PLANNED, Category.ACTIVE, Category.WAITING)


class OrderStatus(Code):
    """Where an order stands; each in its category."""

    category: Category

    def __new__(cls, code: str, pt: str, category: Category = Category.NEW) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.pt = pt
        member.category = category
        return member

    OPEN = "open", "Aberta", Category.NEW
    QUEUED = "queued", "Na fila", Category.PLANNED
    AWAITING_SCHEDULING = "awaiting_scheduling", "Aguardando agendamento", Category.WAITING
    IN_DIAGNOSIS = "in_diagnosis", "Em diagnóstico e orçamento", Category.ACTIVE
    AWAITING_APPROVAL = "awaiting_approval", "Aguardando aprovação do orçamento", Category.WAITING
    APPROVED = "approved", "Autorizada", Category.PLANNED
    AWAITING_PARTS = "awaiting_parts", "Aguardando peças", Category.WAITING
    IN_PROGRESS = "in_progress", "Em execução", Category.ACTIVE
    ON_HOLD = "on_hold", "Suspensa", Category.WAITING
    IN_TESTING = "in_testing", "Em teste", Category.ACTIVE
    RETURNING = "returning", "Em devolução (sem reparo)", Category.ACTIVE
    COMPLETED = "completed", "Concluída", Category.DONE
    READY_FOR_PICKUP = "ready_for_pickup", "Pronta para retirada", Category.DONE
    DELIVERED = "delivered", "Entregue", Category.DONE
    CLOSED = "closed", "Encerrada", Category.CLOSED
    CANNOT_COMPLETE = "cannot_complete", "Não concluída", Category.CLOSED
    RETURNED_UNREPAIRED = "returned_unrepaired", "Devolvida sem reparo", Category.CLOSED
    CANCELLED = "cancelled", "Cancelada", Category.CLOSED


class Standing(NamedTuple):
    """A status, and for whom or what it waits: None unless it does."""

    status: OrderStatus
    waits_for: str | None


ENDED: dict[str | None, OrderStatus] = {
    ClosingOutcome.FULFILLED: OrderStatus.CLOSED,
    ClosingOutcome.CANNOT_COMPLETE: OrderStatus.CANNOT_COMPLETE,
    ClosingOutcome.RETURNED_UNREPAIRED: OrderStatus.RETURNED_UNREPAIRED,
    CANCELLED: OrderStatus.CANCELLED,
}
WAITS_FOR = {
    OrderStatus.AWAITING_SCHEDULING: "provider",
    OrderStatus.AWAITING_APPROVAL: "customer",
    OrderStatus.AWAITING_PARTS: "parts",
    OrderStatus.READY_FOR_PICKUP: "customer",
}


def standing(order: ServiceOrder) -> Standing:
    """Say where an order stands, and what it waits for."""
    status = status_of(order)
    if status is OrderStatus.ON_HOLD:
        causes = [hold.cause for hold in order.holds.values() if hold.scope is HoldScope.ORDER]
        return Standing(status, causes[-1])
    return Standing(status, WAITS_FOR.get(status))


def status_of(order: ServiceOrder) -> OrderStatus:
    """Decide: the first line of domain.md 6.3 that holds; the numbers are those there."""
    if order.ended is not None:  # 1
        return ENDED.get(order.ended, OrderStatus.CLOSED)
    if order.held:  # 2
        return OrderStatus.ON_HOLD
    if order.handed:  # 3
        return OrderStatus.DELIVERED
    if order.ready and may_be_fetched(order):  # 4
        return OrderStatus.READY_FOR_PICKUP
    if order.done:  # 5
        return OrderStatus.COMPLETED if is_tested(order) else OrderStatus.IN_TESTING
    return status_before_the_end(order)


def status_before_the_end(order: ServiceOrder) -> OrderStatus:
    """Decide, by the lines from 6 on."""
    if order.to_return and order.route is Route.BENCH:  # 6
        return OrderStatus.RETURNING
    if order.work is Work.ACTIVE:  # 7
        return OrderStatus.IN_PROGRESS
    if order.pending:  # 8
        return OrderStatus.AWAITING_APPROVAL
    if order.authorised and order.parts_awaited:  # 9
        return OrderStatus.AWAITING_PARTS
    if is_looked_into(order):  # 10
        return OrderStatus.IN_DIAGNOSIS
    return status_in_a_queue(order)


def status_in_a_queue(order: ServiceOrder) -> OrderStatus:
    """Decide, by the lines from 11 on."""
    is_visit = order.route is Route.VISIT
    if is_visit and order.triaged:  # 11
        return OrderStatus.AWAITING_SCHEDULING
    if order.work is Work.PAUSED:  # 12
        return OrderStatus.IN_PROGRESS
    if order.authorised and not is_visit:  # 13
        return OrderStatus.APPROVED
    return OrderStatus.QUEUED if order.triaged else OrderStatus.OPEN  # 14, 15


def is_tested(order: ServiceOrder) -> bool:
    """Say whether no test is missing."""
    return order.tested or not order.quality_test_required


def may_be_fetched(order: ServiceOrder) -> bool:
    """Say whether the customer who was told so can fetch it, done or as it is."""
    has_expired = order.pending and order.latest_version in order.expired
    return order.to_return or has_expired or (order.done and is_tested(order))


def is_looked_into(order: ServiceOrder) -> bool:
    """Say whether the fault is looked for, or was found and the work is not authorised.

    On the way to a visit, a search that has only started waits for the visit.
    """
    if order.diagnosis is Diagnosis.RECORDED:
        return not order.authorised
    return order.diagnosis is Diagnosis.STARTED and order.route is not Route.VISIT
