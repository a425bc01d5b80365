"""Given, when and then, for read models on other machines: a log, its topic, and a reader."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg

from os_events.bootstrap.reading import DERIVATIONS
from os_events.eventlog.database import FOLLOWER, READER, Pool, connect, open_pool
from os_events.eventlog.log import EventLog
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Follower
from os_events.followers.history_tables import grouped
from os_events.messaging.ports import Broker, Consumer
from os_events.messaging.readers.checking import Checking, Difference
from os_events.messaging.readers.filling import Filling
from os_events.messaging.readers.keeping import Keeping, Reader
from os_events.messaging.readers.places import Place
from os_events.messaging.readers.running import Running
from os_events.messaging.readers.worker import Worker
from os_events.messaging.records import Incoming, Outgoing, Partition
from os_events.messaging.stored import StoredEvents
from tests.publishers import a_publisher, begun, publish
from tests.views import a_life, a_person, deliver

SOON = 60.0  # seconds until a test that waits has failed


@dataclass
class Field:
    """A log, the topic that it is published in, and the database of a reader."""

    log: EventLog
    log_url: str
    broker: Broker
    topic: str
    url: str
    house: ExitStack
    name: str = "reader"

    def begin(self) -> None:
        """Given: the log says what it is called, once."""
        if not self.log.head():
            begun(self.log)

    @cached_property
    def pool(self) -> Pool:
        return self.house.enter_context(open_pool(self.url, FOLLOWER, 4))

    @cached_property
    def followers(self) -> list[Follower]:
        pool = self.house.enter_context(open_pool(self.log_url, FOLLOWER, 2))
        return [Follower(self.log, pool, one) for one in grouped(self.log, DERIVATIONS)]

    @property
    def reader(self) -> Reader:
        return Reader(self.name, self.topic, DERIVATIONS)

    @property
    def partitions(self) -> list[Partition]:
        return self.broker.partitions(self.topic)

    def live(self, *numbers: int) -> None:
        """Given: orders that lived, and one customer more."""
        self.begin()
        for number in numbers:
            self.log.record_now(a_life(number=number))
        self.log.record_now(a_person())

    def publish(self) -> None:
        feed = StoredEvents(self.log_url, self.topic)
        publish(a_publisher(self.log, self.log_url, self.broker, feed), self.log_url)

    def fill(self) -> int:
        return self.filling().run(lambda _: lambda _done, _total: None, self.connect)

    def filling(self) -> Filling:
        return Filling(self.pool, self.reader, self.broker, self.log_url)

    def connect(self) -> psycopg.Connection[Any]:
        return self.house.enter_context(connect(self.url, FOLLOWER))

    def worker(self, consumer: Consumer | None = None) -> Worker:
        """Make a member of the reader's group."""
        member = consumer or self.broker.member(self.reader.name, [self.topic])
        return Worker(member, Keeping(self.connect(), self.reader))

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let a member of the group work in a thread, which begins anew after any error."""
        stop, running = (
            Flag(),
            Running(self.reader, self.broker, partial(connect, self.url, FOLLOWER)),
        )
        thread = Thread(target=running.run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def alone(self) -> Worker:
        """Make a worker that has all partitions, in no group."""
        worker = self.worker(self.broker.reader(self.partitions))
        worker.hold(self.partitions)
        return worker

    def places(self) -> dict[Partition, Place]:
        with connect(self.url, FOLLOWER) as connection:
            return Keeping(connection, self.reader).all_places()

    def is_all_taken_in(self) -> bool:
        with closing(self.broker.reader(self.partitions)) as consumer:
            ends = consumer.end_offsets(self.partitions)
        return all(place.next_offset == ends[one] for one, place in self.places().items())

    def expected(self) -> dict[str, list[Any]]:
        """Then: the rows that followers make of the log itself."""
        deliver(*self.followers)
        return rows_in(self.log_url)

    def rows(self) -> dict[str, list[Any]]:
        """Then: those of the reader."""
        return rows_in(self.url)

    def differences(self) -> list[Difference]:
        return list(Checking(self.reader, self.url, self.log_url).differences())

    def position(self) -> int:
        with connect(self.url, READER) as connection:
            return min(positions.positions_of(connection, self.reader.tables).values())

    def stopped(self) -> list[str | None]:
        return [place.stopped for place in self.places().values() if place.stopped]

    def send(self, *records: Outgoing) -> None:
        """When: somebody writes to the topic."""
        producer = self.broker.producer()
        for record in records:
            producer.send(record).wait(SOON)
        producer.close(SOON)


def rows_in(
    url: str, derivations: tuple[Derivation[Any], ...] = DERIVATIONS
) -> dict[str, list[Any]]:
    """Then: all rows of all tables."""
    with connect(url, READER) as connection:
        return {
            one.name: sorted(map(repr, connection.execute(f"TABLE read.{one.name}".encode())))
            for one in derivations
        }


def until(done: Callable[[], bool], *workers: Worker) -> None:
    """When: workers take turns, until it is so."""
    end = monotonic() + SOON
    while not done():
        assert monotonic() < end, "it did not come to that"
        for worker in workers:
            worker.step()
        if not workers:
            Flag().wait(0.1)


def sent_again(record: Incoming, value: bytes | None = None, /, **headers: str) -> Outgoing:
    """Make a record like another, with other headers."""
    told = dict(record.headers) | {name: text.encode() for name, text in headers.items()}
    key = headers.get("ce_subject", (record.key or b"").decode()).encode()
    return Outgoing(record.partition.topic, key, value or record.value, tuple(told.items()))


def of_order(records: list[Incoming], order_id: UUID, version: int) -> Incoming:
    """Find the record of a fact."""
    [found] = [one for one in records if one.header("ce_id") == f"{order_id}:{version}"][:1]
    return found
