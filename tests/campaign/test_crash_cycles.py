"""The whole tree is killed under load, again and again; then everything that was told is looked up.

The same with three planted defects, each of which must be found.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import psycopg
import pytest

from os_events.bootstrap.installation import Installation
from os_events.settings import Settings
from tests.campaign.acknowledged import Fact, violations
from tests.campaign.writers import Client, writing
from tests.e2e.processes import ask, kill_tree
from tests.e2e.programs import Program, running

CYCLES, CYCLES_WITH_DEFECT = 50, 8
CLIENTS = 4
DEFECTS = Path(__file__).parent / "defects"
ASYNCHRONOUS = """DO $$ BEGIN EXECUTE replace(
    pg_get_functiondef('log.append'::regproc), '''synchronous_commit'', ''on''',
    '''synchronous_commit'', ''off'''); END $$"""


@pytest.fixture
def data() -> Iterator[Path]:
    with TemporaryDirectory(prefix="os-events-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "data"


def clients_of(program: Program, data: Path) -> list[Client]:
    """Given: some clients, a customer, and a unit of the sample company."""
    key = program.ask("keys", "new", "--role", "manager", "--quiet").strip()
    body = {"relations": ["customer"], "name": "Maria"}
    _, registered = ask(program, "/persons", key, body)
    customer = str(registered["aggregate_id"])
    unit = str(Installation(Settings(data_directory=data)).company.units[0].id)
    return [Client(key, unit, customer) for _ in range(CLIENTS)]


def killed_under_load(data: Path, cycles: int, seed: int) -> list[Client]:
    """When: started, written to, killed, so many times; then once more, and stopped."""
    chance = Random(seed)  # noqa: S311 - which moments, no secrets
    clients: list[Client] = []
    for _ in range(cycles):
        with running(data) as program:
            clients = clients or clients_of(program, data)
            with writing(clients, program.port):
                Event().wait(chance.uniform(0.3, 1.5))
                kill_tree(program, data)
    with running(data) as program, writing(clients, program.port):
        Event().wait(0.5)
    return clients


def found_wrong(data: Path, clients: list[Client]) -> list[str]:
    """Then: name what is not as it was told, and views that are not equal to their rebuild."""
    settings = Settings(data_directory=data, allow_root=True)
    with Installation(settings) as installation:
        log = installation.log
        facts = [
            Fact(e.position, e.aggregate_id, e.version, e.correlation_id, e.recorded_at)
            for e in log.read(0, log.head())
        ]
        told = [command for client in clients for command in client.told]
        wrong = violations(told, facts)
        for follower in installation.followers():
            while follower.step():
                pass
        live = digests(installation)
        installation.rebuild().run()
        rebuilt = digests(installation)
    outcomes = [command.outcome for command in told]
    print(f"{outcomes.count('ok')} acknowledged, {outcomes.count('unknown')} unknown")
    return wrong + [
        f"{view} is not equal to its rebuild" for view in live if live[view] != rebuilt[view]
    ]


def digests(installation: Installation) -> dict[str, Any]:
    """Digest the rows of every view."""
    admin = installation.databases.superuser.log
    with psycopg.connect(admin) as connection:
        return {
            one.name: connection.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM read.{one.name} t"  # noqa: S608 - our own names
            ).fetchone()
            for one in installation.derivations
        }


def plant(admin_url: str) -> None:
    """Given: a function that tells before what it tells is on disk."""
    with psycopg.connect(admin_url) as connection:
        connection.execute(ASYNCHRONOUS)


def test_nothing_that_was_acknowledged_is_lost_doubled_or_out_of_order(data: Path) -> None:
    clients = killed_under_load(data, CYCLES, seed=1)

    assert found_wrong(data, clients) == []


@pytest.mark.parametrize(
    ("defect", "told"),
    [
        ("keys_ignored", "is there 2 times"),
        ("position_first", "is not equal to its rebuild"),
    ],
)
def test_a_defect_in_the_program_is_found(
    data: Path, defect: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(DEFECTS / defect))

    clients = killed_under_load(data, CYCLES_WITH_DEFECT, seed=2)

    assert told in "; ".join(found_wrong(data, clients))


def test_an_append_that_does_not_wait_for_the_disk_is_found(data: Path) -> None:
    with running(data):
        pass
    with Installation(Settings(data_directory=data, allow_root=True)) as installation:
        plant(installation.databases.superuser.log)

    clients = killed_under_load(data, CYCLES_WITH_DEFECT, seed=3)

    assert "was acknowledged at" in "; ".join(found_wrong(data, clients))
