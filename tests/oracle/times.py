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
from os_events.aggregates.status import Category
from tests.oracle.cases import Asked, Case
from tests.oracle.labour import Span, labour
from tests.oracle.orders import Order, seconds, within

ACTIONS = (Triaged, ResponsibleAssigned, DiagnosisStarted, WorkStarted)
ANSWERS = QuoteApproved | QuoteDeclined
AT_HAND = {PartState.RESERVED, PartState.ARRIVED}
WAITED_FOR = {"customer", "parts"}


def tat_gross(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        spans, outcome = turnaround(order)
        if spans and not order.is_cancelled:
            total = sum(seconds(*span) for span in spans)
            yield Case(order, spans[-1].until, total, series=outcome)


def tat_net(asked: Asked) -> Iterable[Case]:
    for case in tat_gross(asked):
        spans, _ = turnaround(case.order)
        not_ours = sum(waited(case.order, span) for span in spans)
        yield case._replace(numerator=case.numerator - not_ours)


def turnaround(order: Order) -> tuple[list[Span], str | None]:
    """Give the times in which an order was up to us, and the outcome.

    They are those in custody, if it was on the bench at its last handover or closing; else the time
    from opening to closing.
    """
    cycles: list[Span] = []
    found: tuple[list[Span], str | None] = [], None
    since = None
    for at, _, event in order.facts:
        if isinstance(event, DeviceReceived):
            since = since or at
        if isinstance(event, DeviceHandedOver) and since:
            cycles = [*cycles, Span(since, at)]
            since = None
            if order.route(at) is Route.BENCH:
                found = cycles, str(event.outcome)
        if isinstance(event, Closed) and order.route(at) is not Route.BENCH:
            found = [Span(order.opened_at, at)], str(event.outcome)
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
        return ":" not in event.actor.id
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
        diagnosed = [fact for fact in order.facts if isinstance(fact.event, DiagnosisRecorded)]
        sent = [fact for fact in order.facts if is_sent_quote(fact.event)]
        if diagnosed and sent and diagnosed[0] < sent[0] and not order.is_cancelled:
            yield Case(order, sent[0].at, seconds(diagnosed[0].at, sent[0].at))


def is_sent_quote(event: object) -> bool:
    return isinstance(event, NoticeSent) and event.kind is NoticeKind.QUOTE


def time_to_decision(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        delivered: dict[int, datetime] = {}
        answered: set[int] = set()
        for at, _, event in order.facts if not order.is_cancelled else ():
            if isinstance(event, QuoteDelivered):
                delivered.setdefault(event.quote_version, at)
            if isinstance(event, ANSWERS) and event.quote_version not in answered:
                answered.add(event.quote_version)
                since = delivered.get(event.quote_version)
                said = "approved" if isinstance(event, QuoteApproved) else "declined"
                if since:
                    yield Case(order, at, seconds(since, at), series=said)


def mttr_repair(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        completed = order.last(WorkCompleted)
        if completed and order.then(completed).type is OrderType.REPAIR and not order.is_cancelled:
            total = labour_until(order, completed)
            yield Case(order, completed, total, state=None if total else "no_labour")


def hours_per_order(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        completed = order.last(WorkCompleted)
        if completed and not order.is_cancelled:
            total = labour_until(order, completed)
            yield Case(order, completed, total, state=None if total else "no_labour")


def labour_until(order: Order, completed: datetime) -> int:
    """Count the seconds in which anybody was at it, until it was completed."""
    return sum(seconds(*span) for span in labour(order) if span.until <= completed)


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
            if stay.status.category is Category.CLOSED:
                continue
            ended = stay.until or order.as_of
            begins = asked.starts_at <= stay.since < asked.ends_at
            ends = stay.until is not None and asked.starts_at <= stay.until < asked.ends_at
            touches = stay.since < asked.ends_at and ended >= asked.starts_at
            if begins or ends or touches:
                took = within(stay.since, ended, asked.starts_at, asked.ends_at)
                yield Case(
                    order,
                    stay.since,
                    took,
                    state=None if took else "momentary",
                    series=str(stay.status),
                    flows={"entries": begins, "exits": ends, "unended": not stay.until},
                )


def parts_wait(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        requested: dict[UUID, datetime] = {}
        here: dict[UUID, datetime] = {}
        for at, _, event in order.facts:
            if isinstance(event, PartRequested):
                requested.setdefault(event.part_request_id, at)
            if is_at_hand(event) and event.part_request_id in requested:
                here.setdefault(event.part_request_id, at)
        for request in set(requested) & set(here):
            if not order.is_cancelled:
                yield Case(order, here[request], seconds(requested[request], here[request]))


def is_at_hand(event: object) -> bool:
    return isinstance(event, PartSupplyUpdated) and event.state in AT_HAND


def mtbf(asked: Asked) -> Iterable[Case]:
    by_asset: dict[UUID, list[Order]] = {}
    for order in sorted(asked.orders, key=lambda one: (one.opened_at, one.id)):
        asset = order.now.asset
        if asset and order.now.type is OrderType.REPAIR and not order.is_cancelled:
            by_asset.setdefault(asset.asset_id, []).append(order)
    for repairs in by_asset.values():
        for earlier, later in pairwise(repairs):
            done = [at for at, _ in earlier.all(WorkCompleted) if at <= later.opened_at]
            if done:
                yield Case(later, later.opened_at, seconds(done[-1], later.opened_at))
