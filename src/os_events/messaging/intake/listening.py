"""Listening for requests until it is stopped, whatever passes meanwhile."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event as Flag

import structlog

from os_events.errors import OsEventsError, UnavailableError
from os_events.followers.pauses import Pauses
from os_events.messaging.intake.answering import Answering
from os_events.messaging.intake.dead_letters import topic_of
from os_events.messaging.intake.member import Member
from os_events.messaging.intake.outcomes import TOPIC
from os_events.messaging.intake.places import Places
from os_events.messaging.ports import (
    Broker,
    BrokerUnavailableError,
    Consumer,
    Producer,
    TopicMissingError,
)

GROUP = "os-events-intake"
ACKNOWLEDGED, CLOSING = 30.0, 5.0  # seconds
FIRST_PAUSE = 0.25  # seconds

log = structlog.get_logger()


@dataclass
class Intake:
    """Takes requests until it is stopped; many may run, and share the partitions.

    Shape: ``instance`` is a name that outlives the process: its partitions wait for it. ``trouble``
    is what it waits for now.
    """

    broker: Broker
    answering: Answering
    places: Places
    instance: str | None = None
    patience: float = ACKNOWLEDGED
    pauses: Pauses = field(default_factory=lambda: Pauses(FIRST_PAUSE))
    trouble: OsEventsError | None = None

    def run(self, stop: Flag) -> None:
        """Listen. Whatever may pass is waited for, in place. Raises TamperedError."""
        with asyncio.Runner() as runner:
            while not stop.is_set():
                try:
                    with self.connected() as clients:
                        member = Member(
                            *clients, self.answering, self.places, runner, self.patience
                        )
                        self.listen(member, stop)
                except (BrokerUnavailableError, TopicMissingError) as error:
                    self.wait(stop, error)

    def listen(self, member: Member, stop: Flag) -> None:
        """Take what comes. Raises BrokerUnavailableError: its clients are of no use then."""
        while not stop.is_set():
            try:
                if member.turn():
                    self.pauses.over()
                    self.trouble = None
            except BrokerUnavailableError:
                raise
            except UnavailableError as error:
                self.wait(stop, error)

    def wait(self, stop: Flag, error: OsEventsError) -> None:
        """Wait a while, and say for what."""
        self.trouble, pause = error, self.pauses.next()
        log.warning("intake waits", slug=error.slug, reason=str(error), seconds=pause)
        stop.wait(pause)

    @contextmanager
    def connected(self) -> Iterator[tuple[Consumer, Producer]]:
        """Join the group, with a producer. Raises TopicMissingError, BrokerUnavailableError."""
        topics, group = self.answering.senders.topics, self.answering.group
        for topic in (*topics, TOPIC, *(topic_of(one, group) for one in topics)):
            self.broker.partitions(topic)
        producer = self.broker.producer()
        try:
            with closing(self.broker.member(group, topics, self.instance)) as consumer:
                yield consumer, producer
        finally:
            producer.close(CLOSING)
