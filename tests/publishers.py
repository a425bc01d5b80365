"""Given and when, for what is published: publishers, logs to publish, and what a topic holds."""

from collections import defaultdict
from functools import partial
from threading import Event as Flag

from os_events.aggregates.log import Log, open_log, skip_publication
from os_events.eventlog.database import MESSENGER, connect
from os_events.eventlog.log import EventLog
from os_events.messaging.delivery import Limits
from os_events.messaging.feed import Feed
from os_events.messaging.guards import Told
from os_events.messaging.order_events import OrderEvents
from os_events.messaging.ports import Broker
from os_events.messaging.published import Place, Published, PublisherState, publisher_states
from os_events.messaging.publisher import Publisher
from os_events.messaging.records import Incoming
from os_events.values.acts import Reason
from tests.support import an_act

ORIGIN = "os-events/0123456789abcdef"
LIMITS = Limits(settle=0.0, deadline=10.0, batch=20)
BECAUSE = Reason(code="not-publishable")


class UntilDone(Flag):
    """Stops a publisher that has published all, that stands by, or that waits for something."""

    def __init__(self, url: str, topic: str, head: int) -> None:
        super().__init__()
        self.url = url
        self.topic = topic
        self.head = head
        self.looks = 0

    def is_set(self) -> bool:
        self.looks += 1  # who has just begun finds out first whether it may
        done = self.looks > 1 and position(self.url, self.topic) >= self.head
        return super().is_set() or done

    def wait(self, timeout: float | None = None) -> bool:
        if timeout:  # whoever waits has found something that is not well
            self.set()
        return super().is_set()


def begun(log: EventLog) -> Log:
    """Given: a log that has begun."""
    aggregate = open_log(an_act(), ORIGIN, (f"{ORIGIN}+00000000+AXxYeHh4",))
    log.record_now(aggregate)
    return aggregate


def skip(log: EventLog, aggregate: Log, topic: str, at: int) -> None:
    """When: somebody leaves an event out."""
    skip_publication(aggregate, an_act(reason=BECAUSE), topic, at)
    log.record_now(aggregate)


def a_publisher(
    log: EventLog, url: str, broker: Broker, feed: Feed | str, limits: Limits = LIMITS
) -> Publisher:
    """Make a publisher; of the public events, unless a feed is given."""
    found = OrderEvents(log, feed) if isinstance(feed, str) else feed
    publisher = Publisher(log, found, broker, partial(connect, url, MESSENGER))
    publisher.limits = limits
    return publisher


def publish(publisher: Publisher, url: str) -> None:
    """When: it publishes what there is, or finds that it may not."""
    publisher.run(UntilDone(url, publisher.feed.topic, publisher.event_log.head()))


def position(url: str, topic: str) -> int:
    place = place_of(url, topic)
    return place.position if place else -1


def place_of(url: str, topic: str) -> Place | None:
    with connect(url, MESSENGER) as connection:
        return Published(connection, topic).place()


def states(url: str) -> list[PublisherState]:
    with connect(url, MESSENGER) as connection:
        return publisher_states(connection)


def errors(url: str) -> list[str | None]:
    """Then: what publishers stand still for."""
    return [state.error for state in states(url)]


def held(broker: Broker, topic: str) -> list[Incoming]:
    """Then: all that a topic holds, partition by partition."""
    partitions = broker.partitions(topic)
    consumer = broker.reader(partitions)
    ends = consumer.end_offsets(partitions)
    found: list[Incoming] = []
    while any(consumer.fetch_offset(one) < ends[one] for one in partitions):
        for records in consumer.poll(1.0, 5_000).values():
            found += records
    consumer.close()
    return sorted(found, key=lambda one: (one.partition, one.offset))


def told(records: list[Incoming]) -> list[Told]:
    """Then: what records say of themselves."""
    return [one for record in records if (one := Told.of(record))]


def by_key(records: list[Incoming]) -> dict[str, list[str]]:
    """Then: the ids of each key's records, in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for record in records:
        found[(record.key or b"").decode()].append(record.header("ce_id") or "")
    return dict(found)


def expected(log: EventLog, topics: tuple[str, ...] = ("service-order.%",)) -> dict[str, list[str]]:
    """Then: the ids that each key must have, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for event in log.read(0, log.head(), topics):
        found[str(event.aggregate_id)].append(f"{event.aggregate_id}:{event.version}")
    return dict(found)
