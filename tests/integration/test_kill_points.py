"""A program that dies around an append: whoever asks again with the same key is told the truth."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from os_events.eventlog.log import EventLog
from os_events.eventlog.submission import RequestKey
from tests.support import an_order

ROOT = Path(__file__).parents[2]
ONCE = RequestKey.of("once", b"body")
VICTIM = """
import sys
from contextlib import closing
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.submission import RequestKey
from tests.support import an_order
with closing(KeyRing(sys.argv[1], Kek(bytes(32)))) as keys, EventLog(sys.argv[1], keys) as log:
    log.record_now(an_order(), RequestKey.of("once", b"body"))
"""


@pytest.mark.parametrize(
    ("failpoint", "replayed"), [("append.sent", False), ("append.answered", True)]
)
def test_who_asks_again_after_a_kill_is_recorded_once(
    log: EventLog, database_url: str, failpoint: str, *, replayed: bool
) -> None:
    environment = {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "OS_EVENTS_FAILPOINTS": f"{failpoint}=kill",
    }
    victim = [sys.executable, "-c", VICTIM, database_url]
    died = subprocess.run(victim, env=environment, check=False, timeout=60)

    again = log.record_now(an_order(), ONCE)

    assert died.returncode == -signal.SIGKILL
    assert (again.position, again.replayed, log.head()) == (1, replayed, 1)
