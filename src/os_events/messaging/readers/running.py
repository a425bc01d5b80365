"""Keeps a worker going, whatever becomes of Kafka and the database meanwhile."""

from collections.abc import Callable
from contextlib import closing, suppress
from threading import Event as Flag
from typing import Any

import psycopg
import structlog

from os_events.errors import UnavailableError
from os_events.eventlog.database import available
from os_events.followers.pauses import Pauses
from os_events.messaging.ports import Broker, Consumer
from os_events.messaging.readers.keeping import (
    DATABASE,
    Keeping,
    Reader,
    ReaderNotFilledError,
)
from os_events.messaging.readers.places import Place
from os_events.messaging.readers.worker import EpochChangedError, Worker

log = structlog.get_logger()

Connect = Callable[[], psycopg.Connection[Any]]


class Running:
    """One member of a reader's group. ``connect`` opens the connection that it writes on."""

    def __init__(
        self, reader: Reader, broker: Broker, connect: Connect, instance: str | None = None
    ) -> None:
        self.reader = reader
        self.broker = broker
        self.connect = connect
        self.instance = instance
        self.trouble: UnavailableError | None = None  # why it waits
        self.reseeks = 0
        self._pauses = Pauses()

    def run(self, stop: Flag) -> list[Place]:
        """Take in until ``stop``; give the places of ours that stand still.

        Raises: EpochChangedError, ReaderNotFilledError.
        """
        while not stop.is_set():
            try:
                with available(DATABASE), self.connect() as connection:
                    return self._work(Keeping(connection, self.reader), stop)
            except (EpochChangedError, ReaderNotFilledError):
                raise
            except UnavailableError as error:
                self.trouble = error
                pause = self._pauses.next()
                log.warning("reader waits", error=error.slug, seconds=pause)
                stop.wait(pause)
        return []

    def _work(self, keeping: Keeping, stop: Flag) -> list[Place]:
        keeping.all_places()
        consumer = self.broker.member(self.reader.name, [self.reader.topic], self.instance)
        with closing(Leaving(consumer)):
            worker = Worker(consumer, keeping)
            while not stop.is_set():
                worker.step()
                self.trouble = None
                self._pauses.over()
                self.reseeks += worker.reseeks
                worker.reseeks = 0
            return [place for place in worker.held.values() if place.stopped]


class Leaving:
    """Leaves a group, where it can still be told."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer

    def close(self) -> None:
        """Leave; what is broken is left by its session's end."""
        with suppress(UnavailableError):
            self.consumer.close()
