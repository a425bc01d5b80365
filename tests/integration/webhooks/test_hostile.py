"""Receivers that do everything wrong, and names that resolve into our network."""

from contextlib import ExitStack
from ipaddress import ip_address
from threading import Event
from uuid import UUID

import pytest

from os_events.eventlog.database import Pool
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.messaging.webhooks.letters import Letters
from os_events.messaging.webhooks.posting import Post
from os_events.messaging.webhooks.sending import Sender
from tests.integration.webhooks.conftest import KEK, House, counted
from tests.receivers import (
    PATIENCE,
    Behave,
    Receiver,
    drips,
    hangs,
    pours,
    receiving,
    says,
    vanishes,
)
from tests.support import later


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("behave", "told"),
    [
        (says(204), "204"),
        (says(301, Location="http://127.0.0.1:1/"), "301"),
        (says(404), "404"),
        (says(500), "500"),
        (vanishes, "webhook-no-answer"),
        (drips(b"HTTP/1.1 200 OK\r\nX: "), "webhook-no-answer"),
        (drips(b"HTTP/1.1 100 Continue\r\n\r\n"), "webhook-no-answer"),
        (drips(b""), "webhook-no-answer"),
        (drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"), "200"),
        (pours, "200"),
    ],
    ids=[
        "well",
        "moved",
        "missing",
        "broken",
        "gone",
        "header",
        "continue",
        "junk",
        "body",
        "pour",
    ],
)
def test_whatever_a_receiver_does_an_attempt_ends(
    house: House, receiver: Receiver, endpoint: UUID, behave: Behave, told: str
) -> None:
    house.an_order()
    receiver.behave = behave

    house.deliver(endpoint)

    [delivery] = house.deliveries.latest(endpoint)
    assert delivery.told == told
    assert delivery.state == ("done" if told.startswith("2") else "waiting")
    assert delivery.attempt == 1


def test_a_redirect_is_not_followed(house: House, receiver: Receiver, endpoint: UUID) -> None:
    house.an_order()
    with receiving() as elsewhere:
        receiver.behave = says(307, Location=elsewhere.url)

        house.deliver(endpoint)

    assert (len(receiver.received), elsewhere.received) == (1, [])


def test_one_who_does_not_listen_gets_it_later(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    order = house.an_order()
    with receiving() as gone:
        pass
    away, _ = house.endpoints.add(gone.url, 0)

    house.deliver(endpoint, away)

    [delivery] = house.deliveries.latest(away)
    assert (receiver.ids, delivery.told) == ([f"{order}:1"], "webhook-no-answer")
    assert delivery.due_at == later(minutes=5 / 60)


def test_a_receiver_says_when_to_come_again(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    house.an_order()
    receiver.behave = says(503, Retry_After="3600")

    house.deliver(endpoint)

    assert house.deliveries.latest(endpoint)[0].due_at == later(1)


@pytest.mark.usefixtures("endpoint")
def test_a_receiver_that_hangs_holds_up_nobody_else(house: House, receiver: Receiver) -> None:
    with receiving() as hanging, ExitStack() as ending:
        hanging.behave = hangs(hanging)
        stuck, _ = house.endpoints.add(hanging.url, 0)
        orders, stop = [house.an_order() for _ in range(12)], Event()
        arrived = counted(receiver, 12)
        ending.callback(house.dispatcher._finish)
        ending.callback(hanging.over.set)
        ending.callback(stop.set)

        house.dispatcher.look(stop)

        assert arrived.wait(PATIENCE)
        assert sorted(receiver.ids) == sorted(f"{order}:1" for order in orders)
        assert house.deliveries.waiting(stuck) == 12


def test_a_name_that_has_moved_into_our_network_is_not_posted_to(
    house: House, receiver: Receiver, messenger: Pool
) -> None:
    answers = iter(["127.0.0.1", "127.0.0.1", "10.0.0.1", "169.254.169.254"])
    gate = Gate(development=True, resolve=lambda *_: [ip_address(next(answers))])
    endpoints = Endpoints(messenger, KEK, gate, house.clock)
    url = f"http://hooks.example:{receiver.port}/"
    endpoint, _ = endpoints.add(url, 0)
    house.sender = Sender(
        endpoints, house.deliveries, Letters(house.log), Post(gate), house.clock, lambda: 0.5
    )
    house.an_order()
    house.an_order()

    house.deliver(endpoint)

    assert len(receiver.ids) == 1
    assert receiver.received[0].headers["host"] == f"hooks.example:{receiver.port}"
    assert {one.told for one in house.deliveries.latest(endpoint)} == {"200", "webhook-address"}
