"""What allows the work on each service at an instant: a quote in force, or a waiver (Q1)."""

from collections.abc import Collection
from datetime import datetime

from os_events.aggregates.rules import RefusalError
from os_events.aggregates.service_order.checks import LineOutsideScopeError
from os_events.aggregates.service_order.codes import AuthorisationKind
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Authorisation
from os_events.values.acts import Act


class WorkWithoutAuthorisationError(RefusalError):
    """Nobody works without the customer's approval. Issue a quote and have it approved."""

    slug = "work-without-authorisation"
    rule = "Q1"
    pt = "Sem orçamento aprovado não se executa o serviço."


class ThirdPartyNotQuotedError(RefusalError):
    """The quote has no third party for this service. Issue a version that names one."""

    slug = "third-party-not-quoted"
    rule = "Q6"
    facts = ("quote-approved",)
    pt = "Serviço de terceiro não previsto no orçamento."


def version_in_force(order: ServiceOrder, instant: datetime) -> int:
    """Give the number of the quote that was in force at an instant; 0 without one."""
    return max((n for n, at in order.approved_at.items() if at <= instant), default=0)


def quoted_at(order: ServiceOrder, instant: datetime) -> set[str]:
    """Name the services of the quote that was in force at an instant."""
    quote = order.quotes.get(version_in_force(order, instant))
    return quote.line_ids if quote else set()


def waived_at(order: ServiceOrder, instant: datetime) -> set[str]:
    """Name the services that needed no quote at an instant."""
    waivers = (waiver for waiver in order.waivers if waiver.waived_at <= instant)
    return {line_id for waiver in waivers for line_id in waiver.lines}


def authorised(order: ServiceOrder, act: Act, line_ids: Collection[str]) -> Authorisation:
    """Say what allows the work; of an imported act, that nothing did. Raises what Q1, Q6 refuse."""
    quoted, waived = quoted_at(order, act.occurred_at), waived_at(order, act.occurred_at)
    if not act.imported:
        check_within(order, quoted | waived, line_ids)
    if quoted.intersection(line_ids):
        version = version_in_force(order, act.occurred_at)
        return Authorisation(kind=AuthorisationKind.QUOTE, quote_version=version)
    kind = AuthorisationKind.WAIVER if waived.intersection(line_ids) else AuthorisationKind.NONE
    return Authorisation(kind=kind, quote_version=None)


def check_within(order: ServiceOrder, scope: set[str], line_ids: Collection[str]) -> None:
    """Refuse what is done before anything allows it, and what that does not hold."""
    if not scope:
        raise WorkWithoutAuthorisationError(f"nothing authorised the work of order {order.id} yet")
    if outside := set(line_ids) - scope:
        raise LineOutsideScopeError(f"not approved: {', '.join(sorted(outside))}")
