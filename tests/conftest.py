"""A database for each test that wants one; a marker for each folder; nothing skipped in silence."""

import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

from os_events.access.keys import access_migrations
from os_events.eventlog import database
from os_events.eventlog.embedded import Server
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import keys_migrations, log_migrations, migrate
from os_events.messaging.schema import messaging_migrations
from tests.folders import a_folder
from tests.older import older_server

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

pytest_plugins = ["tests.brokers.fixtures"]

NUMBERS = count(1)
TIERS = Path(__file__).parent
ENVIRONMENT = os.environ  # noqa: TID251 - what the person who runs the tests asks for
PG = ENVIRONMENT.get("PG")  # an older version of PostgreSQL to test on
REQUIRE_ALL = ENVIRONMENT.get("OS_EVENTS_REQUIRE_ALL") == "1"
ENVIRONMENT.setdefault("OS_EVENTS_ALLOW_ROOT", "1")  # for the programs that tests start


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--data", type=Path, help="a folder of data, for tests/campaign")
    parser.addoption("--requests", type=int, default=10_000, help="how many, for test_intake there")
    parser.addoption("--seed", type=int, default=1, help="of what chance decides, likewise")


def pytest_report_header() -> list[str]:
    as_root = "as root: the embedded server runs as a user of the system"
    on = f"on PostgreSQL {PG}, not the embedded one"
    return [*([as_root] if os.geteuid() == 0 else []), *([on] if PG else [])]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder says what a test needs; its author cannot forget to."""
    for item in items:
        tier = item.path.relative_to(TIERS).parts[0]
        item.add_marker(getattr(pytest.mark, tier))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return required((yield))


def required(report: Report) -> Report:
    """Where everything must be there, what is skipped has failed."""
    if REQUIRE_ALL and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"not run, and everything must be: {reason(report)}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run, and what it takes."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(reason(report).removeprefix("Skipped: ") for report in skipped)
    for why, times in sorted(reasons.items()):
        terminalreporter.write_line(f"not run: {times} × {why}", yellow=True)


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory for an embedded server."""
    with a_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One embedded server; its database ``empty`` has the schema and is copied for each test."""
    with a_folder() as outer:
        folder = outer / "data"
        with older_server(folder, PG) if PG else Server(folder, allow_root=True) as running:
            running.create("empty")
            log = [*log_migrations(), *access_migrations(), *messaging_migrations()]
            all_of_them = [*log, *keys_migrations()]
            migrate(running.admin_url("empty"), all_of_them)
            yield running


@pytest.fixture
def database_name(server: Server) -> Iterator[str]:
    """A database of one's own, with the schema and nothing in it."""
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE empty")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(server: Server, database_name: str) -> str:
    """Its address for the program. Data keys are in it too: one database less a test."""
    return server.url(database_name)


@pytest.fixture
def admin_url(server: Server, database_name: str) -> str:
    """Its address for a superuser: what an intruder could do, and migrations must."""
    return server.admin_url(database_name)


@pytest.fixture
def keys(database_url: str) -> Iterator[KeyRing]:
    """An empty ring of data keys."""
    with closing(KeyRing(database_url, Kek(bytes(32)))) as ring:
        yield ring


@pytest.fixture
def log(database_url: str, keys: KeyRing) -> Iterator[EventLog]:
    """An empty event log."""
    with EventLog(database_url, keys) as event_log:
        yield event_log


@pytest.fixture
def pool(database_url: str) -> Iterator[database.Pool]:
    """Connections for followers."""
    with database.open_pool(database_url, database.FOLLOWER, 4) as connections:
        yield connections
