"""A worker of a reader in a process of its own, for tests that kill or freeze it.

Words: the address of the reader's database, where Kafka is, reader, topic, seconds of a session.
"""

import signal
import sys
from functools import partial
from threading import Event as Flag

from os_events.bootstrap.reading import DERIVATIONS, opened
from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster
from os_events.messaging.readers.keeping import Reader
from os_events.messaging.readers.running import Running

if __name__ == "__main__":
    url, brokers, name, topic, session = sys.argv[1:]
    stop = Flag()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    reader = Reader(name, topic, DERIVATIONS)
    broker = KafkaBroker(Cluster(brokers, session_seconds=float(session)))
    Running(reader, broker, partial(opened, url)).run(stop)
