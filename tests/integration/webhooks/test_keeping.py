"""What is kept of endpoints and deliveries, and for how long."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from os_events.errors import TamperedError
from os_events.eventlog.database import Pool
from os_events.eventlog.kek import Kek
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.deliveries import UnknownDeliveryError
from os_events.messaging.webhooks.endpoints import Endpoints, UnknownEndpointError
from tests.integration.webhooks.conftest import House, refuses
from tests.receivers import (
    Receiver,
    says,
)


def test_a_receiver_that_is_gone_for_good_is_switched_off_and_goes_on_from_its_place(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    order, receiver.behave = house.an_order(), says(410)
    house.deliver(endpoint)
    off = house.endpoints.one(endpoint)
    another, receiver.behave = house.an_order(), says(200)
    house.clock.pass_by(days=1)
    house.deliver(endpoint)
    meanwhile = receiver.ids

    house.endpoints.switch_on(endpoint)
    house.deliver(endpoint)

    assert (off.off_because, off.needs_somebody, meanwhile) == ("gone", True, [f"{order}:1"])
    assert receiver.ids == [f"{order}:1", f"{order}:1", f"{another}:1"]
    assert house.endpoints.one(endpoint).is_on


def test_one_that_somebody_leaves_off_is_nobodys_worry(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    house.an_order()
    receiver.behave = says(410)
    house.deliver(endpoint)

    house.endpoints.switch_off(endpoint)

    assert house.endpoints.one(endpoint).off_because == "asked"
    assert house.endpoints.standing_still() == 0


def test_five_days_without_success_switch_an_endpoint_off(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    house.an_order()
    receiver.behave = says(500)
    house.deliver(endpoint)

    house.clock.pass_by(days=4, hours=23)
    house.deliver(endpoint)
    almost = house.endpoints.one(endpoint)
    house.clock.pass_by(hours=3)
    house.deliver(endpoint)

    assert almost.is_on
    assert house.endpoints.one(endpoint).off_because == "failing"
    assert house.endpoints.standing_still() == 1


def test_one_success_begins_the_five_days_anew(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    stuck, receiver.behave = house.an_order(), says(500)
    house.deliver(endpoint)
    receiver.behave = refuses(stuck)
    house.clock.pass_by(days=4)
    house.an_order()
    house.deliver(endpoint)

    house.clock.pass_by(days=2)
    house.deliver(endpoint)

    assert house.endpoints.one(endpoint).is_on


def test_a_secret_is_nowhere_in_the_database_and_opens_by_our_key_alone(
    house: House, messenger: Pool, receiver: Receiver, admin_url: str
) -> None:
    endpoint, secret = house.endpoints.add(receiver.url, 0)
    stranger = Endpoints(messenger, Kek(b"x" * 32), Gate(development=True), house.clock)
    dump = "SELECT string_agg(e::text, '') || string_agg(encode(secret, 'escape'), '')"

    with psycopg.connect(admin_url) as admin:
        [dumped] = admin.execute(f"{dump} FROM messaging.endpoint e").fetchone() or ("",)
        admin.execute("UPDATE messaging.endpoint SET id = %s", (moved := uuid4(),))

    assert secret.removeprefix("whsec_") not in dumped
    with pytest.raises(Exception, match="sealed by"):
        stranger.addressed(moved)
    with pytest.raises(TamperedError):
        house.endpoints.addressed(moved)
    with pytest.raises(UnknownEndpointError):
        house.endpoints.addressed(endpoint)


def test_for_a_day_both_secrets_sign(house: House, endpoint: UUID) -> None:
    _, former = house.endpoints.addressed(endpoint)
    latter = house.endpoints.rotate(endpoint)

    _, now = house.endpoints.addressed(endpoint)
    house.clock.pass_by(hours=24)

    assert now == [latter, *former]
    assert house.endpoints.addressed(endpoint)[1] == [latter]


def test_a_test_goes_out_also_while_an_endpoint_is_off_and_is_tried_once(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    house.an_order()
    house.endpoints.switch_off(endpoint)
    receiver.behave = says(500)

    house.deliveries.test(endpoint)
    house.deliver(endpoint)
    house.clock.pass_by(days=1)
    house.deliver(endpoint)

    [delivery] = house.deliveries.latest(endpoint)
    assert receiver.ids == [f"{endpoint}:1"]
    assert (delivery.type, delivery.state) == ("os.webhook.test.v1", "failed")
    assert house.endpoints.one(endpoint).failing_since is None


def test_nothing_is_tested_that_is_not_there(house: House) -> None:
    with pytest.raises(UnknownEndpointError):
        house.deliveries.test(uuid4())


def test_what_was_taken_is_posted_again_when_somebody_asks(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    order = house.an_order()
    house.deliver(endpoint)

    house.deliveries.resend(endpoint, f"{order}:1")
    house.deliver(endpoint)

    assert receiver.ids == [f"{order}:1"] * 2
    assert receiver.received[0].body == receiver.received[1].body


@pytest.mark.parametrize(
    "id_", ["", "x:1", f"{UUID(int=7)}:1", f"{UUID(int=7)}:99999999999", f"{UUID(int=7)}"]
)
def test_what_was_never_posted_is_not_posted_again(house: House, endpoint: UUID, id_: str) -> None:
    with pytest.raises(UnknownDeliveryError):
        house.deliveries.resend(endpoint, id_)


def test_what_is_done_is_forgotten_after_thirty_days_and_nothing_else_is(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    house.an_order()
    house.deliver(endpoint)
    receiver.behave = says(500)
    house.an_order()
    house.deliver(endpoint)

    house.clock.pass_by(days=30, seconds=1)
    forgotten = house.deliveries.sweep()

    assert (forgotten, house.deliveries.waiting(endpoint)) == (1, 1)


def test_how_long_the_oldest_has_waited_is_told(
    house: House, receiver: Receiver, endpoint: UUID
) -> None:
    receiver.behave = says(500)
    house.an_order()
    house.deliver(endpoint)

    house.clock.pass_by(hours=2)

    assert house.deliveries.oldest() == timedelta(hours=2)
