"""Webhooks on a real log, driven by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from uuid import UUID

import pytest

from os_events.aggregates.log import open_log
from os_events.eventlog.database import MESSENGER, Pool, connect, open_pool
from os_events.eventlog.kek import Kek
from os_events.eventlog.log import EventLog
from os_events.messaging.webhooks import posting
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.deliveries import Deliveries
from os_events.messaging.webhooks.dispatching import Dispatcher
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.messaging.webhooks.filling import Filling
from os_events.messaging.webhooks.letters import Letters
from os_events.messaging.webhooks.posting import Post
from os_events.messaging.webhooks.sending import Sender
from tests.integration.conftest import Clock
from tests.receivers import (
    Behave,
    Receiver,
    receiving,
    says,
)
from tests.support import a_triage, an_act, an_order, ask, later

KEK = Kek(bytes(32))
OPENED = "os.order.opened.v1"


@dataclass
class House:
    """All parts of webhooks, driven by hand."""

    log: EventLog
    clock: Clock
    endpoints: Endpoints
    deliveries: Deliveries
    filling: Filling
    sender: Sender
    dispatcher: Dispatcher

    def deliver(self, *endpoints: UUID) -> None:
        """When: whatever is due is written and sent, in this thread."""
        while self.filling.step():
            pass
        for endpoint in endpoints:
            while self.sender.step(endpoint):
                pass

    def an_order(self, changes: int = 0) -> UUID:
        """Given: an order is opened, and triaged so many times."""
        order = an_order()
        for hours in range(changes):
            ask(order, a_triage(), later(hours))
        self.log.record_now(order)
        return order.id


@pytest.fixture
def messenger(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url, MESSENGER, 6) as connections:
        yield connections


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(log: EventLog, messenger: Pool, clock: Clock, database_url: str) -> House:
    log.record_now(open_log(an_act(), "shop.example", ("key",)))
    gate = Gate(development=True)
    endpoints, deliveries = Endpoints(messenger, KEK, gate, clock), Deliveries(messenger, clock)
    written = Letters(log)
    fill = Filling(messenger, written, clock)
    sender = Sender(endpoints, deliveries, written, Post(gate), clock, lambda: 0.5)
    dispatcher = Dispatcher(fill, sender, lambda: connect(database_url, MESSENGER))
    return House(log, clock, endpoints, deliveries, fill, sender, dispatcher)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def endpoint(house: House, receiver: Receiver) -> UUID:
    """Given: an endpoint that gets everything from the beginning."""
    made, _ = house.endpoints.add(receiver.url, 0)
    return made


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given: an impatient sender, so that the test is short."""
    monkeypatch.setattr(posting, "IN_TIME", 0.3)


def refuses(order: UUID) -> Behave:
    """Fail for one order, and take what is of others."""
    fails, takes = says(500), says(200)
    return lambda message, to: (fails if str(order) in message.id else takes)(message, to)


def counted(receiver: Receiver, number: int) -> Event:
    """Say when so many have come in."""
    arrived, takes = Event(), says(200)

    def behave(message: object, to: object) -> None:
        takes(message, to)  # type: ignore[arg-type]  # as they came
        if len(receiver.received) >= number:
            arrived.set()

    receiver.behave = behave
    return arrived
