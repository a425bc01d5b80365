"""The pages of webhooks: what they show, and who may do what."""

import re
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from os_events.aggregates.log import open_log
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.messaging.webhooks.deliveries import Deliveries, Settled
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.messaging.webhooks.filling import Filling
from os_events.messaging.webhooks.letters import Letters
from os_events.values.acts import Role
from tests.integration.conftest import Clock
from tests.integration.console.conftest import SignIn, token_in
from tests.support import an_act, an_order

URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def endpoint(endpoints: Endpoints) -> UUID:
    """Given: an endpoint that gets everything."""
    made, _ = endpoints.add(URL, 0)
    return made


@pytest.fixture
def order(
    log: EventLog, messenger: Pool, deliveries: Deliveries, endpoint: UUID, clock: Clock
) -> UUID:
    """Given: an order, whose opening the endpoint did not take."""
    log.record_now(open_log(an_act(), "shop.example", ("key",)))
    order = an_order()
    log.record_now(order)
    Filling(messenger, Letters(log), clock).step()
    delivery = deliveries.claim(endpoint)
    assert delivery
    clock.pass_by(seconds=1)
    with messenger.connection() as connection:
        deliveries.settle(connection, delivery, Settled("waiting", clock(), 500))
    return order.id


def send(pages: TestClient, path: str, **fields: str) -> int:
    """When: a form of a page is sent."""
    token = token_in(pages.get("/webhooks").text)
    answer = pages.post(path, data={"token": token, **fields}, follow_redirects=False)
    return answer.status_code


def test_there_is_a_way_to_all_endpoints_and_to_each(
    pages: TestClient, sign_in: SignIn, endpoint: UUID
) -> None:
    sign_in()

    everything, one = pages.get("/webhooks").text, pages.get(f"/webhooks/{endpoint}").text

    assert f'href="/webhooks/{endpoint}"' in everything
    assert 'href="/webhooks"' in pages.get("/").text
    assert URL in one
    assert "Em dia" in one


def test_a_delivery_shows_what_came_of_it(
    pages: TestClient, sign_in: SignIn, endpoint: UUID, order: UUID
) -> None:
    sign_in()

    page = pages.get(f"/webhooks/{endpoint}").text

    assert f"{order}:1" in page
    assert "os.order.opened.v1" in page
    assert re.search(r">500</td>", page)


def test_what_was_posted_is_posted_again(
    pages: TestClient, sign_in: SignIn, deliveries: Deliveries, endpoint: UUID, order: UUID
) -> None:
    sign_in()

    status = send(pages, f"/webhooks/{endpoint}/reenvio", message=f"{order}:1")

    [delivery] = deliveries.latest(endpoint)
    assert (status, delivery.state, delivery.attempt) == (303, "waiting", 0)


def test_a_test_is_due_at_once(
    pages: TestClient, sign_in: SignIn, deliveries: Deliveries, endpoint: UUID
) -> None:
    sign_in()

    status = send(pages, f"/webhooks/{endpoint}/teste")

    assert (status, deliveries.ready_at()) == (303, {endpoint: 1})


def test_an_endpoint_is_switched_off_and_on(
    pages: TestClient, sign_in: SignIn, endpoints: Endpoints, endpoint: UUID
) -> None:
    sign_in()

    send(pages, f"/webhooks/{endpoint}/desligar")
    off = endpoints.one(endpoint)
    page = pages.get(f"/webhooks/{endpoint}").text
    send(pages, f"/webhooks/{endpoint}/ligar")

    assert (off.is_on, endpoints.one(endpoint).is_on) == (False, True)
    assert "a pedido" in page
    assert "Ligar" in page


def test_every_page_says_that_webhooks_stand_still_to_those_who_may_know(
    pages: TestClient, sign_in: SignIn, endpoints: Endpoints, messenger: Pool, endpoint: UUID
) -> None:
    with messenger.connection() as connection:
        endpoints.failed(connection, endpoint, gone=True)

    sign_in(Role.MANAGER)
    managers, own = pages.get("/").text, pages.get(f"/webhooks/{endpoint}").text
    sign_in(Role.ATTENDANT)
    attendants = pages.get("/").text

    assert "Há webhooks parados" in managers
    assert "não existe mais (410)" in own
    assert "webhooks" not in attendants


@pytest.mark.parametrize("path", ["/webhooks", f"/webhooks/{UUID(int=1)}"])
@pytest.mark.parametrize("role", [Role.ATTENDANT, Role.TECHNICIAN, Role.FIGURES])
def test_others_see_nothing_of_them(
    pages: TestClient, sign_in: SignIn, role: Role, path: str
) -> None:
    sign_in(role)

    assert pages.get(path).status_code == 403


@pytest.mark.parametrize("act", ["teste", "reenvio", "ligar", "desligar"])
def test_auditors_look_and_change_nothing(
    pages: TestClient, sign_in: SignIn, deliveries: Deliveries, endpoint: UUID, act: str
) -> None:
    sign_in(Role.AUDITOR)

    status = send(pages, f"/webhooks/{endpoint}/{act}", message=f"{endpoint}:1")

    assert (status, deliveries.ready_at()) == (403, {})
    assert "<button>Enviar teste" not in pages.get(f"/webhooks/{endpoint}").text


def test_a_form_of_another_site_changes_nothing(
    pages: TestClient, sign_in: SignIn, deliveries: Deliveries, endpoint: UUID
) -> None:
    sign_in()

    status = pages.post(f"/webhooks/{endpoint}/teste", data={"token": "x"}).status_code

    assert (status, deliveries.ready_at()) == (403, {})


def test_what_is_not_there_is_not_found(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()

    assert pages.get(f"/webhooks/{uuid4()}").status_code == 404
    assert send(pages, f"/webhooks/{uuid4()}/teste") == 404
