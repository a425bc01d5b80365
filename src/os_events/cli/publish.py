"""``os-events publish``: publish a topic from the log, until Ctrl-C or SIGTERM.

One instance a topic is active; a second one stands by. While Kafka is away, or the topic is not as
it must be, it waits and says so: `os-events publisher status`. Where Kafka may have something that
it did not acknowledge, the process ends with status 8: started again, it looks what is there.
"""

import argparse

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.publishing import TOPICS, publisher_of, watched_publishing
from os_events.bootstrap.watched import observed
from os_events.cli.supervision import (
    add_metrics_port,
    add_supervised,
    until_stopped,
    when_parent_ends,
)
from os_events.settings import Settings

EXAMPLES = """examples:
  OS_EVENTS_KAFKA_BROKERS=kafka1:9092,kafka2:9092 os-events publish
  os-events publish os.log.v1"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    what = f"{' or '.join(TOPICS)}; the first, unless it is told"
    parser.add_argument("topic", nargs="?", default=TOPICS[0], metavar="TOPIC", help=what)
    add_metrics_port(parser)
    add_supervised(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Publish until stopped."""
    stop = until_stopped()
    when_parent_ends(arguments, stop.set)
    with Installation(Settings()) as installation:
        publisher = publisher_of(installation, arguments.topic)
        watched = watched_publishing(installation, publisher)
        with observed(installation.settings, watched, arguments.metrics_port):
            publisher.run(stop)
