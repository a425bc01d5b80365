"""What the customer says to a quote: yes to exactly this, or no."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before
from os_events.aggregates.service_order.checks import UnknownLineError, check_notice, check_open
from os_events.aggregates.service_order.codes import Relation
from os_events.aggregates.service_order.memory import Answer, Quote
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import (
    CompletionPromised,
    PromiseMissingError,
    PromiseOrigin,
)
from os_events.aggregates.service_order.quote_validity import (
    QuoteExpiredError,
    Version,
    check_unanswered,
    has_lapsed,
)
from os_events.aggregates.service_order.quoting import version_of
from os_events.aggregates.service_order.values import Consent, EndTerm, Evidence
from os_events.values.acts import Act
from os_events.values.days import Place, Term, TermUnit, day_of, end_of
from os_events.values.personal import Personal
from os_events.values.scalars import Code, LongText, Sha256, Slug
from os_events.values.words import Told

Lines = Annotated[tuple[Slug, ...], Field(max_length=200)]


class QuoteSupersededError(RefusalError):
    """A newer version was issued. Answer that one."""

    slug = "quote-superseded"
    rule = "Q4"
    facts = ("quote-issued",)
    pt = "Há uma versão mais nova deste orçamento."


class QuoteDigestMismatchError(RefusalError):
    """What was approved is not what was issued. Show the customer the version on record."""

    slug = "quote-digest-mismatch"
    rule = "Q4"
    facts = ("quote-issued",)
    pt = "O conteúdo aprovado não é o que foi emitido."


class ApprovalNotExpressError(RefusalError):
    """Nothing shows that the customer agreed. Name the notice that was answered, or get it signed.

    A spoken yes is proven by its recording, and none can be attached yet.
    """

    slug = "approval-not-express"
    rule = "Q4"
    pt = "A aprovação precisa ser expressa: quem, como e com que prova."


class ApproverNotAuthorisedError(RefusalError):
    """Only the customer answers, or whom the customer authorised. Ask one of them."""

    slug = "approver-not-authorised"
    rule = "Q4"
    pt = "Quem aprova não é o cliente nem pessoa autorizada."


class QuoteApproved(Aggregate.Event):
    """The customer agreed to one version, by its digest."""

    TOPIC: ClassVar[str] = "service-order.quote-approved"
    TOLD: ClassVar[Told] = Told(
        pt="Orçamento {quote_version} aprovado: {total:money}[, por {consent}]"
        "[; peças não novas aceitas: {part_conditions_consented}]"
        "; pediu execução imediata: {immediate_execution_requested}",
        en="Quote {quote_version} approved: {total:money}[, by {consent}]"
        "[; parts accepted that are not new: {part_conditions_consented}]"
        "; asked for immediate execution: {immediate_execution_requested}",
    )
    quote_version: int
    content_sha256: str | None = None
    total: int
    consent: Consent | None = None
    part_conditions_consented: tuple[str, ...]
    immediate_execution_requested: bool

    def apply(self, order: ServiceOrder) -> None:
        order.answers[self.quote_version] = Answer.APPROVED
        order.answered_by[self.quote_version] = self.version
        order.approved_at[self.quote_version] = self.occurred_at
        order.conditions_consented[self.quote_version] = frozenset(self.part_conditions_consented)


class ApproveQuote(Change[ServiceOrder]):
    """Agree to the latest version, as seen. It promises the completion too.

    Shape: ``part_conditions_consented`` are the lines of the quote, each ticked apart, whose part
    is not new.

    Refused: order-ended, quote-version-unknown, unknown-line, occurred-out-of-order,
    quote-superseded, quote-already-answered, quote-digest-mismatch, quote-expired,
    approval-not-express, approver-not-authorised, promise-missing.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12", "Q3", "Q4", "Q10")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("content_sha256", "consent")

    quote_version: Version
    content_sha256: Sha256 | None = None
    consent: Consent | None = None
    part_conditions_consented: Lines = ()
    immediate_execution_requested: bool = False

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        quote = version_of(order, self.quote_version)
        check_named(quote.prices.keys(), self.part_conditions_consented)
        check_answer(order, act, self.quote_version, self.consent)
        if not act.imported:
            self._check_offer(order, act, quote)
            check_approver(order, self.consent)
        due = quote.end and due_at(order, act, quote.end)

        approved = QuoteApproved(
            quote_version=self.quote_version,
            content_sha256=self.content_sha256,
            total=quote.total,
            consent=self.consent,
            part_conditions_consented=self.part_conditions_consented,
            immediate_execution_requested=self.immediate_execution_requested,
        )
        order.happened(act, approved)
        if due:
            promise = CompletionPromised.first_or_next(
                order, act, due, PromiseOrigin.QUOTE, self.consent
            )
            order.happened(act, promise)

    def _check_offer(self, order: ServiceOrder, act: Act, quote: Quote) -> None:
        """Refuse what is not the offer in force, expressly accepted."""
        if self.quote_version < order.latest_version:
            raise QuoteSupersededError(f"version {order.latest_version} is the latest")
        if self.content_sha256 != quote.content_sha256:
            raise QuoteDigestMismatchError(f"issued: {quote.content_sha256}")
        if has_lapsed(order, self.quote_version, act):
            deadline = order.validities[self.quote_version]
            raise QuoteExpiredError(f"due: {deadline.due_at}", rests_on=(deadline.event_id,))
        if self.consent is None or not self.consent.names_its_proof:
            raise ApprovalNotExpressError
        if quote.end is None:
            raise PromiseMissingError(f"version {self.quote_version} says no end")


