"""Publishers in processes of their own, and many events for them, made fast."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from os_events.eventlog.log import EventLog
from tests.publishers import position
from tests.support import an_order
from tests.views import a_life

ROOT = Path(__file__).parents[2]
AT_ONCE = 100  # orders recorded together
LONGEST = 120.0  # seconds without progress until a campaign has failed


async def record(log: EventLog, events: int) -> None:
    """Record that many events: whole lives, and single orders for what is left."""
    length = len(a_life().pending_events)
    for first in range(0, events // length, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, events // length))
        await asyncio.gather(*(log.record(a_life(number=n)) for n in numbers))
    await asyncio.gather(*(log.record(an_order()) for _ in range(events % length)))


@contextmanager
def victim(output: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a publisher; what it says goes to a file. It is killed in the end."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with output.open("wb") as to:
        command = [sys.executable, "-m", "tests.publishers_victim", *words]
        process = subprocess.Popen(command, env=environment, stdout=to, stderr=to)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def publishes(process: subprocess.Popen[bytes], output: Path) -> bool:
    """Wait until it publishes; say whether it came so far."""
    until, pause = monotonic() + LONGEST, Event()
    while b"publishing" not in output.read_bytes():
        if process.poll() is not None:
            return False
        assert monotonic() < until, output.read_text()
        pause.wait(0.02)
    return True


def has_published(url: str, topic: str, head: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until all is published; False if the publisher ended before."""
    last, until, pause = -1, monotonic() + LONGEST, Event()
    while (at := position(url, topic)) < head:
        if process.poll() is not None:
            return False
        if at > last:
            last, until = at, monotonic() + LONGEST
        assert monotonic() < until, f"{topic} stands at {at} of {head}"
        pause.wait(0.1)
    return True
