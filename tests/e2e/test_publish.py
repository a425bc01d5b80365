"""The publishers of a running program, from outside: Kafka is away, and Kafka is there."""

import subprocess

import pytest

from tests.brokers.real import RealKafka, free_ports
from tests.e2e.processes import child, in_time
from tests.e2e.programs import Program, running
from tests.publishers import by_key, held

BROKERS = "OS_EVENTS_KAFKA_BROKERS"
TOPIC = "os.order.events.v1"


def status(program: Program) -> str:
    """When: somebody asks how far topics are."""
    return program.ask("publisher", "status")


def test_kafka_that_is_away_keeps_nothing_from_starting_and_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(BROKERS, f"127.0.0.1:{free_ports(1)[0]}")

    with running() as program:
        named = in_time(lambda: "broker-unavailable" in status(program))
        with pytest.raises(subprocess.CalledProcessError) as unwell:
            program.ask("status")

    assert named
    assert unwell.value.returncode == 8
    assert program.process.returncode == 0


def test_what_the_sample_records_is_published_and_may_be_sent_again(
    monkeypatch: pytest.MonkeyPatch, mortal_kafka: RealKafka
) -> None:
    monkeypatch.setenv(BROKERS, mortal_kafka.brokers)
    monkeypatch.setenv("OS_EVENTS_KAFKA_REPLICATION", "1")
    broker = mortal_kafka.broker()

    with running(empty=False) as program:
        program.ask("kafka", "topics", "apply")
        well = in_time(lambda: "well" in status(program))
        once = held(broker, TOPIC)
        program.ask("publisher", "republish", "--from", "1")
        again = in_time(lambda: len(held(broker, TOPIC)) == 2 * len(once))
        publisher = child(program, "publish")
        with pytest.raises(subprocess.CalledProcessError) as nobody_waits:
            program.ask("publisher", "skip", TOPIC, "--position", "1", "--reason", "por engano")

    assert (well, again) == (True, True)
    assert len(once) > 100
    assert all(ids == sorted(ids, key=version) for ids in by_key(once).values())
    assert publisher
    assert nobody_waits.value.returncode == 6


def version(event_id: str) -> int:
    return int(event_id.partition(":")[2])
