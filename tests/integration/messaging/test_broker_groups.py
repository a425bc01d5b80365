"""Members of a group that are frozen, killed, or come back, in processes of their own."""

import pytest

from os_events.messaging.kafka_client.broker import KafkaBroker
from tests.brokers.asking import SOON
from tests.brokers.fixtures import Backend
from tests.brokers.member import member

SESSION, LONG = "5.0", "60.0"
THEN = 2 * SOON  # seconds: a process has to begin, and a session to end


@pytest.fixture
def words(backend: Backend) -> list[str]:
    """Given: what a member must be told, on a broker with real sockets."""
    assert isinstance(backend.broker, KafkaBroker)
    topic = backend.topic(3)
    return [backend.broker.cluster.brokers, f"group of {topic}", topic, SESSION, backend.name]


on_kafka = pytest.mark.parametrize("backend", ["real"], indirect=True)


@on_kafka
def test_who_is_frozen_loses_its_partitions_and_hears_of_it(words: list[str]) -> None:
    with member(*words) as frozen:
        had = frozen.hears("Assigned", THEN)
        with member(*words) as other:
            first = other.hears("Assigned", THEN)
            frozen.freeze()
            then = other.hears("Assigned", THEN)
            frozen.go_on()
            lost = frozen.hears("Lost", THEN)

    assert had == [0, 1, 2]
    assert sorted([*first, *then]) == [0, 1, 2]
    assert lost == then


@on_kafka
def test_who_is_killed_is_missed_after_its_session(words: list[str]) -> None:
    with member(*words) as killed:
        killed.hears("Assigned", THEN)
        killed.kill()
        with member(*words) as other:
            given = other.hears("Assigned", THEN)

    assert given == [0, 1, 2]


@on_kafka
def test_who_comes_back_under_its_name_has_its_partitions_again_at_once(words: list[str]) -> None:
    words[3] = LONG
    with member(*words, "station") as first:
        first.hears("Assigned", THEN)
        first.kill()

    with member(*words, "station") as again:
        given = again.hears("Assigned", 0.75 * float(LONG))

    assert given == [0, 1, 2]
