"""The pages beside the API, and people who sign in."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.access.keys import Keys
from os_events.access.sessions import Sessions
from os_events.access.tokens import id_of
from os_events.api.app import create_app
from os_events.api.parts import Parts
from os_events.console import parts as console
from os_events.console.app import create_console
from os_events.eventlog.database import MESSENGER, Pool, open_pool
from os_events.eventlog.kek import Kek
from os_events.followers.follower import Follower
from os_events.kpis.asking import Figures
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.deliveries import Deliveries
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.projections.order_board.board import OrderBoard
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.asking import deliver, opened
from tests.integration.conftest import HERE, PEPPER, Clock
from tests.lives import lived

SignIn = Callable[..., None]
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def sessions(access_pool: Pool, clock: Clock) -> Sessions:
    return Sessions(access_pool, PEPPER, clock)


@pytest.fixture
def messenger(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url, MESSENGER, 2) as connections:
        yield connections


@pytest.fixture
def endpoints(messenger: Pool, clock: Clock) -> Endpoints:
    return Endpoints(messenger, Kek(bytes(32)), Gate(development=True), clock)


@pytest.fixture
def deliveries(messenger: Pool, clock: Clock) -> Deliveries:
    return Deliveries(messenger, clock)


@pytest.fixture
def webhooks(endpoints: Endpoints, deliveries: Deliveries) -> dict[str, Any]:
    """What the page of webhooks is made of."""
    return {"endpoints": endpoints, "deliveries": deliveries}


@pytest.fixture
def pages(
    parts: Parts, api_keys: Keys, sessions: Sessions, pool: Pool, webhooks: dict[str, Any]
) -> Iterator[TestClient]:
    """The pages beside the API, and nobody who is signed in."""
    board = parts.views[OrderBoard]
    assert isinstance(board, OrderBoard)
    found = console.Parts(
        company=parts.company,
        keys=api_keys,
        sessions=sessions,
        log=parts.log,
        board=board,
        histories=parts.histories,
        names=parts.names,
        lookup=parts.lookup,
        figures=Figures(pool),
        past=parts.past,
        **webhooks,
        history_file=parts.history_file,
        clock=parts.clock,
    )
    with TestClient(create_app(parts, pages=create_console(found))) as browser:
        yield browser


@pytest.fixture
def sign_in(pages: TestClient, api_keys: Keys, sessions: Sessions) -> SignIn:
    """When: somebody with some role signs in, in the one unit or elsewhere."""

    def enter(role: Role = Role.MANAGER, **where: object) -> None:
        units = where.get("units", HERE)
        holder = Principal(Actor(id=str(uuid4()), role=role), units)  # type: ignore[arg-type]  # as told
        link = sessions.new_link(id_of(api_keys.new("Marina", holder)))
        pages.get("/entrar", params={"link": link})

    return enter


@pytest.fixture
def told_whole(client: TestClient, clock: Clock, followers: list[Follower]) -> str:
    """Given: an order from its opening to its end; give its page."""
    place = opened(client)
    lived(client, place, "closings", lambda: clock.pass_by(hours=1))
    deliver(followers)
    return page_of(place)


def page_of(place: str) -> str:
    """Say where the page of an order is."""
    return place.replace("/service-orders/", "/os/")


def token_in(page: str) -> str:
    """Read what a form brings back."""
    found = TOKEN.search(page)
    assert found
    return found[1]
