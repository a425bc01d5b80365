"""The cluster of brokers inside librdkafka: real sockets, up in milliseconds, fails when told to.

It moves no leaders by itself, deduplicates nothing and knows no administrators. A rebalance takes a
second less than a session, and who joins may be refused a few times before (42): poll again.
"""

import ctypes as c
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import confluent_kafka

from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster

PRODUCE, FETCH = 0, 1
POINTER, INT = c.c_void_p, c.c_int32
FUNCTIONS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("conf_new", POINTER, ()),
    ("new", POINTER, (c.c_int, POINTER, c.c_char_p, c.c_size_t)),
    ("destroy", None, (POINTER,)),
    ("mock_cluster_new", POINTER, (POINTER, c.c_int)),
    ("mock_cluster_destroy", None, (POINTER,)),
    ("mock_cluster_bootstraps", c.c_char_p, (POINTER,)),
    ("mock_topic_create", c.c_int, (POINTER, c.c_char_p, c.c_int, c.c_int)),
    ("mock_group_initial_rebalance_delay_ms", None, (POINTER, INT)),
    ("mock_broker_set_down", c.c_int, (POINTER, INT)),
    ("mock_broker_set_up", c.c_int, (POINTER, INT)),
    ("mock_broker_set_rtt", c.c_int, (POINTER, INT, c.c_int)),
    ("mock_partition_set_leader", c.c_int, (POINTER, c.c_char_p, INT, INT)),
    (
        "mock_push_request_errors_array",
        None,
        (POINTER, c.c_int16, c.c_size_t, c.POINTER(c.c_int)),
    ),
)


def library() -> c.CDLL:
    """Load the library that the wheel brings along. Upstream calls this interface experimental."""
    beside = Path(confluent_kafka.__file__).parents[1] / "confluent_kafka.libs"
    (file,) = beside.glob("librdkafka-*.so*")
    loaded = c.CDLL(str(file))
    for name, answer, told in FUNCTIONS:
        function = getattr(loaded, f"rd_kafka_{name}")
        function.restype, function.argtypes = answer, told
    return loaded


class MockKafka:
    """A cluster of brokers in this process."""

    def __init__(self, brokers: int = 3) -> None:
        self.library = library()
        complaint = c.create_string_buffer(512)
        configuration = self.call("conf_new")
        self.client = self.call("new", 0, configuration, complaint, 512)
        self.cluster = self.call("mock_cluster_new", self.client, brokers)
        self.call("mock_group_initial_rebalance_delay_ms", self.cluster, 100)
        self.brokers: str = self.call("mock_cluster_bootstraps", self.cluster).decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.call("mock_cluster_destroy", self.cluster)
        self.call("destroy", self.client)

    def call(self, name: str, *told: Any) -> Any:
        return getattr(self.library, f"rd_kafka_{name}")(*told)

    def broker(self, request_seconds: float = 3.0) -> KafkaBroker:
        """Give it as our program sees it."""
        cluster = Cluster(
            self.brokers, session_seconds=1.5, request_seconds=request_seconds, api_version=(2, 3)
        )
        return KafkaBroker(cluster)

    def topic(self, name: str, partitions: int) -> None:
        assert self.call("mock_topic_create", self.cluster, name.encode(), partitions, 1) == 0

    def fail_next(self, request: int, *codes: int) -> None:
        """Let the next requests fail: 6 not the leader, 7 too late, 19 too few replicas."""
        array = (c.c_int * len(codes))(*codes)
        self.call("mock_push_request_errors_array", self.cluster, request, len(codes), array)

    def lead(self, topic: str, partition: int, broker: int) -> None:
        """Make a broker the leader of a partition; they are numbered from 1."""
        self.call("mock_partition_set_leader", self.cluster, topic.encode(), partition, broker)

    def slow(self, milliseconds: int, broker: int = 1) -> None:
        """Let each answer of a broker take so long."""
        self.call("mock_broker_set_rtt", self.cluster, broker, milliseconds)

    def down(self, broker: int = 1) -> None:
        self.call("mock_broker_set_down", self.cluster, broker)

    def up(self, broker: int = 1) -> None:
        self.call("mock_broker_set_up", self.cluster, broker)
