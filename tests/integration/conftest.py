"""The HTTP API on a real log, with callers of every role."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.access.keys import Keys
from os_events.access.tokens import Pepper
from os_events.api.app import create_app
from os_events.api.parts import Parts
from os_events.eventlog.database import ACCESS, Pool, open_pool
from os_events.eventlog.log import EventLog
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.support import NOON, UNIT, a_company

PEPPER = Pepper(bytes(32))


class Clock:
    """A clock that stands still until a test moves it."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access_pool(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url, ACCESS, 2) as connections:
        yield connections


@pytest.fixture
def api_keys(access_pool: Pool, clock: Clock) -> Keys:
    return Keys(access_pool, PEPPER, clock)


@pytest.fixture
def parts(log: EventLog, pool: Pool, api_keys: Keys, clock: Clock) -> Parts:
    return Parts(
        log=log,
        keys=api_keys,
        company=a_company(),
        views={},
        clock=clock,
        new_id=uuid4,
    )


@pytest.fixture
def api(parts: Parts) -> Iterator[TestClient]:
    """The API, and nobody who asks."""
    with TestClient(create_app(parts)) as opened:
        yield opened


@pytest.fixture
def as_role(api_keys: Keys) -> Callable[[Role], dict[str, str]]:
    """Make headers by which a person of some role is known, in the one unit."""

    def headers(role: Role) -> dict[str, str]:
        name = "integration:shop" if role is Role.INTEGRATION else str(uuid4())
        key = api_keys.new(role, Principal(Actor(id=name, role=role), frozenset({UNIT})))
        return {"Authorization": f"Bearer {key}"}

    return headers


@pytest.fixture
def client(api: TestClient, as_role: Callable[[Role], dict[str, str]]) -> TestClient:
    """The API, asked by the manager."""
    api.headers.update(as_role(Role.MANAGER))
    return api
