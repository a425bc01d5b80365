"""A hundred restores of older backups, each refused until somebody says that the log goes on."""

from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr

from os_events.bootstrap.databases import Admin
from os_events.eventlog.embedded import Server
from os_events.settings import Settings
from tests.restores import Drilled, House, drill

ROUNDS = 100


@pytest.fixture
def house(server: Server, tmp_path: Path) -> House:
    """An empty installation."""
    server.create("drilled")
    server.create("drilled_keys")
    admin = Admin(server.admin_url("drilled"), server.admin_url("drilled_keys"))
    log, keys = (SecretStr(server.url(name)) for name in ("drilled", "drilled_keys"))
    house = House(
        Settings(data_directory=tmp_path, database_url=log, keys_database_url=keys), admin
    )
    with house.started() as found:
        found.databases.migrate()
    return house


def test_a_hundred_restores_in_a_row_are_refused_and_made_good(house: House) -> None:
    chance = Random(7)  # noqa: S311 - repeatable

    rounds = [drill(house, chance) for _ in range(ROUNDS)]

    assert rounds == [Drilled("log-shorter-than-signed", None, audited=True)] * ROUNDS
