"""Webhooks: to whom events are posted, how that goes, and what somebody may do about it."""

from typing import Annotated, NamedTuple
from uuid import UUID

import structlog
from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from os_events.commands.rights import Operation, Question, check_right, may
from os_events.console.formats import Speaker
from os_events.console.reader import Reader, Sender, SignedIn, show
from os_events.messaging.webhooks.deliveries import Delivery
from os_events.messaging.webhooks.endpoints import Endpoint

router = APIRouter(prefix="/webhooks")
SEE_OTHER = 303
MOST = 30  # deliveries on a page

log = structlog.get_logger()


class State(NamedTuple):
    """How it is with an endpoint, in words. Shape: ``category`` chooses the mark."""

    category: str
    words: str
    wrong: bool


@router.get("")
def show_endpoints(reader: SignedIn) -> Response:
    """Show all endpoints."""
    check_right(reader.signed_in.principal, Question.WEBHOOKS)
    speaker, head = speaking(reader), reader.parts.log.head()
    lines = [
        (one, state_of(speaker, one, head), reader.parts.deliveries.waiting(one.id))
        for one in reader.parts.endpoints.registered()
    ]
    return show(reader, "webhooks/all.html", speaker, lines=lines)


@router.get("/{endpoint_id}")
def show_endpoint(endpoint_id: UUID, reader: SignedIn) -> Response:
    """Show one endpoint, and what was posted to it last."""
    principal = reader.signed_in.principal
    check_right(principal, Question.WEBHOOKS)
    endpoint, speaker = reader.parts.endpoints.one(endpoint_id), speaking(reader)
    return show(
        reader,
        "webhooks/one.html",
        speaker,
        endpoint=endpoint,
        state=state_of(speaker, endpoint, reader.parts.log.head()),
        waiting=reader.parts.deliveries.waiting(endpoint_id),
        lines=[
            (one, answer_of(speaker, one), fate_of(speaker, one))
            for one in reader.parts.deliveries.latest(endpoint_id, MOST)
        ],
        runs=may(principal, Operation.WEBHOOKS),
    )


@router.post("/{endpoint_id}/teste")
def post_test(endpoint_id: UUID, reader: Sender) -> Response:
    """Have a test event posted."""
    check_right(reader.signed_in.principal, Operation.WEBHOOKS)
    reader.parts.deliveries.test(endpoint_id)
    return back(endpoint_id)


@router.post("/{endpoint_id}/reenvio")
def post_again(
    endpoint_id: UUID, reader: Sender, message: Annotated[str, Form(max_length=100)]
) -> Response:
    """Have something posted again, or now."""
    check_right(reader.signed_in.principal, Operation.WEBHOOKS)
    reader.parts.deliveries.resend(endpoint_id, message)
    return back(endpoint_id)


@router.post("/{endpoint_id}/ligar")
def switch_on(endpoint_id: UUID, reader: Sender) -> Response:
    """Post to it again."""
    check_right(reader.signed_in.principal, Operation.WEBHOOKS)
    reader.parts.endpoints.switch_on(endpoint_id)
    log.info("webhook endpoint switched on", endpoint=str(endpoint_id))
    return back(endpoint_id)


@router.post("/{endpoint_id}/desligar")
def switch_off(endpoint_id: UUID, reader: Sender) -> Response:
    """Post nothing to it any more."""
    check_right(reader.signed_in.principal, Operation.WEBHOOKS)
    reader.parts.endpoints.switch_off(endpoint_id)
    log.info("webhook endpoint switched off", endpoint=str(endpoint_id))
    return back(endpoint_id)


def back(endpoint_id: UUID) -> Response:
    """Go back to the page of the endpoint."""
    return RedirectResponse(f"/webhooks/{endpoint_id}", SEE_OTHER)


def speaking(reader: Reader) -> Speaker:
    """Say how to speak to the reader, by the clock of the house."""
    return reader.speaker(reader.parts.clock(), reader.parts.company.zone)


def state_of(speaker: Speaker, one: Endpoint, head: int) -> State:
    """Put into words how it is with an endpoint."""
    if one.off_since and one.off_because:
        because = speaker.text(f"posting.{one.off_because}")
        words = speaker.text("webhooks.off", at=speaker.at(one.off_since), because=because)
        return State("CLOSED", words, one.needs_somebody)
    if one.stopped_at:
        words = speaker.text("webhooks.stopped", position=one.stopped_at, error=one.stopped_by)
        return State("WAITING", words, wrong=True)
    if one.failing_since:
        words = speaker.text("webhooks.failing", at=speaker.at(one.failing_since))
        return State("WAITING", words, wrong=False)
    behind = head - one.position
    well = speaker.text("webhooks.well")
    words = speaker.text("webhooks.behind", count=behind) if behind > 0 else well
    return State("ACTIVE", words, wrong=False)


def answer_of(speaker: Speaker, one: Delivery) -> str:
    """Put into words what came of the last attempt: a status of HTTP, or why there was none."""
    if one.last_error:
        return speaker.text(f"posting.{one.last_error}")
    return one.told or speaker.text("webhooks.sending")


def fate_of(speaker: Speaker, one: Delivery) -> str:
    """Put into words what becomes of a delivery."""
    if one.state == "waiting" and one.due_at > speaker.now:
        return speaker.text("webhooks.again_at", at=speaker.at(one.due_at))
    return speaker.text(f"posting.{one.state}")
