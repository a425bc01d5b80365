"""/service-orders/…: what it would cost, and what the customer says to it."""

from uuid import UUID

from fastapi import APIRouter

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.quote_answers import ApproveQuote, DeclineQuote
from os_events.aggregates.service_order.quote_validity import ExpireQuote, RecordQuoteDelivery
from os_events.aggregates.service_order.quoting import IssueQuote
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute
from os_events.commands.perform import waive_quote

router = APIRouter(prefix="/service-orders/{order_id}", tags=["quoting"], route_class=StrictRoute)


@router.post("/quotes")
async def issue_quote(order_id: UUID, body: IssueQuote, asked: Asked) -> Answer:
    """Put prices to the customer."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/quote-deliveries")
async def record_quote_delivery(order_id: UUID, body: RecordQuoteDelivery, asked: Asked) -> Answer:
    """Say that the customer has a quote."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/quote-approvals")
async def approve_quote(order_id: UUID, body: ApproveQuote, asked: Asked) -> Answer:
    """Agree to a quote, as seen."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/quote-refusals")
async def decline_quote(order_id: UUID, body: DeclineQuote, asked: Asked) -> Answer:
    """Say no to a quote, or to some of it."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/quote-expirations")
async def expire_quote(order_id: UUID, body: ExpireQuote, asked: Asked) -> Answer:
    """Say that a quote was not answered in time."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/waivers")
async def waive(order_id: UUID, body: WaiveQuote, asked: Asked) -> Answer:
    """Say why no quote is needed."""
    return asked.answer(await waive_quote(asked.log, asked.caller, order_id, body))
