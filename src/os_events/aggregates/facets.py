"""What an order is besides its status: quote, custody, billing (domain.md 6.5)."""

from os_events.aggregates.service_order.memory import Answer
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.scalars import Code


class QuoteFacet(Code):
    """How far the latest version of the quote is."""

    NONE = "none", "Sem orçamento"
    ISSUED = "issued", "Emitido"
    SENT = "sent", "Enviado"
    DELIVERED = "delivered", "Recebido pelo cliente"
    APPROVED = "approved", "Aprovado"
    PARTLY_ACCEPTED = "partly_accepted", "Aceito em parte"
    DECLINED = "declined", "Recusado"
    EXPIRED = "expired", "Vencido"
    WAIVED = "waived", "Dispensado"


class CustodyFacet(Code):
    """Who has the device."""

    WITH_CUSTOMER = "with_customer", "Com o cliente"
    IN_SHOP = "in_shop", "Na loja"
    DELIVERED = "delivered", "Entregue"


class BillingFacet(Code):
    """What is owed, and to whom."""

    UNBILLED = "unbilled", "A apurar"
    NOTHING_DUE = "nothing_due", "Sem cobrança"
    DUE = "due", "A receber"
    PARTLY_PAID = "partly_paid", "Pago em parte"
    PAID = "paid", "Pago"
    REFUND_DUE = "refund_due", "Devolução devida"
    REFUNDED = "refunded", "Devolvido"


ANSWERS = {
    Answer.APPROVED: QuoteFacet.APPROVED,
    Answer.PARTLY_ACCEPTED: QuoteFacet.PARTLY_ACCEPTED,
    Answer.DECLINED: QuoteFacet.DECLINED,
}


def quote_facet(order: ServiceOrder) -> QuoteFacet:
    """Say how far the latest version is; a later waiver takes its place."""
    latest = order.quotes.get(order.latest_version)
    waiver = order.waiver
    if waiver and (latest is None or waiver.waived_at > latest.issued_at):
        return QuoteFacet.WAIVED
    return QuoteFacet.NONE if latest is None else version_facet(order, order.latest_version)


def version_facet(order: ServiceOrder, version: int) -> QuoteFacet:
    """Say how far a version is."""
    if version in order.answers:
        return ANSWERS[order.answers[version]]
    if version in order.expired:
        return QuoteFacet.EXPIRED
    if version in order.delivered:
        return QuoteFacet.DELIVERED
    return QuoteFacet.SENT if version in order.sent else QuoteFacet.ISSUED


def custody_facet(order: ServiceOrder) -> CustodyFacet:
    """Say who has the device."""
    if order.in_custody:
        return CustodyFacet.IN_SHOP
    return CustodyFacet.DELIVERED if order.handover_no else CustodyFacet.WITH_CUSTOMER


def billing_facet(order: ServiceOrder) -> BillingFacet:
    """Say what is owed by the settlement in force."""
    if order.settlement is None:
        return BillingFacet.UNBILLED
    total, paid = order.settlement.total, order.paid
    if paid > total:
        return BillingFacet.REFUND_DUE
    if paid < total:
        return BillingFacet.PARTLY_PAID if paid > 0 else BillingFacet.DUE
    if order.refunded:
        return BillingFacet.REFUNDED
    return BillingFacet.PAID if total else BillingFacet.NOTHING_DUE
