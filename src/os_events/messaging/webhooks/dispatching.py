"""Keeps webhooks going: fills from the log, and gives each endpoint threads of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg
import structlog

from os_events.errors import OsEventsError, UnavailableError
from os_events.eventlog.database import available
from os_events.followers.pauses import Pauses
from os_events.messaging.webhooks.filling import Filling
from os_events.messaging.webhooks.sending import Sender

LANES = 4  # threads of one endpoint: a receiver that hangs holds up nobody else's
LOOK_ANYWAY = 1.0  # seconds without a notification
NOT_SOONER = 0.05  # seconds between two looks, however much is recorded
SWEEP = timedelta(hours=1)

log = structlog.get_logger()


class Dispatcher:
    """Runs all webhooks. ``connect`` opens the connection that listens to the log."""

    def __init__(
        self, filling: Filling, sender: Sender, connect: Callable[[], psycopg.Connection[Any]]
    ) -> None:
        self._filling = filling
        self._sender = sender
        self._connect = connect
        self._lanes: dict[UUID, list[Thread]] = {}
        self._swept_at = datetime.min.replace(tzinfo=UTC)
        self._failed: list[BaseException] = []
        self._pauses = Pauses()

    def run(self, stop: Flag) -> None:
        """Go on until ``stop``. Raises what a thread met that nobody expects."""
        try:
            while not stop.is_set():
                try:
                    with available("the log"), self._connect() as connection:
                        self._go_on(connection, stop)
                except UnavailableError as error:
                    pause = self._pauses.next()
                    log.warning("webhooks wait", error=error.slug, seconds=pause)
                    stop.wait(pause)
        finally:
            self._finish()
        if self._failed:
            raise self._failed[0]

    def _go_on(self, connection: psycopg.Connection[Any], stop: Flag) -> None:
        connection.execute("LISTEN log")
        while not stop.is_set() and not self._failed:
            moved = self.look(stop)
            self._pauses.over()
            if not moved:
                list(connection.notifies(timeout=LOOK_ANYWAY, stop_after=1))
            stop.wait(NOT_SOONER)
        if self._failed:
            stop.set()

    def look(self, stop: Flag) -> bool:
        """Write what is due, and start whoever sends it; say whether there may be more to write."""
        moved = self._filling.step()
        for endpoint, ready in self._sender.deliveries.ready_at().items():
            self._start(endpoint, min(ready, LANES), stop)
        self._sweep()
        return moved

    def _start(self, endpoint: UUID, lanes: int, stop: Flag) -> None:
        going = [one for one in self._lanes.get(endpoint, []) if one.is_alive()]
        new = [
            Thread(target=self._send, args=(endpoint, stop), name="webhook")
            for _ in range(lanes - len(going))
        ]
        self._lanes[endpoint] = going + new
        for one in new:
            one.start()

    def _send(self, endpoint: UUID, stop: Flag) -> None:
        try:
            while not stop.is_set() and self._sender.step(endpoint):
                pass
        except OsEventsError as error:  # what was claimed is free again in a minute
            log.error("webhook not sent", endpoint=str(endpoint), error=error.slug)  # noqa: TRY400 - a traceback says no more
        except BaseException as error:  # noqa: BLE001 - raised where it is seen
            self._failed.append(error)

    def _sweep(self) -> None:
        now = self._sender.clock()
        if now - self._swept_at >= SWEEP:
            self._swept_at = now
            self._sender.deliveries.sweep()

    def _finish(self) -> None:
        for lanes in self._lanes.values():
            for one in lanes:
                one.join()
