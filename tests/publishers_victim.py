"""A publisher in a process of its own, that may be killed: database, brokers, topic, seconds."""

import signal
import sys
from contextlib import closing
from functools import partial
from threading import Event as Flag

from os_events.cli.logs import configure_logs
from os_events.eventlog.database import MESSENGER, connect
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.messaging.delivery import Limits
from os_events.messaging.feed import Feed
from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster
from os_events.messaging.order_events import OrderEvents
from os_events.messaging.publisher import Publisher
from os_events.messaging.stored import LOG, StoredEvents


def main(url: str, brokers: str, topic: str, settle: str, batch: str = "500") -> None:
    configure_logs()
    stop = Flag()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with closing(KeyRing(url, Kek(bytes(32)))) as keys, EventLog(url, keys) as log:
        broker = KafkaBroker(Cluster(brokers, request_seconds=5.0))
        opened = partial(connect, url, MESSENGER)
        feed: Feed = StoredEvents(url) if topic == LOG else OrderEvents(log, topic)
        publisher = Publisher(log, feed, broker, opened)
        publisher.limits = Limits(float(settle), 10.0, int(batch))
        publisher.run(stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
