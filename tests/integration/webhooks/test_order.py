"""What is posted, exactly once written, and in order per order."""

import json
from threading import Event, Thread
from time import monotonic
from uuid import UUID

import psycopg
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from standardwebhooks import Webhook

from os_events.aggregates.base import DomainEvent
from os_events.eventlog.database import Pool
from os_events.messaging.cloudevents import CloudEvent
from os_events.messaging.public.cloud import cloud_event
from os_events.messaging.public.shape import ShapeError
from os_events.messaging.webhooks import filling, letters
from os_events.messaging.webhooks.endpoints import UnknownTypeError
from tests.integration.webhooks.conftest import OPENED, House, counted, refuses
from tests.receivers import (
    PATIENCE,
    Receiver,
    says,
)
from tests.support import NOON


def test_a_receiver_verifies_and_reads_what_happened(house: House, receiver: Receiver) -> None:
    endpoint, secret = house.endpoints.add(receiver.url, 0)
    order = house.an_order()

    house.deliver(endpoint)

    [message] = receiver.received
    read = from_structured_event(HTTPMessage(message.headers, message.body))
    position = house.log.head()
    signature = Webhook(secret).sign(message.id, NOON, message.body.decode())
    assert message.headers["webhook-signature"] == signature
    assert (message.id, read.get_id(), read.get_type()) == (f"{order}:1", f"{order}:1", OPENED)
    assert read.get_source() == "/shop.example"
    assert (read.get_extension("osposition"), read.get_extension("osepoch")) == (str(position), "1")
    assert json.loads(message.body)["data"]["order_id"] == str(order)
    assert message.headers["content-type"].startswith("application/cloudevents+json")


def test_an_endpoint_gets_the_types_that_it_asked_for(house: House, receiver: Receiver) -> None:
    endpoint, _ = house.endpoints.add(receiver.url, 0, [OPENED])
    order = house.an_order(changes=2)

    house.deliver(endpoint)

    assert receiver.ids == [f"{order}:1"]


def test_nobody_asks_for_a_type_that_is_not_there(house: House, receiver: Receiver) -> None:
    with pytest.raises(UnknownTypeError, match=r"os\.order\.lost\.v1"):
        house.endpoints.add(receiver.url, 0, [OPENED, "os.order.lost.v1"])


def test_an_endpoint_gets_what_came_after_its_beginning(house: House, receiver: Receiver) -> None:
    house.an_order()
    endpoint, _ = house.endpoints.add(receiver.url, house.log.head())
    order = house.an_order()

    house.deliver(endpoint)

    assert receiver.ids == [f"{order}:1"]


