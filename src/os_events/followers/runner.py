"""Keeps a follower going: one instance at a time, whatever becomes of the database meanwhile."""

from collections.abc import Callable
from threading import Event as Flag
from typing import Any

import psycopg
import structlog

from os_events.errors import UnavailableError
from os_events.eventlog.database import available
from os_events.followers.follower import Follower

LEASE = "SELECT pg_try_advisory_lock(hashtext('follower'), hashtext(%s))"
LOOK_ANYWAY = 1.0  # seconds without a notification, which is only a hint
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds until the next attempt to connect

log = structlog.get_logger()


class Runner:
    """Runs one follower. ``connect`` opens the connection that holds the lease and listens."""

    def __init__(self, follower: Follower, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self.follower = follower
        self.connect = connect
        self.pause = FIRST_PAUSE

    def run(self, stop: Flag) -> None:
        """Follow until ``stop``, while no other instance does."""
        while not stop.is_set():
            try:
                with available("the log"), self.connect() as connection:
                    self._follow(connection, stop)
            except UnavailableError as error:
                name = self.follower.effect.name
                log.warning("follower waits", follower=name, error=error.slug, seconds=self.pause)
                stop.wait(self.pause)
                self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _follow(self, connection: psycopg.Connection[Any], stop: Flag) -> None:
        connection.execute("LISTEN log")
        held = False
        while not stop.is_set():
            held = held or self._lease(connection)
            if not held or not self.follower.step():
                list(connection.notifies(timeout=LOOK_ANYWAY, stop_after=1))
            self.pause = FIRST_PAUSE

    def _lease(self, connection: psycopg.Connection[Any]) -> bool:
        return connection.execute(LEASE, (self.follower.effect.name,)).fetchone() == (True,)
