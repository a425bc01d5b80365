"""The quotes of an order: each version, how far it got, and what became of its prices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from os_events.aggregates.facets import QuoteFacet, version_facet
from os_events.aggregates.service_order.offers import PaymentTerm, SupplierIdentity
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.quote_answers import (
    QuoteApproved,
    QuoteDeclined,
    QuoteExtent,
)
from os_events.aggregates.service_order.quote_validity import (
    ProofOfReceipt,
    QuoteDelivered,
    QuoteExpired,
)
from os_events.aggregates.service_order.quoting import QuoteCause, QuoteIssued
from os_events.aggregates.service_order.values import (
    Consent,
    EndTerm,
    Evidence,
    QuoteLine,
    StartTerm,
)
from os_events.projections.order_view.record import Facts, Record
from os_events.values.personal import Personal


@dataclass(frozen=True, slots=True)
class QuoteDelivery(Record):
    """The customer has it."""

    quote_version: int
    recipient_id: UUID | None
    proof: ProofOfReceipt | None
    notice_id: UUID | None


@dataclass(frozen=True, slots=True)
class QuoteApproval(Record):
    """The customer agreed. Unit: centavos."""

    quote_version: int
    content_sha256: str | None
    total: int
    consent: Consent | None
    part_conditions_consented: tuple[str, ...]
    immediate_execution_requested: bool


@dataclass(frozen=True, slots=True)
class QuoteRefusal(Record):
    """The customer said no, to all or to some."""

    quote_version: int
    extent: QuoteExtent
    accepted_lines: tuple[str, ...]
    declined_lines: tuple[str, ...]
    reason_code: str | None
    reason_text: Annotated[Personal[str] | None, Evidence]
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class Quote(Record):
    """One version. Unit of prices: centavos.

    Shape: ``in_force`` says that it is the approved one that counts; ``superseded`` that there is a
    newer version. ``valid_until`` is exclusive.
    """

    quote_version: int
    supersedes: int | None
    cause: QuoteCause
    lines: tuple[QuoteLine, ...]
    labour_total: int
    parts_total: int
    third_party_total: int
    other_total: int
    discount: int
    total: int
    payment_terms: tuple[PaymentTerm, ...]
    start: StartTerm | None
    end: EndTerm | None
    validity_days: int
    validity_stipulated: bool
    diagnosis_fee: int
    excludes: str | None
    refusal_effects: str | None
    legal_warranty_days: int
    contractual_warranty_days: int
    supplier: SupplierIdentity
    content_sha256: str
    state: QuoteFacet
    in_force: bool
    superseded: bool
    valid_until: datetime | None
    expired_at: datetime | None
    deliveries: tuple[QuoteDelivery, ...]
    approvals: tuple[QuoteApproval, ...]
    refusals: tuple[QuoteRefusal, ...]


def quotes(order: ServiceOrder, facts: Facts) -> tuple[Quote, ...]:
    """Give every version, the first one first."""
    deliveries = facts.all(QuoteDelivery, QuoteDelivered)
    approvals = facts.all(QuoteApproval, QuoteApproved)
    refusals = facts.all(QuoteRefusal, QuoteDeclined)
    expiries = {event.quote_version: at for at, event in facts.of(QuoteExpired)}
    found = []
    for at, event in facts.of(QuoteIssued):
        version = event.quote_version
        validity = order.validities.get(version)
        found.append(
            facts.shown(
                Quote,
                at,
                event,
                version_facet(order, version),
                version == order.approved_version,
                version < order.latest_version,
                validity.due_at if validity else None,
                expiries.get(version),
                tuple(one for one in deliveries if one.quote_version == version),
                tuple(one for one in approvals if one.quote_version == version),
                tuple(one for one in refusals if one.quote_version == version),
            )
        )
    return tuple(sorted(found, key=lambda quote: quote.quote_version))
