"""What Kafka costs: events published and consumed a second, and the lag from commit to a consumer.

Apache Kafka, PostgreSQL, the publisher and whoever measures share the processors. The same client
sends and reads the same records beside it, without log and position.

Run: make bench
"""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple

from os_events.bootstrap.databases import migrations
from os_events.eventlog.database import MESSENGER, connect
from os_events.eventlog.embedded import Server
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import keys_migrations, migrate
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.order_events import ORDER_EVENTS, OrderEvents
from os_events.messaging.ports import Broker
from os_events.messaging.published import Published
from os_events.messaging.readers.schema import reader_migrations
from os_events.messaging.records import Outgoing
from os_events.messaging.stored import LOG
from tests.benchmark.read_models import A_SECOND, fill, reached, trickle
from tests.benchmark.report import QUICK, report
from tests.brokers.fixtures import on_real
from tests.brokers.real import RealKafka, missing
from tests.campaign.publishing import publishes, victim
from tests.folders import a_folder
from tests.publishers import ORIGIN, begun
from tests.readers import Field

ORDERS = 500 if QUICK else 5_000  # of twenty-one facts each
PARTITIONS = 12
BARE = "bench.bare"
AT_ONCE = 500  # records sent, and then waited for, as the publisher does
MOST = 2_000  # records a poll
PATIENCE = 60.0  # seconds
SETTLE = "0"


class Shop(NamedTuple):
    """A log, where it and a reader's database are, and a broker."""

    log: EventLog
    url: str
    field: Field
    kafka: RealKafka
    broker: Broker
    folder: Path


@contextmanager
def a_shop() -> Iterator[Shop]:
    """Start everything, and fill the log; the reader has had the first event only."""
    with ExitStack() as house:
        folder = house.enter_context(a_folder())
        kafka = RealKafka(folder)
        kafka.make()
        kafka.start()
        house.callback(kafka.stop)
        broker = kafka.broker()
        for topic in (ORDER_EVENTS, LOG, BARE):
            on_real(broker)(topic, PARTITIONS)
        server = house.enter_context(Server(folder / "data", allow_root=True))
        for name, schema in (
            ("bench", [*migrations(), *keys_migrations()]),
            ("reader", reader_migrations()),
        ):
            server.create(name)
            migrate(server.admin_url(name), schema)
        url = server.url("bench")
        log = house.enter_context(reached(url)).log
        begun(log)
        field = Field(log, url, broker, LOG, server.url("reader"), house)
        field.fill()
        asyncio.run(fill(log, ORDERS))
        yield Shop(log, url, field, kafka, broker, folder)


def bare_sends(shop: Shop) -> float:
    """Send the records of the whole log, and do nothing else; give records a second."""
    feed = OrderEvents(shop.log, BARE)
    entries = feed.entries(0, shop.log.head(), Chronicle((1,), (ORIGIN,)))
    records: list[Outgoing] = [entry.record for entry in entries if entry.record]
    producer = shop.broker.producer()
    began = perf_counter()
    for first in range(0, len(records), AT_ONCE):
        acks = [producer.send(one) for one in records[first : first + AT_ONCE]]
        for ack in acks:
            ack.wait(PATIENCE)
    took = perf_counter() - began
    producer.close(PATIENCE)
    return len(records) / took


def published(shop: Shop, topic: str) -> float:
    """Let a publisher publish the whole log; give positions a second, from its lease on."""
    output, head = shop.folder / topic, shop.log.head()
    words = (shop.url, shop.kafka.brokers, topic, SETTLE)
    with victim(output, *words) as process, connect(shop.url, MESSENGER) as connection:
        assert publishes(process, output)
        place, pause, began = Published(connection, topic), Event(), perf_counter()
        while (at := place.place()) is None or at.position < head:
            assert process.poll() is None, output.read_text()
            pause.wait(0.01)
        took = perf_counter() - began
        process.terminate()
        process.wait(PATIENCE)
    return head / took


def consumed(shop: Shop, topic: str) -> float:
    """Read a whole topic, and do nothing with it; give records a second."""
    partitions = shop.broker.partitions(topic)
    with closing(shop.broker.reader(partitions)) as consumer:
        due = sum(consumer.end_offsets(partitions).values())
        found, began = 0, perf_counter()
        while found < due:
            found += sum(map(len, consumer.poll(1.0, MOST).values()))
        return found / (perf_counter() - began)


def read_models(shop: Shop) -> float:
    """Keep the tables of a reader from the topic, with one worker; give records a second."""
    worker, began = shop.field.alone(), perf_counter()
    due = sum(worker.lags().values())
    while sum(worker.lags().values()):
        worker.step()
    took = perf_counter() - began
    worker.consumer.close()
    return due / took


def lag(shop: Shop) -> list[float]:
    """Record for some seconds, one event at a time; give seconds until a consumer has each."""
    output, recorded, seen = shop.folder / "lag", dict[int, float](), dict[int, float]()
    partitions, stop = shop.broker.partitions(ORDER_EVENTS), Event()
    consumer = shop.broker.reader(partitions)
    for partition, end in consumer.end_offsets(partitions).items():
        consumer.seek(partition, end)

    def watch() -> None:
        while not stop.is_set():
            for records in consumer.poll(0.1, MOST).values():
                now = perf_counter()
                seen.update((int(one.header("ce_osposition") or 0), now) for one in records)

    watcher = Thread(target=watch)
    words = (shop.url, shop.kafka.brokers, ORDER_EVENTS, SETTLE)
    with victim(output, *words) as process:
        assert publishes(process, output)
        watcher.start()
        asyncio.run(trickle(shop.log, recorded))
        until = perf_counter() + PATIENCE
        while recorded.keys() - seen.keys() and perf_counter() < until:
            stop.wait(0.05)
        stop.set()
        watcher.join()
    consumer.close()
    assert not recorded.keys() - seen.keys()
    return [seen[position] - at for position, at in recorded.items()]


def main() -> None:
    """Print and keep all of it."""
    if reason := missing():
        print(f"not run: {reason}")
        return
    with a_shop() as shop:
        found = {"events": float(shop.log.head())}
        for what, measured in (
            ("sent by the bare client, records/s", partial(bare_sends, shop)),
            (f"published in {ORDER_EVENTS}, events/s", partial(published, shop, ORDER_EVENTS)),
            (f"published in {LOG}, events/s", partial(published, shop, LOG)),
            (f"read from {ORDER_EVENTS}, records/s", partial(consumed, shop, ORDER_EVENTS)),
            (f"read from {LOG}, records/s", partial(consumed, shop, LOG)),
            ("kept by a reader with one worker, records/s", partial(read_models, shop)),
        ):
            found[what] = measured()
            print(f"{what:45} {found[what]:10.1f}", flush=True)
        waits = lag(shop)
    for what, seconds in (
        ("p50", statistics.median(waits)),
        ("p99", statistics.quantiles(waits, n=100)[98]),
    ):
        found[f"lag at {A_SECOND} events/s, {what} ms"] = seconds * 1e3
        print(f"lag at {A_SECOND} events/s, {what} {seconds * 1e3:10.1f} ms")
    report("messaging", found)


if __name__ == "__main__":
    main()
