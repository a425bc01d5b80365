"""A topic is published from the log: once, in order, whatever the broker does meanwhile."""

from os_events.eventlog.log import EventLog
from os_events.messaging.ports import Broker
from tests.publishers import a_publisher, begun, by_key, errors, expected, held, publish
from tests.views import a_life


def test_every_fact_of_every_order_is_published_once_and_in_order(
    log: EventLog, database_url: str, broker: Broker, topic: str
) -> None:
    begun(log)
    for number in range(4):
        log.record_now(a_life(number=number))

    publish(a_publisher(log, database_url, broker, topic), database_url)

    assert by_key(held(broker, topic)) == expected(log)
    assert position(database_url, topic) == log.head()
    assert errors(database_url) == [None]
