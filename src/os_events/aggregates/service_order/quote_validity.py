"""For how long a quote binds: from when the customer has it (CDC art. 40 §1)."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before
from os_events.aggregates.service_order.checks import check_notice, check_open
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.quoting import version_of
from os_events.values.acts import Act
from os_events.values.days import Deadline, DeadlineKind, Direction, Place, Term, TermUnit
from os_events.values.scalars import Code
from os_events.values.words import Told

Version = Annotated[int, Field(ge=1, le=10_000)]
VALIDITY = DeadlineKind("DL-01", "Q3", Direction.RIGHT)


class QuoteAlreadyAnsweredError(RefusalError):
    """A version is answered once. Issue a new one."""

    slug = "quote-already-answered"
    rule = "Q4"
    pt = "Esta versão já foi respondida."


class QuoteExpiredError(RefusalError):
    """The quote bound for some days from its receipt, and they are over. Issue a new one."""

    slug = "quote-expired"
    rule = "Q3"
    pt = "Orçamento vencido; emita uma nova versão."


class QuoteNotDueToExpireError(RefusalError):
    """The quote still binds, or never reached the customer. Wait until it is over."""

    slug = "quote-not-due-to-expire"
    rule = "Q3"
    pt = "O prazo de validade ainda não terminou."


class ProofOfReceipt(Code):
    """How we know that the customer has it."""

    IN_HAND = "in_hand", "em mãos"
    READ_RECEIPT = "read_receipt", "confirmação de leitura"
    LINK_OPENED = "link_opened", "link aberto"
    SIGNATURE = "signature", "assinatura"
    REPLY = "reply", "resposta"


class QuoteDelivered(Aggregate.Event):
    """The customer has the quote: receipt, not sending. Its validity runs from here."""

    TOPIC: ClassVar[str] = "service-order.quote-delivered"
    TOLD: ClassVar[Told] = Told(
        pt="Orçamento {quote_version} recebido pelo cliente[ ({proof})][; por: {recipient_id}]",
        en="Quote {quote_version} received by the customer[ ({proof})][; by: {recipient_id}]",
    )
    quote_version: int
    recipient_id: UUID | None = None
    proof: ProofOfReceipt | None = None
    notice_id: UUID | None = None
    deadlines: tuple[Deadline, ...]

    def apply(self, order: ServiceOrder) -> None:
        received = order.delivered.get(self.quote_version, self.occurred_at)
        order.delivered[self.quote_version] = min(received, self.occurred_at)
        for deadline in self.deadlines:
            known = order.validities.get(self.quote_version, deadline)
            latest = max(known, deadline, key=lambda one: one.due_at)
            order.validities[self.quote_version] = latest


class RecordQuoteDelivery(Change[ServiceOrder]):
    """Say that the customer received a version. Another receipt while it binds prolongs it (T7).

    Refused: order-ended, quote-version-unknown, unknown-line, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12", "Q4")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("recipient_id", "proof")

    quote_version: Version
    recipient_id: UUID | None = None
    proof: ProofOfReceipt | None = None
    notice_id: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        quote = version_of(order, self.quote_version)
        check_not_before(act, quote.issued_at, "the quote was issued")
        check_notice(order, self.notice_id)

        lapsed = has_lapsed(order, self.quote_version, act)
        fact = QuoteDelivered(
            quote_version=self.quote_version,
            recipient_id=self.recipient_id,
            proof=self.proof,
            notice_id=self.notice_id,
            deadlines=() if lapsed else (validity(order, quote.validity_days, act),),
        )
        order.happened(act, fact)


class QuoteExpired(Aggregate.Event):
    """The customer did not answer in time; the shop is bound no longer."""

    TOPIC: ClassVar[str] = "service-order.quote-expired"
    TOLD: ClassVar[Told] = Told(
        pt="Orçamento {quote_version} vencido", en="Quote {quote_version} expired"
    )
    quote_version: int
    deadline_id: str

    def apply(self, order: ServiceOrder) -> None:
        order.expired.add(self.quote_version)


class ExpireQuote(Change[ServiceOrder]):
    """Say that a version was not answered in time; once.

    Refused: order-ended, quote-version-unknown, quote-already-answered, quote-expired,
    quote-not-due-to-expire.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "Q3", "Q4")

    quote_version: Version

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        version_of(order, self.quote_version)
        check_unanswered(order, self.quote_version)
        if self.quote_version in order.expired:
            raise QuoteExpiredError(f"the end of version {self.quote_version} is on record")
        deadline = order.validities.get(self.quote_version)
        if deadline is None:
            raise QuoteNotDueToExpireError("it was never received")
        if act.occurred_at < deadline.due_at:
            due = f"due: {deadline.due_at}"
            raise QuoteNotDueToExpireError(due, rests_on=(deadline.event_id,))

        fact = QuoteExpired(quote_version=self.quote_version, deadline_id=deadline.deadline_id)
        order.happened(act, fact)


def check_unanswered(order: ServiceOrder, quote_version: int) -> None:
    """Refuse to go on with a version that was answered."""
    if answered_by := order.answered_by.get(quote_version):
        answered = f"version {quote_version} is answered"
        raise QuoteAlreadyAnsweredError(answered, rests_on=(order.event(answered_by),))


def has_lapsed(order: ServiceOrder, quote_version: int, act: Act) -> bool:
    """Say whether the act came after the validity of a version was over."""
    deadline = order.validities.get(quote_version)
    return deadline is not None and act.occurred_at >= deadline.due_at


def validity(order: ServiceOrder, days: int, act: Act) -> Deadline:
    """Count until when the version binds that the next fact delivers. Raises UnknownUnitError."""
    place = Place.of(order.place_zone, act.company.unit(order.unit_id))
    term = Term(days, TermUnit.CALENDAR_DAYS)
    return place.deadline(VALIDITY, term, act.occurred_at, order.next_event_id)
