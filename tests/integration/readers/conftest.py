"""A reader's database for each test that wants one."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from os_events.eventlog.embedded import Server
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import migrate
from os_events.messaging.readers.schema import reader_migrations
from tests.brokers.memory import MemoryBroker
from tests.readers import Field

TOPIC = "test.log"


@pytest.fixture(scope="session")
def reader_template(server: Server) -> str:
    name = "empty_reader"
    server.create(name)
    migrate(server.admin_url(name), reader_migrations())
    return name


@pytest.fixture
def reader_name(server: Server, reader_template: str, database_name: str) -> Iterator[str]:
    name = f"{database_name}_reader"
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {reader_template}")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def reader_url(server: Server, reader_name: str) -> str:
    return server.url(reader_name)


@pytest.fixture
def field(
    log: EventLog, database_url: str, memory_broker: MemoryBroker, reader_url: str
) -> Iterator[Field]:
    """A log with its topic in memory, and a reader that was never filled."""
    memory_broker.topic(TOPIC, 3)
    with ExitStack() as house:
        yield Field(log, database_url, memory_broker, TOPIC, reader_url, house)
