"""The HTTP API on a real log, with callers of every role."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr
from starlette.testclient import TestClient

from os_events.access.keys import Keys
from os_events.access.tokens import Pepper
from os_events.api.app import create_app
from os_events.api.parts import Parts
from os_events.bootstrap.databases import Admin
from os_events.bootstrap.installation import Installation
from os_events.eventlog.database import ACCESS, Pool, open_pool
from os_events.eventlog.embedded import Server
from os_events.eventlog.log import EventLog
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Follower
from os_events.followers.histories import Histories
from os_events.followers.history_tables import grouped
from os_events.followers.positions import FollowerState, all_states
from os_events.followers.read_model import ReadModel
from os_events.followers.rebuild import Source
from os_events.kpis.asking import Figures, install
from os_events.kpis.past import Past
from os_events.projections.facts import FACTS
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.lookup import Lookup, order_lookup, person_lookup
from os_events.projections.names import Names
from os_events.projections.order_board.board import OrderBoard
from os_events.settings import Settings
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.support import NOON, UNIT, a_company

AsRole = Callable[..., dict[str, str]]

HERE = frozenset({UNIT})
PEPPER = Pepper(bytes(32))
LOOKUP = bytes(32)
NUMBERS = count(1)
READ_MODELS: tuple[type[ReadModel[Any]], ...] = (OrderBoard, OrderIntervals)


class Clock:
    """A clock that stands still until a test moves it."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


def states(pool: Pool) -> list[FollowerState]:
    """Say how far the followers are."""
    with pool.connection() as connection:
        return all_states(connection)


@pytest.fixture
def admin(server: Server) -> Admin:
    """Two empty databases, and who may make anything of them."""
    log, keys = (f"given_{next(NUMBERS)}" for _ in range(2))
    server.create(log)
    server.create(keys)
    return Admin(server.admin_url(log), server.admin_url(keys))


@pytest.fixture
def settings(server: Server, admin: Admin, tmp_path: Path) -> Settings:
    """What the program is told of them: how it logs in, without a right but its roles'."""
    log, keys = (
        SecretStr(server.url(str(conninfo_to_dict(url)["dbname"])))
        for url in (admin.log, admin.keys)
    )
    return Settings(data_directory=tmp_path, database_url=log, keys_database_url=keys)


@pytest.fixture
def installation(settings: Settings, admin: Admin) -> Iterator[Installation]:
    with Installation(settings, admin) as made:
        made.databases.migrate()
        yield made


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
    lookups: list[Derivation[Any]] = [person_lookup(LOOKUP), order_lookup(LOOKUP)]
    kept = [*dict.fromkeys([*(kind.derivation for kind in READ_MODELS), *FACTS]), *lookups]
    return [Follower(log, pool, effect) for effect in grouped(log, kept)]


@pytest.fixture
def figures(pool: Pool, followers: list[Follower]) -> Figures:
    """Whom to ask for figures, over the tables that the followers keep."""
    assert followers
    with pool.connection() as connection:
        install(connection)
    return Figures(pool)


@pytest.fixture
def past(log: EventLog, pool: Pool) -> Past:
    """Where figures are to be had as they were known."""
    return Past(Source(log, pool), wait_seconds=30)


@pytest.fixture
def parts(log: EventLog, pool: Pool, api_keys: Keys, clock: Clock, past: Past) -> Parts:
    return Parts(
        log=log,
        keys=api_keys,
        company=a_company(),
        views={kind: kind(pool, 0.05) for kind in READ_MODELS},
        histories=Histories(log),
        names=Names(log),
        lookup=Lookup(pool, LOOKUP, 0.05),
        figures=Figures(pool, 0.05),
        past=past,
        followers=lambda: states(pool),
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
def as_role(api_keys: Keys) -> AsRole:
    """Make headers by which somebody of some role is known, in the one unit or in those given."""

    def headers(role: Role, units: frozenset[UUID] | None = HERE) -> dict[str, str]:
        name = "integration:shop" if role is Role.INTEGRATION else str(uuid4())
        key = api_keys.new(role, Principal(Actor(id=name, role=role), units))
        return {"Authorization": f"Bearer {key}"}

    return headers


@pytest.fixture
def client(api: TestClient, as_role: AsRole) -> TestClient:
    """The API, asked by the manager of all units."""
    api.headers.update(as_role(Role.MANAGER, None))
    return api
