"""/status and /health: how the system is."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from os_events.api.dependencies import Reading, reading
from os_events.api.parts import parts_of
from os_events.api.problems import Problem, problem_of
from os_events.api.strict import StrictRoute
from os_events.commands.rights import Question
from os_events.followers.positions import FollowerState
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import to_base64

router = APIRouter(tags=["status"], route_class=StrictRoute)
health = APIRouter(prefix="/health", tags=["status"])


@dataclass(frozen=True, slots=True)
class SignedHead:
    """What the last checkpoint says: so many events have this root."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the system is.

    Shape: ``head`` is the last position of the log; ``degraded`` names the followers that stand
    still; ``refusal`` says why nothing is recorded now.
    """

    head: int
    followers: list[FollowerState]
    degraded: list[str]
    checkpoint: SignedHead | None
    refusal: Problem | None


@dataclass(frozen=True, slots=True)
class Health:
    """What a supervisor asks. Anything but ``ok`` comes as a problem."""

    status: str = "ok"


@dataclass(frozen=True, slots=True)
class PlaceOfBusiness:
    """A unit of the company: its id is what an opening names."""

    unit_id: UUID
    name: str
    zone: str
    uf: str


@router.get("/units")
def list_units(
    asked: Annotated[Reading, Depends(reading(Question.UNITS))],
) -> list[PlaceOfBusiness]:
    """List the company's units."""
    units = asked.parts.company.units
    return [PlaceOfBusiness(unit.id, unit.name, unit.zone, unit.uf) for unit in units]


@router.get("/status")
def show_status(asked: Annotated[Reading, Depends(reading(Question.STATUS))]) -> Status:
    """Say how far log, followers and checkpoints are, and what is wrong."""
    parts, refusal = asked.parts, asked.parts.log.refusal
    followers, head = parts.followers(), asked.at_head()
    degraded = [one.follower for one in followers if one.stopped_at is not None]
    why = problem_of(refusal) if refusal else None
    return Status(head, followers, degraded, signed_head(parts.checkpoint()), why)


def signed_head(checkpoint: tuple[bytes, Checkpoint] | None) -> SignedHead | None:
    """Say what is signed."""
    return checkpoint and SignedHead(checkpoint[1].size, to_base64(checkpoint[1].root))


@health.get("/live")
def live(request: Request) -> Health:
    """Say that the program answers, and can record; 503 where only a restart helps."""
    parts_of(request).log.recorder.committer.check_alive()
    return Health()


@health.get("/startup")
def startup() -> Health:
    """Say that the program has started: it answers once schema and checks are done."""
    return Health()


@health.get("/ready")
def ready(request: Request) -> Health:
    """Say that requests can be answered and recorded; 503 while they cannot."""
    log = parts_of(request).log
    log.head()
    if log.refusal:
        raise log.refusal
    return Health()
