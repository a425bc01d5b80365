"""/service-orders/…: diagnosis, parts, work, holds."""

from uuid import UUID

from fastapi import APIRouter

from os_events.aggregates.service_order.activities import RecordActivity, RecordUnapprovedWork
from os_events.aggregates.service_order.checklists import RecordChecklist
from os_events.aggregates.service_order.diagnosing import RecordDiagnosis, StartDiagnosis
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import InstallPart, RequestPart, UpdatePartSupply
from os_events.aggregates.service_order.work import CompleteWork, StartWork
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute

router = APIRouter(prefix="/service-orders/{order_id}", tags=["work"], route_class=StrictRoute)


@router.post("/diagnosis-starts")
async def start_diagnosis(order_id: UUID, body: StartDiagnosis, asked: Asked) -> Answer:
    """Begin to look for the fault."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/diagnoses")
async def record_diagnosis(order_id: UUID, body: RecordDiagnosis, asked: Asked) -> Answer:
    """Say what the fault is."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/checklists")
async def record_checklist(order_id: UUID, body: RecordChecklist, asked: Asked) -> Answer:
    """Say what was checked, and how it came out."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/part-requests")
async def request_part(order_id: UUID, body: RequestPart, asked: Asked) -> Answer:
    """Ask for a part."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/part-supply-updates")
async def update_part_supply(order_id: UUID, body: UpdatePartSupply, asked: Asked) -> Answer:
    """Say where a part is."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/parts")
async def install_part(order_id: UUID, body: InstallPart, asked: Asked) -> Answer:
    """Say that a part was put in."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/work-starts")
async def start_work(order_id: UUID, body: StartWork, asked: Asked) -> Answer:
    """Say that work begins."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/holds")
async def place_hold(order_id: UUID, body: PlaceHold, asked: Asked) -> Answer:
    """Stop an order, or the labour on it."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/hold-releases")
async def release_hold(order_id: UUID, body: ReleaseHold, asked: Asked) -> Answer:
    """Let it go on."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/activities")
async def record_activity(order_id: UUID, body: RecordActivity, asked: Asked) -> Answer:
    """Say what was done on a line."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/unapproved-activities")
async def record_unapproved_work(
    order_id: UUID, body: RecordUnapprovedWork, asked: Asked
) -> Answer:
    """Say what was done although nobody had approved it."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/work-completions")
async def complete_work(order_id: UUID, body: CompleteWork, asked: Asked) -> Answer:
    """Say that work has ended."""
    return await asked.perform(ServiceOrder, order_id, body)
