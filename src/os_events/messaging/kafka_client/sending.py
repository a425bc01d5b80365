"""A producer of kafka-python."""

import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError

from os_events.messaging.kafka_client.cluster import Cluster, client, translated
from os_events.messaging.ports import BrokerUnavailableError
from os_events.messaging.records import Outgoing

ALL_IN_SYNC = -1
SELDOM = 10.0  # seconds between two lines that say the same
SENDING: Mapping[str, Any] = {
    "acks": "all",
    "enable_idempotence": True,
    "retries": float("inf"),
    "delivery_timeout_ms": 600_000,
    "linger_ms": 5,
    "batch_size": 131_072,
    "compression_type": "lz4",
    "max_in_flight_requests_per_connection": 5,
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}


class Seldom(logging.Filter):
    """Lets the same line through now and then: a client that stalls says it in a busy loop."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line is told."""
        now, before = monotonic(), self.said.get(record.msg)
        if before is not None and now - before < SELDOM:
            return False
        self.said[record.msg] = now
        return True


logging.getLogger("kafka.producer.sender").addFilter(Seldom())


def producer(cluster: Cluster) -> "KafkaSender":
    """Make one. Raises BrokerUnavailableError."""
    block = int(cluster.request_seconds * 1000)
    told = {**cluster.config(), **SENDING, "max_block_ms": block}
    return KafkaSender(client(KafkaProducer, told))


class KafkaAck:
    """The promise of an acknowledgement."""

    def __init__(self, future: Any) -> None:
        self.future = future

    def wait(self, seconds: float) -> tuple[int, int]:
        """Give partition and offset. Raises BrokerUnavailableError."""
        with translated("no acknowledgement"):
            sent = self.future.get(timeout=seconds)
        return sent.partition, sent.offset


class KafkaSender:
    """Sends records. Raises BrokerUnavailableError where they would not be safe."""

    def __init__(self, producer: Any) -> None:
        self.producer = producer
        told = producer.config
        if not told["enable_idempotence"] or told["acks"] != ALL_IN_SYNC:
            self.close(0)
            raise BrokerUnavailableError("these brokers know no idempotent producers")

    def send(self, record: Outgoing) -> KafkaAck:
        """Send in the background. Raises BrokerUnavailableError."""
        headers = list(record.headers)
        with translated(f"sending to {record.topic}"):
            return KafkaAck(self.producer.send(record.topic, record.value, record.key, headers))

    def close(self, seconds: float) -> None:
        """Let go; what is not acknowledged by then is in doubt."""
        try:
            self.producer.close(timeout=seconds)
        except KafkaTimeoutError:  # it would go on sending
            self.producer._sender.force_close()  # noqa: SLF001 - its close() gives up before this
