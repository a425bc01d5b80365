"""What the customer is told. Sending is not receiving."""

from typing import ClassVar, Self
from uuid import UUID

from pydantic import model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import check_not_before
from os_events.aggregates.service_order.checks import UnknownLineError, new_id
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.memory import Notice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Act
from os_events.values.scalars import Code, Count, ShortText
from os_events.values.words import Told


class NoticeMeans(Code):
    """By which means it is sent."""

    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", "SMS"
    EMAIL = "email", "e-mail"
    PUSH = "push", "notificação no aplicativo"
    PHONE = "phone", "telefone"
    LETTER_AR = "letter_ar", "carta com AR"
    NOTARY = "notary", "cartório"
    IN_HAND = "in_hand", "em mãos"
    PORTAL = "portal", "portal"


class NoticeSent(Aggregate.Event):
    """Somebody was told something."""

    TOPIC: ClassVar[str] = "service-order.notice-sent"
    TOLD: ClassVar[Told] = Told(
        pt="Aviso enviado por {means}: {kind}[ {quote_version}], a {recipient_id}"
        "[; referência {provider_ref}]",
        en="Notice sent by {means}: {kind}[ {quote_version}], to {recipient_id}"
        "[; reference {provider_ref}]",
    )
    notice_id: UUID
    kind: NoticeKind
    means: NoticeMeans
    recipient_id: UUID
    quote_version: int | None = None
    provider_ref: str | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.notice_id)
        order.notices[self.notice_id] = Notice(self.kind, self.quote_version)
        if self.kind is NoticeKind.READY:
            order.ready = True


class SendNotice(Change[ServiceOrder]):
    """Say what was sent to whom; after the end too. A notice of a quote names its version.

    Refused: unknown-line, duplicate-id, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H3", "H12")

    notice_id: UUID | None = None
    kind: NoticeKind
    means: NoticeMeans
    recipient_id: UUID
    quote_version: Count | None = None
    provider_ref: ShortText | None = None

    @model_validator(mode="after")
    def _a_version_is_named_for_quotes_only(self) -> Self:
        if (self.kind is NoticeKind.QUOTE) != (self.quote_version is not None):
            raise ValueError("kind quote and a quote_version go together")
        return self

    def decide(self, order: ServiceOrder, act: Act) -> None:
        if self.quote_version is not None:
            quote = order.quotes.get(self.quote_version)
            if quote is None:
                raise UnknownLineError(f"unknown version: {self.quote_version}")
            check_not_before(act, quote.issued_at, "the quote was issued")

        fact = NoticeSent(
            notice_id=new_id(order, self.notice_id, act),
            kind=self.kind,
            means=self.means,
            recipient_id=self.recipient_id,
            quote_version=self.quote_version,
            provider_ref=self.provider_ref,
        )
        order.happened(act, fact)
