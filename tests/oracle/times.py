"""How long things took (kpis.md 2)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from os_events.aggregates.service_order.closing import Closed
from os_events.aggregates.service_order.codes import (
    NoticeKind,
    OrderType,
    PartState,
    Route,
    WorkOutcome,
)
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded, DiagnosisStarted
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.notes import NoteAdded, Visibility
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.organising import ResponsibleAssigned, Triaged
from os_events.aggregates.service_order.parts import PartRequested, PartSupplyUpdated
from os_events.aggregates.service_order.quote_answers import QuoteApproved, QuoteDeclined
from os_events.aggregates.service_order.quote_validity import QuoteDelivered
from os_events.aggregates.service_order.work import WorkCompleted, WorkStarted
from os_events.values.acts import Role
from tests.oracle.cases import Asked, Case
from tests.oracle.labour import Span, labour
from tests.oracle.orders import Order, seconds, within

ACTIONS = (Triaged, ResponsibleAssigned, DiagnosisStarted, WorkStarted)
MACHINES = {Role.POLICY, Role.INTEGRATION}
WAITED_FOR = {"customer", "parts"}


def tat_gross(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        spans = turnaround(order)
        if spans and not order.is_cancelled:
            total = sum(seconds(*span) for span in spans)
            yield Case(order, spans[-1].until, total)


def tat_net(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        spans = turnaround(order)
        if spans and not order.is_cancelled:
            total = sum(seconds(*span) - waited(order, span) for span in spans)
            yield Case(order, spans[-1].until, total)


def turnaround(order: Order) -> list[Span]:
    """Give the times in which an order was up to us: in custody, or from opening to closing."""
    if order.now.route is Route.BENCH:
        return custody(order)
    closed = order.last(Closed)
    return [Span(order.opened_at, closed)] if closed else []


def custody(order: Order) -> list[Span]:
    """Give the times from a reception to the handover."""
    found, since = [], None
    for at, _, event in order.facts:
        if isinstance(event, DeviceReceived):
            since = since or at
        if isinstance(event, DeviceHandedOver) and since:
            found.append(Span(since, at))
            since = None
    return found


def waited(order: Order, span: Span) -> int:
    """Count the seconds in which the customer or parts were waited for."""
    waits = [wait for wait in order.waits if wait.waits_for in WAITED_FOR]
    return sum(within(one.since, one.until or order.as_of, *span) for one in waits)


def response_time(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        if order.is_cancelled:
            continue
        actions = [fact.at for fact in order.facts if is_action(order, fact.event)]
        if actions:
            yield Case(order, actions[0], seconds(order.opened_at, actions[0]))
        else:
            yield Case(order, order.opened_at, 0, state="no_action")


def is_action(order: Order, event: object) -> bool:
    """Say whether somebody did something for the order, beyond opening it."""
    if isinstance(event, NoteAdded):
        return event.visibility is Visibility.CUSTOMER
    if isinstance(event, NoticeSent):
        return event.actor.role not in MACHINES
    if isinstance(event, Triaged | ResponsibleAssigned):
        return event.occurred_at > order.opened_at
    return isinstance(event, ACTIONS)


def time_to_diagnosis(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        found = order.first(DiagnosisRecorded)
        if found and not order.is_cancelled:
            yield Case(order, found, seconds(order.opened_at, found))


def time_to_quote(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        diagnosed = order.first(DiagnosisRecorded)
        sent = [at for at, one in order.all(NoticeSent) if one.kind is NoticeKind.QUOTE]
        if diagnosed and sent and not order.is_cancelled:
            yield Case(order, sent[0], seconds(diagnosed, sent[0]))


def time_to_decision(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        delivered: dict[int, datetime] = {}
        answered: dict[int, datetime] = {}
        for at, _, event in order.facts:
            if isinstance(event, QuoteDelivered):
                delivered.setdefault(event.quote_version, at)
            if isinstance(event, QuoteApproved | QuoteDeclined):
                answered.setdefault(event.quote_version, at)
        for version in set(delivered) & set(answered):
            if not order.is_cancelled:
                answer = answered[version]
                yield Case(order, answer, seconds(delivered[version], answer))


def mttr_repair(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        completed = order.last(WorkCompleted)
        if order.now.type is not OrderType.REPAIR or completed is None or order.is_cancelled:
            continue
        spans = labour(order)
        total = sum(seconds(*span) for span in spans)
        yield Case(order, completed, total, state=None if spans else "no_labour")


def mttr_resolve(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        completions = order.all(WorkCompleted)
        if completions and not order.is_cancelled:
            at, last = completions[-1]
            failed = last.outcome is WorkOutcome.NOT_REPAIRABLE
            took = seconds(order.opened_at, at)
            yield Case(order, at, took, state="not_repairable" if failed else None)


def time_in_state(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for stay in order.stays:
            ended = stay.until or order.as_of
            begins = asked.starts_at <= stay.since < asked.ends_at
            ends = stay.until is not None and asked.starts_at <= stay.until < asked.ends_at
            touches = stay.since < asked.ends_at and ended > asked.starts_at
            if begins or ends or touches:
                yield Case(
                    order,
                    stay.since,
                    within(stay.since, ended, asked.starts_at, asked.ends_at),
                    series=str(stay.status),
                    flows={"entries": begins, "exits": ends, "unended": stay.until is None},
                )


def parts_wait(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        requested: dict[UUID, datetime] = {}
        here: dict[UUID, datetime] = {}
        for at, _, event in order.facts:
            if isinstance(event, PartRequested):
                requested[event.part_request_id] = at
            if isinstance(event, PartSupplyUpdated) and event.state in {
                PartState.RESERVED,
                PartState.ARRIVED,
            }:
                here.setdefault(event.part_request_id, at)
        for request in set(requested) & set(here):
            if not order.is_cancelled:
                yield Case(order, here[request], seconds(requested[request], here[request]))


def mtbf(asked: Asked) -> Iterable[Case]:
    by_asset: dict[UUID, list[Order]] = {}
    for order in sorted(asked.orders, key=lambda one: one.facts[0]):
        asset = order.now.asset
        if asset and order.now.type is OrderType.REPAIR and not order.is_cancelled:
            by_asset.setdefault(asset.asset_id, []).append(order)
    for repairs in by_asset.values():
        for earlier, later in pairwise(repairs):
            done = [at for at, _ in earlier.all(WorkCompleted) if at <= later.opened_at]
            if done:
                yield Case(later, later.opened_at, seconds(done[-1], later.opened_at))
