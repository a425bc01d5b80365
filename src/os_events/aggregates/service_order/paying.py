"""Money that came in or went back."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import (
    RefusalError,
    RuleKind,
    check_not_before,
    refuse_unless_overridden,
)
from os_events.aggregates.service_order.checks import UnknownLineError, new_id
from os_events.aggregates.service_order.memory import Payment
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Act
from os_events.values.scalars import MOST_CENTAVOS, Code, ShortText
from os_events.values.words import Told


class PaymentAboveBalanceError(RefusalError):
    """It is more than is owed, or than was paid. Check the amount, or override and say why."""

    slug = "payment-above-balance"
    rule = "H6"
    kind = RuleKind.WRN
    facts = ("final-costs-settled", "quote-approved")
    pt = "Valor acima do saldo da OS."


class PaymentKind(Code):
    """Which way the money goes."""

    PAYMENT = "payment", "Pagamento"
    REFUND = "refund", "Devolução"
    REVERSAL = "reversal", "Estorno"


class PaymentMethod(Code):
    """How it is paid."""

    PIX = "pix", "PIX"
    CARD = "card", "cartão"
    CASH = "cash", "dinheiro"
    TRANSFER = "transfer", "transferência"
    BOLETO = "boleto", "boleto"
    CREDIT = "credit", "crédito na loja"


class PaymentRecorded(Aggregate.Event):
    """Money came in, or went back."""

    TOPIC: ClassVar[str] = "service-order.payment-recorded"
    TOLD: ClassVar[Told] = Told(
        pt="{kind}: {amount:money}[, {method}][; referência {external_ref}][; pagador: {payer_id}]"
        "[; do pagamento {of_payment_id}]",
        en="Money ({kind}): {amount:money}[, {method}][; reference {external_ref}]"
        "[; payer: {payer_id}][; of payment {of_payment_id}]",
    )
    payment_id: UUID
    kind: PaymentKind
    method: PaymentMethod | None = None
    amount: int
    external_ref: str | None = None
    payer_id: UUID | None = None
    of_payment_id: UUID | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.payment_id)
        if self.kind is PaymentKind.PAYMENT:
            order.payments[self.payment_id] = Payment(self.amount, self.occurred_at)
            order.paid += self.amount
        else:
            order.paid -= self.amount
            order.refunded += self.amount
            if self.of_payment_id:
                order.given_back[self.of_payment_id] += self.amount


class RecordPayment(Change[ServiceOrder]):
    """Say what was paid or paid back; after the end too. A reversal names its payment.

    Refused: unknown-line, duplicate-id, occurred-out-of-order; payment-above-balance, unless H6 is
    overridden.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H3", "H6", "H12")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("method",)

    payment_id: UUID | None = None
    kind: PaymentKind = PaymentKind.PAYMENT
    method: PaymentMethod | None = None
    amount: Annotated[int, Field(ge=1, le=MOST_CENTAVOS)]
    external_ref: ShortText | None = None
    payer_id: UUID | None = None
    of_payment_id: UUID | None = None

    @model_validator(mode="after")
    def _what_goes_back_may_name_what_came(self) -> Self:
        if self.kind is PaymentKind.PAYMENT and self.of_payment_id:
            raise ValueError("a payment is of no other payment")
        if self.kind is PaymentKind.REVERSAL and not self.of_payment_id:
            raise ValueError("a reversal names the payment that it reverses")
        return self

    def decide(self, order: ServiceOrder, act: Act) -> None:
        if self.of_payment_id:
            check_not_before(act, payment_of(order, self.of_payment_id).paid_at, "it was paid")
        most = self.most(order)
        if not act.imported and self.amount > most:
            refuse_unless_overridden(order, act, PaymentAboveBalanceError(f"at most {most}"))

        fact = PaymentRecorded(
            payment_id=new_id(order, self.payment_id, act),
            kind=self.kind,
            method=self.method,
            amount=self.amount,
            external_ref=self.external_ref,
            payer_id=self.payer_id,
            of_payment_id=self.of_payment_id,
        )
        order.happened(act, fact)

    def most(self, order: ServiceOrder) -> int:
        """Say how much can be owed, or go back. Unit: centavos."""
        if self.kind is PaymentKind.PAYMENT:
            return order.balance
        if self.of_payment_id:
            left = order.payments[self.of_payment_id].amount - order.given_back[self.of_payment_id]
            return min(order.paid, left)
        return order.paid


def payment_of(order: ServiceOrder, payment_id: UUID) -> Payment:
    """Find what was paid. Raises UnknownLineError."""
    payment = order.payments.get(payment_id)
    if payment is None:
        raise UnknownLineError(f"unknown payment: {payment_id}")
    return payment