class QuoteExtent(Code):
    """How much of a quote was declined."""

    WHOLE = "whole", "no todo"
    LINES = "lines", "em parte"


class QuoteDeclined(Aggregate.Event):
    """The customer said no, to all or to some. A new version holds what was accepted in part."""

    TOPIC: ClassVar[str] = "service-order.quote-declined"
    TOLD: ClassVar[Told] = Told(
        pt="Orçamento {quote_version} recusado {extent}[, por {consent}]: {declined_lines}"
        "[; aceito: {accepted_lines}][; motivo: {reason_code}][. “{reason_text}”]",
        en="Quote {quote_version} declined ({extent})[, by {consent}]: {declined_lines}"
        "[; accepted: {accepted_lines}][; reason: {reason_code}][. “{reason_text}”]",
    )
    quote_version: int
    extent: QuoteExtent
    accepted_lines: tuple[str, ...]
    declined_lines: tuple[str, ...]
    reason_code: str | None = None
    reason_text: Annotated[Personal[str] | None, Evidence] = None
    consent: Consent | None = None

    def apply(self, order: ServiceOrder) -> None:
        whole = self.extent is QuoteExtent.WHOLE
        order.answers[self.quote_version] = Answer.DECLINED if whole else Answer.PARTLY_ACCEPTED
        order.answered_by[self.quote_version] = self.version
        order.declined_whole = whole
        order.lines_declined.update(self.declined_lines)


class DeclineQuote(Change[ServiceOrder]):
    """Say no to a version: to the services of ``declined_lines``, or else to all.

    Refused: order-ended, quote-version-unknown, unknown-line, occurred-out-of-order,
    quote-already-answered, quote-superseded, approver-not-authorised.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12", "Q4")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("reason_code", "consent")

    quote_version: Version
    declined_lines: Lines = ()
    reason_code: Slug | None = None
    reason_text: LongText | None = None
    consent: Consent | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        offered = version_of(order, self.quote_version).line_ids
        check_named(offered, self.declined_lines)
        check_answer(order, act, self.quote_version, self.consent)
        if not act.imported:
            check_not_superseded(order, act, self.quote_version)
            check_approver(order, self.consent)

        declined = set(self.declined_lines) or offered
        fact = QuoteDeclined(
            quote_version=self.quote_version,
            extent=QuoteExtent.WHOLE if declined == offered else QuoteExtent.LINES,
            accepted_lines=tuple(sorted(offered - declined)),
            declined_lines=tuple(sorted(declined)),
            reason_code=self.reason_code,
            reason_text=self.reason_text,
            consent=self.consent,
        )
        order.happened(act, fact)


def check_named(known: Collection[str], named: Collection[str]) -> None:
    """Refuse lines that the version has not."""
    if unknown := set(named) - set(known):
        raise UnknownLineError(f"not in this version: {', '.join(sorted(unknown))}")


def check_answer(
    order: ServiceOrder, act: Act, quote_version: int, consent: Consent | None
) -> None:
    """Refuse a second answer, one before the offer, and one to a notice that was never sent."""
    check_unanswered(order, quote_version)
    check_not_before(act, order.quotes[quote_version].issued_at, "the quote was issued")
    if consent:
        check_notice(order, consent.notice_id)


def check_not_superseded(order: ServiceOrder, act: Act, quote_version: int) -> None:
    """Refuse to answer a version when the next one was issued already."""
    following = order.quotes.get(quote_version + 1)
    if following and following.issued_at <= act.occurred_at:
        raise QuoteSupersededError(f"version {order.latest_version} is the latest")


def check_approver(order: ServiceOrder, consent: Consent | None) -> None:
    """Refuse who is neither the customer nor authorised. Powers of others cannot be shown yet."""
    may: dict[Relation, Collection[UUID]] = {
        Relation.CUSTOMER: (order.customer_id,),
        Relation.AUTHORISED: order.authorised_persons,
    }
    if consent is None or consent.person_id not in may.get(consent.relation, ()):
        raise ApproverNotAuthorisedError(f"person {consent.person_id if consent else 'unknown'}")


def due_at(order: ServiceOrder, act: Act, end: EndTerm) -> datetime:
    """Say when the day is over on which the work ends (T6). Raises UnknownUnitError."""
    if end.on:
        return end_of(end.on, order.place_zone)
    place = Place.of(order.place_zone, act.company.unit(order.unit_id))
    term = Term(end.business_days_after_approval or 0, TermUnit.BUSINESS_DAYS)
    last = place.last_day(day_of(act.occurred_at, place.zone), term, roll=False)
    return end_of(last, place.zone)
