"""Brokers for tests: in memory, a cluster inside librdkafka, and Apache Kafka itself."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster
from os_events.messaging.ports import Broker, TopicSpec
from tests.brokers.memory import MemoryBroker
from tests.brokers.mock import MockKafka
from tests.brokers.real import RealKafka, missing
from tests.brokers.shared import joined
from tests.folders import a_folder

THERE = os.environ.get("OS_EVENTS_TEST_KAFKA")  # noqa: TID251 - one that runs already


@dataclass(frozen=True)
class Backend:
    """A broker, and how a topic is made on it."""

    name: str
    broker: Broker
    make: Callable[[str, int], None]

    def topic(self, partitions: int = 3) -> str:
        """Make a topic of its own."""
        name = f"test.{uuid4()}"
        self.make(name, partitions)
        return name


def need_kafka() -> None:
    if reason := missing():
        pytest.skip(reason)


@pytest.fixture
def memory_broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture
def mock_kafka() -> Iterator[MockKafka]:
    """Three brokers in this process, of librdkafka."""
    with MockKafka() as cluster:
        yield cluster


@pytest.fixture
def mock_broker(mock_kafka: MockKafka) -> KafkaBroker:
    return mock_kafka.broker()


@pytest.fixture(scope="session")
def real_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    """Apache Kafka, one for the whole run: who must kill it takes ``mortal_kafka``."""
    need_kafka()
    base = tmp_path_factory.getbasetemp()
    in_several = "PYTEST_XDIST_WORKER" in os.environ  # noqa: TID251 - pytest-xdist says so
    with joined(base.parent if in_several else base) as kafka:
        yield kafka


@pytest.fixture
def real_broker(request: pytest.FixtureRequest) -> KafkaBroker:
    """Apache Kafka; the one that ``OS_EVENTS_TEST_KAFKA`` names, if it does."""
    brokers = THERE or request.getfixturevalue("real_kafka").brokers
    return KafkaBroker(Cluster(brokers, session_seconds=6.0))


@pytest.fixture
def mortal_kafka() -> Iterator[RealKafka]:
    """Apache Kafka for one test, that may do with it what it likes."""
    need_kafka()
    with a_folder() as folder:
        kafka = RealKafka(folder, session=4_000)
        kafka.make()
        kafka.start()
        yield kafka
        kafka.go_on()
        kafka.stop()


def on_real(broker: KafkaBroker) -> Callable[[str, int], None]:
    def make(name: str, partitions: int) -> None:
        admin = broker.admin()
        admin.create(TopicSpec(name, partitions, 1))
        admin.close()

    return make


@pytest.fixture(params=["memory", "mock", "real"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each of the three brokers in turn."""
    return asked_for(request)


@pytest.fixture(params=["memory", "real"])
def group_backend(request: pytest.FixtureRequest) -> Backend:
    """Those two that keep groups.

    librdkafka's mock refuses members at times, for good: the SyncGroup of a follower that comes
    after its leader's (error 42), or it never gives anybody anything.
    """
    return asked_for(request)


def asked_for(request: pytest.FixtureRequest) -> Backend:
    broker: Any = request.getfixturevalue(f"{request.param}_broker")
    if request.param == "mock":
        return Backend("mock", broker, request.getfixturevalue("mock_kafka").topic)
    return Backend(
        request.param, broker, broker.topic if request.param == "memory" else on_real(broker)
    )


@pytest.fixture
def broker(backend: Backend) -> Broker:
    return backend.broker


@pytest.fixture
def group_broker(group_backend: Backend) -> Broker:
    return group_backend.broker


@pytest.fixture
def topic(backend: Backend) -> str:
    """A topic of three partitions that nobody else uses."""
    return backend.topic()


@pytest.fixture
def group_topic(group_backend: Backend) -> str:
    """A topic like that, on a broker that keeps groups."""
    return group_backend.topic()
