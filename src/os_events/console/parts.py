"""What the pages are made of: built by ``bootstrap``, handed to them by ``reader``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events.access.keys import Keys
from os_events.access.sessions import Sessions
from os_events.eventlog.log import EventLog
from os_events.followers.histories import Histories
from os_events.kpis.asking import Figures
from os_events.kpis.past import Past
from os_events.messaging.webhooks.deliveries import Deliveries
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.projections.lookup import Lookup
from os_events.projections.names import Names
from os_events.projections.order_board.board import OrderBoard
from os_events.values.company import Company


@dataclass(frozen=True)
class Parts:
    """Everything a page may ask for."""

    company: Company
    keys: Keys
    sessions: Sessions
    log: EventLog
    board: OrderBoard
    histories: Histories
    names: Names
    lookup: Lookup
    figures: Figures
    past: Past
    endpoints: Endpoints
    deliveries: Deliveries
    history_file: Callable[[UUID], bytes]
    clock: Callable[[], datetime]
