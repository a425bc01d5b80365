"""All that webhooks are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom
from typing import Any, Self

import psycopg

from os_events.eventlog.database import Pool
from os_events.eventlog.kek import Kek
from os_events.eventlog.log import EventLog
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.deliveries import Deliveries
from os_events.messaging.webhooks.dispatching import Dispatcher
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.messaging.webhooks.filling import Filling
from os_events.messaging.webhooks.letters import Letters
from os_events.messaging.webhooks.posting import Post
from os_events.messaging.webhooks.sending import Sender


@dataclass(frozen=True)
class Webhooks:
    """Endpoints, what is due to them, and whoever sends it."""

    endpoints: Endpoints
    deliveries: Deliveries
    filling: Filling
    sender: Sender

    @classmethod
    def of(
        cls, log: EventLog, pool: Pool, kek: Kek, gate: Gate, clock: Callable[[], datetime]
    ) -> Self:
        """Put them together."""
        endpoints, deliveries = Endpoints(pool, kek, gate, clock), Deliveries(pool, clock)
        letters = Letters(log)
        draw = SystemRandom().random
        sender = Sender(endpoints, deliveries, letters, Post(gate), clock, draw)
        return cls(endpoints, deliveries, Filling(pool, letters, clock), sender)

    def dispatcher(self, connect: Callable[[], psycopg.Connection[Any]]) -> Dispatcher:
        """Make whoever keeps them going. Shape: ``connect`` opens a connection that listens."""
        return Dispatcher(self.filling, self.sender, connect)
