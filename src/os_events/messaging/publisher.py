"""The publisher of a topic: it reads the log in order, and moves on when Kafka has acknowledged.

At least once, in order for each key. Whoever begins looks at what the topic holds behind the stored
place, so that a duplicate can only follow an unclean stop, and then has the same ``ce_id``.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event as Flag
from uuid import UUID

import structlog

from os_events.errors import OsEventsError
from os_events.eventlog.database import available
from os_events.eventlog.log import EventLog
from os_events.followers.follower import will_pass
from os_events.followers.pauses import Pauses
from os_events.messaging.chronicle import Chronicle, chronicle_of
from os_events.messaging.delivery import Delivery, InDoubtError, Limits, observe
from os_events.messaging.feed import Entries, Entry, Feed
from os_events.messaging.guards import Known, check_ends, check_last
from os_events.messaging.ports import Broker, Producer
from os_events.messaging.published import Connection, Ends, Place, Published
from os_events.messaging.scan import Remainder, done, tails
from os_events.metrics import PUBLISHER_RESTARTS, PUBLISHER_STOPPED

LOOK_ANYWAY = 1.0  # seconds without a notification, which is only a hint
FIRST_PAUSE = 0.5  # seconds until the next attempt
CLOSING = 5.0  # seconds for a producer that owes us nothing

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Survey:
    """Where a topic goes on. Shape: ``places`` are the stored ends, ``ends`` the present ones."""

    places: Ends
    ends: Ends
    remainder: Remainder


class Publisher:
    """One topic. ``connect`` opens the connection that holds the lease and listens."""

    def __init__(
        self, event_log: EventLog, feed: Feed, broker: Broker, connect: Callable[[], Connection]
    ) -> None:
        self.event_log = event_log
        self.feed = feed
        self.broker = broker
        self.connect = connect
        self.limits = Limits()
        self.pauses = Pauses(FIRST_PAUSE)
        self.trouble: OsEventsError | None = None  # what it waits for
        self._log_id: UUID | None = None

    def run(self, stop: Flag) -> None:
        """Publish until ``stop``, while no other instance does.

        What can be mended meanwhile is waited for, with a word in ``messaging.publisher_health``.

        Raises: InDoubtError, after which the process must end.
        """
        while not stop.is_set():
            try:
                with available("the log"), self.connect() as connection:
                    self._wait_for_lease(Published(connection, self.feed.topic), stop)
            except InDoubtError:
                raise
            except OsEventsError as error:
                self._complain(error)
                stop.wait(self.pauses.next())

    def _complain(self, error: OsEventsError) -> None:
        topic, before = self.feed.topic, self.trouble
        if before is None or before.slug != error.slug:
            log.warning("nothing is published", topic=topic, error=error.slug, reason=str(error))
            self._forget()
            PUBLISHER_STOPPED.labels(topic, error.slug).set(not will_pass(error))
        self.trouble = error

    def _forget(self) -> None:
        if self.trouble:
            PUBLISHER_STOPPED.remove(self.feed.topic, self.trouble.slug)
        self.trouble = None

    def _wait_for_lease(self, published: Published, stop: Flag) -> None:
        published.connection.execute("LISTEN log")
        while not published.lease():
            if stop.wait(LOOK_ANYWAY):
                return
        try:
            self._publish(published, stop)
        except OsEventsError as error:
            published.stop(error)
            place = published.place()
            observe(published, place.position if place else 0, published.head())
            raise

    def _publish(self, published: Published, stop: Flag) -> None:
        place = published.place()
        if place and not place.clean:
            PUBLISHER_RESTARTS.labels(self.feed.topic).inc()
            if stop.wait(self.limits.settle):  # what the last owner had on the wire lands
                return
        position = place.position if place else 0
        survey = self._survey(published, place)
        with (
            self.feed.opened() as entries,
            self._claimed(published, position, survey) as delivery,
        ):
            published.go_on()
            self._forget()
            self.pauses.over()
            there = len(survey.remainder.done)  # behind our place, by those before us
            log.info("publishing", topic=self.feed.topic, position=position, number=there)
            while not stop.is_set():
                if not self._step(delivery, entries, stop):
                    list(published.connection.notifies(timeout=LOOK_ANYWAY, stop_after=1))

    def _step(self, delivery: Delivery, entries: Entries, stop: Flag) -> bool:
        """Publish up to the present end of the log; say whether there was anything to do."""
        delivery.head = head = delivery.published.head()
        observe(delivery.published, delivery.position, head)
        if head <= delivery.position:
            delivery.published.check(delivery.position)
            return False
        found = entries(delivery.position, head, self._chronicle(head))
        with closing(portions(found, self.limits.batch)) as batches:
            try:
                for batch in batches:  # read while the one before it is on its way
                    delivery.send(batch)
                    if stop.is_set():
                        break
            finally:
                delivery.settle()
        return True

    def _survey(self, published: Published, place: Place | None) -> Survey:
        """Look at the topic. Raises what the guards raise, BrokerUnavailableError."""
        partitions = self.broker.partitions(self.feed.topic)
        head = published.head()
        known = Known(head, self._chronicle(head))
        with closing(self.broker.reader(partitions)) as consumer:
            present = consumer.end_offsets(partitions)
            ends = {partition.number: end for partition, end in present.items()}
            stored = place.ends if place else {}
            check_ends(stored, present)
            afresh = place is not None and not stored  # all of it is to be sent again
            places = ends if afresh else {number: stored.get(number, 0) for number in ends}
            found = tails(consumer, present, places, known)
        last = [tail.last for tail in found if tail.last]
        check_last(last, known, published.ids([told.position for told in last]))
        return Survey(places, ends, Remainder(done(found)))

    def _chronicle(self, head: int) -> Chronicle:
        if self._log_id is None and head:
            [first] = self.event_log.read(0, 1)
            self._log_id = first.aggregate_id
        return chronicle_of(self.event_log, self._log_id, head) if self._log_id else Chronicle()

    @contextmanager
    def _claimed(self, published: Published, position: int, survey: Survey) -> Iterator[Delivery]:
        """Make a producer, and say in the end whether anything of it may be under way."""
        with self._producer() as producer:
            published.claim(position, survey.places)
            delivery = Delivery(
                published,
                producer,
                self.limits,
                position,
                survey.remainder,
                survey.places,
                survey.ends,
            )
            try:
                yield delivery
            except InDoubtError:
                raise
            except OsEventsError:
                published.finish()
                raise
            published.finish()

    @contextmanager
    def _producer(self) -> Iterator[Producer]:
        producer = self.broker.producer()
        try:
            yield producer
        except InDoubtError:
            producer.close(0)
            raise
        except BaseException:
            producer.close(CLOSING)
            raise
        producer.close(CLOSING)


def portions(entries: Iterable[Entry], size: int) -> Generator[list[Entry], None, None]:
    """Give entries in batches; where they end in an error, all before it first."""
    batch: list[Entry] = []
    try:
        for entry in entries:
            batch.append(entry)
            if len(batch) == size:
                yield batch
                batch = []
    except OsEventsError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
