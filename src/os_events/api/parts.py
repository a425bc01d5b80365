"""What the API is made of: built by ``bootstrap``, handed to endpoints by ``dependencies``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from fastapi import Request

from os_events.access.keys import Keys
from os_events.eventlog.log import EventLog
from os_events.followers.histories import Histories
from os_events.followers.positions import FollowerState
from os_events.followers.read_model import ReadModel
from os_events.kpis.asking import Figures
from os_events.kpis.past import Past
from os_events.ledger.checkpoint import Checkpoint
from os_events.projections.lookup import Lookup
from os_events.projections.names import Names
from os_events.values.company import Company


@dataclass(frozen=True)
class Parts:
    """Everything an endpoint may ask for."""

    log: EventLog
    keys: Keys
    company: Company
    views: Mapping[type[ReadModel[Any]], ReadModel[Any]]
    histories: Histories
    names: Names
    lookup: Lookup
    figures: Figures
    past: Past
    followers: Callable[[], list[FollowerState]]
    checkpoint: Callable[[], tuple[bytes, Checkpoint] | None]  # as signed, and as read
    history_file: Callable[[UUID], bytes]
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]


def parts_of(request: Request) -> Parts:
    """Give what ``create_app`` was given. No dependency: the framework takes its time over each."""
    return cast("Parts", request.app.state.parts)
