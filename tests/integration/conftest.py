"""The HTTP API on a real log, with callers of every role."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.access.keys import Keys
from os_events.access.tokens import Pepper
from os_events.api.app import create_app
from os_events.api.parts import Parts
from os_events.eventlog.database import ACCESS, Pool, open_pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.histories import Histories
from os_events.followers.history_tables import grouped
from os_events.followers.positions import FollowerState, all_states
from os_events.followers.read_model import ReadModel
from os_events.projections.lookup import Lookup, order_lookup, person_lookup
from os_events.projections.names import Names
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_intervals import OrderIntervals
from os_events.projections.order_view.view import OrderView
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.support import NOON, UNIT, a_company

PEPPER = Pepper(bytes(32))
LOOKUP = bytes(32)
READ_MODELS: tuple[type[ReadModel[Any]], ...] = (OrderBoard, OrderView, OrderIntervals)


class Clock:
    """A clock that stands still until a test moves it."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


def deliver(followers: list[Follower]) -> None:
    """When: everything that is on record has reached the read models."""
    for follower in followers:
        while follower.step():
            pass


def states(followers: list[Follower]) -> list[FollowerState]:
    """Say how far the followers are."""
    with followers[0].pool.connection() as connection:
        return all_states(connection)


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
def followers(log: EventLog, pool: Pool) -> list[Follower]:
    """What keeps the tables that the API asks."""
    kept = [kind.derivation for kind in READ_MODELS]
    lookups = [person_lookup(LOOKUP), order_lookup(LOOKUP)]
    return [Follower(log, pool, effect) for effect in grouped(log, [*kept, *lookups])]


@pytest.fixture
def parts(
    log: EventLog, pool: Pool, api_keys: Keys, clock: Clock, followers: list[Follower]
) -> Parts:
    return Parts(
        log=log,
        keys=api_keys,
        company=a_company(),
        views={kind: kind(pool, 0.05) for kind in READ_MODELS},
        histories=Histories(log),
        names=Names(log),
        lookup=Lookup(pool, LOOKUP, 0.05),
        followers=lambda: states(followers),
        checkpoint=lambda: None,
        history_file=lambda order_id: str(order_id).encode(),
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
