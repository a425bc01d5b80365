"""Until when the work is promised."""

from datetime import datetime
from typing import ClassVar, Self

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError
from os_events.aggregates.service_order.checks import check_notice, check_open
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Consent
from os_events.values.acts import Act
from os_events.values.days import NATIONAL, Deadline, DeadlineKind, Direction, Place
from os_events.values.scalars import Code, Instant, PlausibleInstant
from os_events.values.words import Told

PROMISED = DeadlineKind("DL-03", "Q10", Direction.OBLIGATION)


class PromiseLaterWithoutConsentError(RefusalError):
    """Only the customer can agree to a later date. Record who agreed, and how."""

    slug = "promise-later-without-consent"
    rule = "Q6"
    facts = ("completion-promised",)
    pt = "Adiar o prazo exige a concordância do cliente."


class PromiseMissingError(RefusalError):
    """Nobody works without telling the customer by when. Promise a date first."""

    slug = "promise-missing"
    rule = "Q10"
    pt = "A OS precisa de um prazo prometido."


class PromiseOrigin(Code):
    """Where a promise comes from."""

    QUOTE = "quote", "orçamento"
    OPENING = "opening", "abertura"
    RENEGOTIATION = "renegotiation", "renegociação"


class MovedBy(Code):
    """On whose side the date was moved."""

    CUSTOMER = "customer", "cliente"
    PROVIDER = "provider", "prestador"
    THIRD_PARTY = "third_party", "terceiro"


class PromiseCause(Code):
    """Why the date was moved."""

    PARTS = "parts", "peças"
    CUSTOMER = "customer", "cliente"
    CAPACITY = "capacity", "capacidade"
    THIRD_PARTY = "third_party", "terceiro"
    WEATHER = "weather", "clima"
    NEW_FINDING = "new_finding", "novo achado"
    OTHER = "other", "outro"


class CompletionPromised(Aggregate.Event):
    """The customer is told by when it will be done; the latest promise is the one in force."""

    TOPIC: ClassVar[str] = "service-order.completion-promised"
    TOLD: ClassVar[Told] = Told(
        pt="Prazo prometido ({origin}): {promised_at:end}[; antes era {previous_at:end}]"
        "[; mudança por parte de: {moved_by}][; causa: {cause}][; acordo: {consent}]",
        en="Completion promised ({origin}): {promised_at:end}[; before it was {previous_at:end}]"
        "[; moved by: {moved_by}][; cause: {cause}][; agreed: {consent}]",
    )
    promise_no: int
    promised_at: Instant
    previous_at: Instant | None = None
    origin: PromiseOrigin
    moved_by: MovedBy | None = None
    cause: PromiseCause | None = None
    consent: Consent | None = None
    deadlines: tuple[Deadline, ...]

    @classmethod
    def first_or_next(
        cls,
        order: ServiceOrder,
        act: Act,
        promised_at: datetime,
        origin: PromiseOrigin,
        consent: Consent | None = None,
    ) -> Self:
        """Make the promise that follows from something else: a quote, an opening."""
        return cls(
            promise_no=order.promise_no + 1,
            promised_at=promised_at,
            previous_at=order.promised_at,
            origin=origin,
            moved_by=None,
            cause=None,
            consent=consent,
            deadlines=(promised(order, act, promised_at),),
        )

    def apply(self, order: ServiceOrder) -> None:
        order.promise_no = self.promise_no
        order.promised_at = self.promised_at


class PromiseCompletion(Change[ServiceOrder]):
    """Promise by when it will be done. A date later than the one in force needs consent.

    Refused: order-ended, unknown-line, promise-later-without-consent.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H12", "Q6")

    promised_at: PlausibleInstant
    moved_by: MovedBy | None = None
    cause: PromiseCause | None = None
    consent: Consent | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        if self.consent:
            check_notice(order, self.consent.notice_id)
        if not act.imported and self.is_later_than(order) and not self.agreed_by(order):
            raise PromiseLaterWithoutConsentError(f"promised: {order.promised_at}")

        renegotiated = order.promised_at is not None
        fact = CompletionPromised(
            promise_no=order.promise_no + 1,
            promised_at=self.promised_at,
            previous_at=order.promised_at,
            origin=PromiseOrigin.RENEGOTIATION if renegotiated else PromiseOrigin.OPENING,
            moved_by=self.moved_by,
            cause=self.cause,
            consent=self.consent,
            deadlines=(promised(order, act, self.promised_at),),
        )
        order.happened(act, fact)

    def is_later_than(self, order: ServiceOrder) -> bool:
        """Say whether it puts off what was promised."""
        return order.promised_at is not None and self.promised_at > order.promised_at

    def agreed_by(self, order: ServiceOrder) -> bool:
        """Say whether the customer, or whom the customer authorised, expressly agreed."""
        agreed = self.consent
        return bool(agreed and agreed.names_its_proof and agreed.person_id in order.entitled)


def promised(order: ServiceOrder, act: Act, promised_at: datetime) -> Deadline:
    """Count the deadline of the next fact, which promises."""
    place = Place(order.zone, NATIONAL)
    return place.deadline_at(PROMISED, promised_at, act.occurred_at, order.next_event_id)
