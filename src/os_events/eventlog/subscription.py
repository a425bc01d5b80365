"""The log event by event, for the runners of the library. Followers of ours read in batches."""

from collections.abc import Sequence
from threading import Thread
from time import sleep
from typing import Any

import psycopg
from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription

from os_events.eventlog.database import WRITER, connect

LOOK_ANYWAY = 0.2  # seconds without a notice: it is a hint, and may be lost
AGAIN = 0.2  # seconds until a lost connection is opened again


class LogSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """The library's subscription, woken by ours."""

    def __init__(
        self, recorder: ApplicationRecorder, url: str, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._url = url
        self._listener = Thread(target=self._listen, name="subscription", daemon=True)
        self._listener.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._listener.join()

    def _listen(self) -> None:
        while not self._has_been_stopped:
            try:
                with connect(self._url, WRITER) as connection:
                    connection.execute("LISTEN log")
                    while not self._has_been_stopped:
                        list(connection.notifies(timeout=LOOK_ANYWAY, stop_after=1))
                        self._has_been_notified.set()
            except psycopg.OperationalError:
                sleep(AGAIN)
