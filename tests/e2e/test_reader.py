"""A reader by its commands, as somebody sets it up on another machine."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from os_events.eventlog.database import FIGURES, connect
from os_events.eventlog.embedded import Server
from tests.brokers.real import RealKafka
from tests.e2e.kafka import beside
from tests.e2e.processes import in_time
from tests.e2e.programs import Program, running

NAME = "os_events_bi"


@pytest.fixture
def elsewhere(server: Server) -> Iterator[str]:
    """An empty database on another server."""
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
        yield NAME
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def status(program: Program) -> dict[str, Any]:
    """When: somebody asks how far it is."""
    found: dict[str, Any] = json.loads(program.ask("reader", "status", "--json"))
    return found


def head(program: Program) -> int:
    told = program.ask("status").splitlines()[0]
    return int(told.split()[1])


def test_a_reader_is_made_filled_and_kept_by_its_commands(
    monkeypatch: pytest.MonkeyPatch, mortal_kafka: RealKafka, server: Server, elsewhere: str
) -> None:
    monkeypatch.setenv("OS_EVENTS_KAFKA_BROKERS", mortal_kafka.brokers)
    monkeypatch.setenv("OS_EVENTS_KAFKA_REPLICATION", "1")
    monkeypatch.setenv("OS_EVENTS_KAFKA_TOPICS", '["os.log.v1"]')
    monkeypatch.setenv("OS_EVENTS_READER_DATABASE_URL", server.url(elsewhere))
    monkeypatch.setenv("OS_EVENTS_READER_NAME", "bi")

    with running(empty=False) as program:
        program.ask("kafka", "topics", "apply")
        migrated = program.ask("reader", "migrate", "--admin-url", server.admin_url(elsewhere))
        with pytest.raises(subprocess.CalledProcessError) as unfilled:
            program.ask("reader", "run")
        filled = program.ask("reader", "fill")
        data = Path(program.environment["OS_EVENTS_DATA_DIRECTORY"])
        with beside(data, "reader", "run") as worker:
            program.ask("keys", "new", "--role", "technician", "--name", "João Lima")
            caught_up = in_time(lambda: status(program)["position"] == head(program))
        checked = program.ask("reader", "check")

    with connect(server.url(elsewhere), FIGURES) as dashboard:
        [(figures,)] = dashboard.execute("SELECT count(*) FROM bi.figures").fetchall()
    assert migrated == "ran reader/0001_reader\n"
    assert unfilled.value.returncode == 8
    assert "reader bi filled from the log up to position" in filled
    assert caught_up
    assert worker.returncode == 0
    assert "all of them as in the log" in checked
    assert figures > 20
