"""Milestones of the quote: sent, answered, ended."""

from collections.abc import Iterator
from datetime import datetime

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.quote_answers import QuoteApproved, QuoteDeclined
from os_events.aggregates.service_order.quote_validity import QuoteDelivered, QuoteExpired
from os_events.aggregates.service_order.quoting import QuoteIssued
from os_events.aggregates.service_order.waivers import QuoteWaived
from os_events.projections.facts.milestones.reached import Milestone, Reached, superseding
from os_events.projections.facts.spans import seconds_between

NEGOTIATION: tuple[type[DomainEvent], ...] = (
    QuoteIssued,
    QuoteWaived,
    QuoteDelivered,
    NoticeSent,
    QuoteApproved,
    QuoteDeclined,
    QuoteExpired,
)


def quote_sent(history: OrderHistory) -> Iterator[Reached]:
    """Say when a quote was first sent; ``seconds`` since the diagnosis, if there was one."""
    diagnosed: datetime | None = None
    for at, event in history.facts(DiagnosisRecorded, NoticeSent):
        if isinstance(event, DiagnosisRecorded):
            diagnosed = diagnosed or at
        elif isinstance(event, NoticeSent) and event.kind is NoticeKind.QUOTE:
            took = seconds_between(diagnosed, at) if diagnosed else None
            yield Reached(Milestone.QUOTE_SENT, at, seconds=took)
            return


def decided(history: OrderHistory) -> Iterator[Reached]:
    """Give the first answer to each version.

    Shape: ``seconds`` since the customer received it, if that is known; ``subject`` is
    ``approved`` or ``declined``; ``detail`` numbers the version.
    """
    received: dict[int, datetime] = {}
    answered: set[int] = set()
    for at, event in history.facts(QuoteDelivered, QuoteApproved, QuoteDeclined):
        if isinstance(event, QuoteDelivered):
            received.setdefault(event.quote_version, at)
        elif isinstance(event, QuoteApproved | QuoteDeclined):
            version = event.quote_version
            if version not in answered:
                answered.add(version)
                took = seconds_between(received[version], at) if version in received else None
                yield Reached(
                    Milestone.DECIDED, at, seconds=took, subject=word(event), detail=str(version)
                )


def word(event: DomainEvent) -> str:
    """Say what became of a quote."""
    if isinstance(event, QuoteApproved):
        return "approved"
    return "expired" if isinstance(event, QuoteExpired) else "declined"


def quote_ended(history: OrderHistory) -> Iterator[Reached]:
    """Say what became of the order's quotes once the newest is answered or expired.

    It counts until another is made or none is needed.

    Shape: ``subject`` is ``approved`` while any version is, else how the last ended. Unit:
    ``amount`` is the approved total, ``of_amount`` the largest put to the customer, in centavos.
    """
    table = Negotiation()
    found = (table.take(at, event) for at, event in history.facts(*NEGOTIATION))
    yield from superseding([one for one in found if one is not None])


class Negotiation:
    """What was offered, put to the customer, and approved so far."""

    def __init__(self) -> None:
        self.totals: dict[int, int] = {}
        self.put: set[int] = set()
        self.answered: set[int] = set()  # or expired
        self.approved: set[int] = set()

    def take(self, at: datetime, event: DomainEvent) -> Reached | datetime | None:
        """Take in a fact; give how the negotiation ended, or when it went on."""
        if isinstance(event, QuoteIssued):
            self.totals[event.quote_version] = event.total
            self.answered.discard(event.quote_version)
        if isinstance(event, QuoteIssued | QuoteWaived):
            return at
        if isinstance(event, QuoteDelivered | NoticeSent) and event.quote_version:
            self.put.add(event.quote_version)
        if isinstance(event, QuoteApproved | QuoteDeclined | QuoteExpired):
            self.put.add(event.quote_version)
            self.answered.add(event.quote_version)
            if isinstance(event, QuoteApproved):
                self.approved.add(event.quote_version)
            if max(self.totals, default=None) in self.answered:
                return self.ended(at, event)
        return None

    def ended(self, at: datetime, event: DomainEvent) -> Reached:
        """Say how it stands after an answer."""
        version = max(self.approved, default=None)
        return Reached(
            Milestone.QUOTE_ENDED,
            at,
            subject="approved" if version is not None else word(event),
            amount=0 if version is None else self.totals.get(version, 0),
            of_amount=max((self.totals.get(one, 0) for one in self.put), default=0),
        )
