"""Refusals that several chapters share."""

from collections.abc import Iterable
from uuid import UUID

from os_events.aggregates.rules import (
    RefusalError,
    RuleKind,
    check_not_before,
    refuse_unless_overridden,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Act


class OrderEndedError(RefusalError):
    """An ended order takes no more facts of this kind. Reopen it first."""

    slug = "order-ended"
    rule = "H1"
    facts = ("closed", "cancelled")
    pt = "A OS está encerrada; reabra-a antes."


class UnknownLineError(RefusalError):
    """The order has no such line, part, hold, notice or version. Read it again."""

    slug = "unknown-line"
    rule = "H12"
    pt = "Item inexistente nesta OS."


class DuplicateIdError(RefusalError):
    """Something in this order is already called so. Give another id, or none."""

    slug = "duplicate-id"
    rule = "H12"
    pt = "Já existe um item com este identificador nesta OS."


class LineOutsideScopeError(RefusalError):
    """The customer has not approved this line. Issue a new version of the quote."""

    slug = "line-outside-scope"
    rule = "Q6"
    facts = ("quote-approved", "quote-waived")
    pt = "Item fora do que foi aprovado; emita nova versão."


class DeviceNotInCustodyError(RefusalError):
    """The device is not with us. Record that it was received first."""

    slug = "device-not-in-custody"
    rule = "H7"
    facts = ("device-handed-over",)
    pt = "O equipamento não está sob nossa guarda."


class SuspectDeviceError(RefusalError):
    """A public register says that the device is blocked. Check, or override and say why."""

    slug = "suspect-device"
    rule = "C7"
    kind = RuleKind.WRN
    facts = ("checklist-recorded",)
    pt = "Há indício de origem ilícita; confirme a decisão."


def check_open(order: ServiceOrder) -> None:
    """Refuse when the order has ended."""
    if order.ended:
        raise OrderEndedError(f"order {order.id} ended: {order.ended}")


def check_known(order: ServiceOrder, line_ids: Iterable[str]) -> None:
    """Refuse lines that were never asked for."""
    if unknown := set(line_ids) - order.line_ids:
        raise UnknownLineError(f"unknown lines: {', '.join(sorted(unknown))}")


def check_quoted(order: ServiceOrder, quote_line_id: str | None) -> None:
    """Refuse a line that no version of the quote has."""
    lines = {name for quote in order.quotes.values() for name in quote.prices}
    if quote_line_id and quote_line_id not in lines:
        raise UnknownLineError(f"unknown line of a quote: {quote_line_id}")


def check_notice(order: ServiceOrder, notice_id: UUID | None) -> None:
    """Refuse a notice that was never sent."""
    if notice_id and notice_id not in order.notices:
        raise UnknownLineError(f"unknown notice: {notice_id}")


def check_custody(order: ServiceOrder, act: Act) -> None:
    """Refuse when the device is not with us, or was not with us yet."""
    if not order.in_custody or order.reception is None:
        raise DeviceNotInCustodyError(f"the device of order {order.id} is not in our custody")
    check_not_before(act, order.reception.received_at, "the device was received")


def check_origin(order: ServiceOrder, act: Act) -> None:
    """Refuse a device that a register suspects, unless that is overridden."""
    if order.suspect:
        refuse_unless_overridden(order, act, SuspectDeviceError())


def new_id(order: ServiceOrder, given: UUID | None, act: Act) -> UUID:
    """Name what an act brings into being in an order. Raises DuplicateIdError.

    Its fact keeps the name in ``order.ids``.
    """
    name = given or act.id
    if name in order.ids:
        raise DuplicateIdError(f"{name} is taken")
    return name
