"""A publisher that is killed when Kafka has acknowledged, and the position is not stored."""

import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from os_events.eventlog.log import EventLog
from os_events.messaging.kafka_client.broker import KafkaBroker
from tests.brokers.fixtures import on_real
from tests.publishers import a_publisher, begun, by_key, expected, held, place_of, publish
from tests.views import a_life

ROOT = Path(__file__).parents[2]
VICTIM = [sys.executable, "-m", "tests.publishers_victim"]


@pytest.fixture
def topic_there(real_broker: KafkaBroker) -> str:
    """Given: a topic on Apache Kafka."""
    name = f"test.{uuid4()}"
    on_real(real_broker)(name, 3)
    return name


def killed(failpoint: str, *words: str) -> int:
    """When: a publisher dies at a failpoint; give its exit status."""
    environment = {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "OS_EVENTS_FAILPOINTS": f"{failpoint}=kill",
    }
    died = subprocess.run([*VICTIM, *words], env=environment, check=False, timeout=60)
    return died.returncode


@pytest.mark.parametrize("batch", ["7", "500"])
def test_the_next_publisher_finds_what_was_acknowledged_and_sends_none_of_it_again(
    log: EventLog, database_url: str, real_broker: KafkaBroker, topic_there: str, batch: str
) -> None:
    begun(log)
    log.record_now(a_life())
    brokers = real_broker.cluster.brokers

    status = killed("publisher.acked", database_url, brokers, topic_there, "0", batch)
    in_doubt = place_of(database_url, topic_there)
    landed = len(held(real_broker, topic_there))
    publish(a_publisher(log, database_url, real_broker, topic_there), database_url)

    assert status == -signal.SIGKILL
    assert in_doubt
    assert (in_doubt.position, in_doubt.clean) == (0, False)
    assert landed > 0
    assert by_key(held(real_broker, topic_there)) == expected(log)
