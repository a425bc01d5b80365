"""What an integrator sees who uses Kafka's own tools and has never heard of us."""

import json
import subprocess
from contextlib import closing
from uuid import uuid4

import pytest

from os_events.eventlog.log import EventLog
from os_events.messaging.ports import TopicSpec
from tests.brokers.real import LONGEST, MEMORY, TOOLS, RealKafka, java
from tests.publishers import a_publisher, begun, publish
from tests.views import a_life


@pytest.fixture
def topic(real_kafka: RealKafka) -> str:
    name = f"test.{uuid4()}"
    with closing(real_kafka.broker().admin()) as admin:
        admin.create(TopicSpec(name, 3, 1))
    return name


def consumed(brokers: str, topic: str, count: int) -> list[tuple[dict[str, str], str, str]]:
    """Read with the console consumer; give headers, key and value of each record."""
    told = subprocess.run(
        java(
            "org.apache.kafka.tools.consumer.ConsoleConsumer",
            *("--bootstrap-server", brokers, "--topic", topic, "--from-beginning"),
            *("--max-messages", str(count), "--timeout-ms", "60000"),
            *("--formatter-property", "print.key=true"),
            *("--formatter-property", "print.headers=true"),
            jars=TOOLS,
            options=MEMORY,
        ),
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST,
    )
    return [read(line) for line in told.stdout.splitlines() if line.startswith("ce_")]


def read(line: str) -> tuple[dict[str, str], str, str]:
    headers, key, value = line.split("\t")
    named = dict(one.split(":", 1) for one in headers.split(","))
    return named, key, value


def test_the_console_consumer_of_kafka_reads_an_order_event_by_event(
    log: EventLog, database_url: str, real_kafka: RealKafka, topic: str
) -> None:
    begun(log)
    log.record_now(a_life())
    publish(a_publisher(log, database_url, real_kafka.broker(), topic), database_url)
    with closing(real_kafka.broker().reader(real_kafka.broker().partitions(topic))) as reader:
        count = sum(reader.end_offsets(real_kafka.broker().partitions(topic)).values())

    read = consumed(real_kafka.brokers, topic, count)

    order = read[0][1]
    of_order = [(headers, value) for headers, key, value in read if key == order]
    sequence = [int(headers["ce_sequence"]) for headers, _ in of_order]
    assert len(read) == count > 3
    assert sequence == sorted(set(sequence))
    assert {headers["ce_specversion"] for headers, _ in of_order} == {"1.0"}
    assert {headers["content-type"] for headers, _ in of_order} == {"application/json"}
    assert all(headers["ce_id"] == f"{order}:{headers['ce_sequence']}" for headers, _ in of_order)
    assert all(json.loads(value) for _, value in of_order)
