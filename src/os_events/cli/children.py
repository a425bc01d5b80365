"""Children of ``os-events up``: started, started again when they die, and stopped in the end."""

import subprocess
import sys
from time import monotonic
from types import TracebackType
from typing import Self

import structlog

STOP = 20.0  # seconds that a child is given to stop by itself
STEADY = 60.0  # seconds after which a child that dies has not died at once
LONGEST_PAUSE = 10.0

log = structlog.get_logger()


class Child:
    """One command of ours as a process. It ends when its standard input does."""

    def __init__(self, name: str, *options: str) -> None:
        self.name = name
        self.options = options
        self.pause = 0.0
        self.begun_at = monotonic()
        self.process = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def status(self) -> int | None:
        """Give its exit status; None while it runs."""
        return self.process.poll()

    def look(self) -> None:
        """Start it again if it has died: at once the first time, then less and less soon."""
        if self.status is None:
            return
        if monotonic() - self.begun_at > STEADY:
            self.pause = 0.0
        if monotonic() - self.begun_at < self.pause:
            return
        log.warning("started again", child=self.name, status=self.status)
        self.pause = min(self.pause * 2 or 0.5, LONGEST_PAUSE)
        self.begun_at = monotonic()
        self.process = self._start()

    def stop(self) -> None:
        """Let it stop, or end it."""
        assert self.process.stdin  # noqa: S101 - it was asked for
        self.process.stdin.close()
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            log.warning("ended", child=self.name)
            self.process.kill()
            self.process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the parent only, which stops the others in order.
        return subprocess.Popen(  # noqa: S603 - only our words
            [sys.executable, "-m", "os_events", self.name, "--supervised", *self.options],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