def test_what_is_written_and_its_place_are_one(
    house: House, receiver: Receiver, endpoint: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = house.an_order(changes=1)

    def lost(_: str) -> None:
        raise psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as broken:
        broken.setattr(filling, "failpoint", lost)
        with pytest.raises(Exception, match="webhooks cannot be reached"):
            house.filling.step()
    house.deliver(endpoint)

    assert receiver.ids == [f"{order}:1", f"{order}:2"]


def test_somebody_else_fills_meanwhile_and_nothing_is_written_twice(
    house: House, endpoint: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.an_order()
    moved: list[bool] = []

    def meanwhile(_: str) -> None:
        monkeypatch.setattr(filling, "failpoint", lambda _: None)
        moved.append(house.filling.step())

    monkeypatch.setattr(filling, "failpoint", meanwhile)
    house.filling.step()

    assert moved == [False]
    assert house.deliveries.waiting(endpoint) == 1


def test_a_stuck_delivery_holds_up_its_order_and_no_other(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    stuck, other = house.an_order(changes=2), house.an_order(changes=1)
    receiver.behave = refuses(stuck)

    house.deliver(endpoint)
    first = receiver.ids
    receiver.behave = says(200)
    house.clock.pass_by(seconds=6)
    house.deliver(endpoint)

    assert sorted(first) == sorted([f"{stuck}:1", f"{other}:1", f"{other}:2"])
    assert receiver.ids[len(first) :] == [f"{stuck}:1", f"{stuck}:2", f"{stuck}:3"]


def test_what_a_dead_worker_held_goes_out_again_in_a_minute_under_the_same_id(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    order = house.an_order(changes=1)
    house.filling.step()
    dead = house.deliveries.claim(endpoint)

    house.deliver(endpoint)
    meanwhile = receiver.ids
    house.clock.pass_by(seconds=60)
    house.deliver(endpoint)

    assert dead is not None
    assert dead.id == f"{order}:1"
    assert (meanwhile, receiver.ids) == ([], [f"{order}:1", f"{order}:2"])


def test_whoever_comes_back_after_its_lease_changes_nothing(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    house.an_order()
    receiver.behave = says(500)
    house.filling.step()

    def late(_message: object, to: object) -> None:
        receiver.behave = says(200)
        house.clock.pass_by(seconds=61)
        assert house.sender.step(endpoint)
        says(500)(_message, to)  # type: ignore[arg-type]  # as they came

    receiver.behave = late
    house.sender.step(endpoint)

    [delivery] = house.deliveries.latest(endpoint)
    assert (delivery.state, delivery.told, len(receiver.received)) == ("done", "200", 2)


def test_thousands_that_wait_for_an_earlier_one_cost_no_time(
    house: House, messenger: Pool, endpoint: UUID
) -> None:
    order = house.an_order()
    house.filling.step()
    later_ones = """INSERT INTO messaging.delivery
            (endpoint, order_id, version, position, type, waiting_since, due_at)
        SELECT endpoint, order_id, 1 + n, 1 + n, type, waiting_since, due_at
        FROM messaging.delivery, generate_series(1, 9999) n"""
    with messenger.connection() as connection:
        connection.execute(later_ones)

    first = house.deliveries.claim(endpoint)
    begun = monotonic()
    ready, second = house.deliveries.ready_at(), house.deliveries.claim(endpoint)

    assert first is not None
    assert (first.id, ready, second) == (f"{order}:1", {}, None)
    assert monotonic() - begun < 5


def test_several_threads_keep_each_order_in_order(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    orders = [house.an_order(changes=4) for _ in range(8)]
    arrived, stop = counted(receiver, 40), Event()

    house.dispatcher.look(stop)
    assert arrived.wait(PATIENCE)
    house.dispatcher._finish()

    receiver_ids = receiver.ids
    assert len(receiver_ids) == 40
    assert {order: [one for one in receiver_ids if str(order) in one] for order in orders} == {
        order: [f"{order}:{version}" for version in range(1, 6)] for order in orders
    }
    assert house.deliveries.waiting(endpoint) == 0


def test_the_loop_sends_what_is_recorded_while_it_runs(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    arrived, stop = counted(receiver, 1), Event()
    running = Thread(target=house.dispatcher.run, args=(stop,))
    running.start()

    order = house.an_order()

    assert arrived.wait(PATIENCE)
    stop.set()
    running.join(PATIENCE)
    assert not running.is_alive()
    assert receiver.ids == [f"{order}:1"]
    assert house.endpoints.one(endpoint).position == house.log.head()


def test_an_event_that_cannot_be_told_stops_an_endpoint_before_it(
    house: House, receiver: Receiver, endpoint: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = house.an_order()
    poison = house.an_order()
    house.an_order()

    def misshapen(event: DomainEvent, *, origin: str, epoch: int) -> CloudEvent | None:
        if event.aggregate_id == poison:
            raise ShapeError("it does not fit")
        return cloud_event(event, origin=origin, epoch=epoch)

    with monkeypatch.context() as broken:
        broken.setattr(letters, "cloud_event", misshapen)
        house.deliver(endpoint)
    stopped, arrived = house.endpoints.one(endpoint), receiver.ids
    house.deliver(endpoint)

    assert (stopped.stopped_at, stopped.stopped_by) == (3, "shape-error")
    assert stopped.needs_somebody
    assert arrived == [f"{before}:1"]
    assert len(receiver.ids) == 3
    assert not house.endpoints.one(endpoint).needs_somebody


def test_the_log_is_the_queue_of_an_endpoint_that_takes_nothing(
    house: House, receiver: Receiver, endpoint: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MOST_WAITING", 2)
    monkeypatch.setattr(filling, "AT_ONCE", 1)
    receiver.behave = says(500)
    _ = [house.an_order() for _ in range(5)]

    house.deliver(endpoint)

    assert house.deliveries.waiting(endpoint) == 2
    assert house.endpoints.one(endpoint).position == 3
