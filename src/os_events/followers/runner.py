"""Keeps a follower going: one instance at a time, whatever becomes of the database meanwhile."""

from collections.abc import Callable
from threading import Event as Flag
from typing import Any

import psycopg
import structlog

from os_events.errors import UnavailableError
from os_events.eventlog.database import available
from os_events.followers.follower import Follower
from os_events.followers.pauses import Pauses

LEASE = "SELECT pg_try_advisory_lock(hashtext('follower'), hashtext(%s))"
LOOK_ANYWAY = 1.0  # seconds without a notification, which is only a hint

log = structlog.get_logger()


class Runner:
    """Runs one follower. ``connect`` opens the connection that holds the lease and listens."""

    def __init__(self, follower: Follower, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self.follower = follower
        self.connect = connect
        self.pauses = Pauses()

    def run(self, stop: Flag) -> None:
        """Follow until ``stop``, while no other instance does."""
        while not stop.is_set():
            try:
                with available("the log"), self.connect() as connection:
                    self._follow(connection, stop)
            except UnavailableError as error:
                name = self.follower.effect.name
                pause = self.pauses.next()
                log.warning("follower waits", follower=name, error=error.slug, seconds=pause)
                stop.wait(pause)

    def _follow(self, connection: psycopg.Connection[Any], stop: Flag) -> None:
        connection.execute("LISTEN log")
        held = False
        while not stop.is_set():
            held = held or self._lease(connection)
            if not held or not self.follower.step():
                list(connection.notifies(timeout=LOOK_ANYWAY, stop_after=1))
            self.pauses.over()

    def _lease(self, connection: psycopg.Connection[Any]) -> bool:
        return connection.execute(LEASE, (self.follower.effect.name,)).fetchone() == (True,)
