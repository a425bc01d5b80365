"""A program that dies around a delivery: nothing is lost, and nothing is written twice."""

import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from tests.integration.webhooks.conftest import House
from tests.receivers import Receiver

ROOT = Path(__file__).parents[3]
VICTIM = """
import sys
from contextlib import closing
from uuid import UUID
from os_events.eventlog.database import MESSENGER, open_pool
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.webhooks import Webhooks
from tests.support import NOON
url, kek = sys.argv[1], Kek(bytes(32))
with closing(KeyRing(url, kek)) as keys, EventLog(url, keys) as log, \
        open_pool(url, MESSENGER, 2) as pool:
    webhooks = Webhooks.of(log, pool, kek, Gate(development=True), lambda: NOON)
    webhooks.filling.step()
    webhooks.sender.step(UUID(sys.argv[2]))
"""


@pytest.mark.parametrize("case", [("webhooks.filled", 1), ("webhooks.sent", 2)])
def test_what_was_under_way_at_a_kill_goes_out_under_the_same_id(
    house: House,
    receiver: Receiver,
    endpoint: UUID,
    database_url: str,
    case: tuple[str, int],
) -> None:
    failpoint, times = case
    order = house.an_order(changes=1)
    environment = {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "OS_EVENTS_FAILPOINTS": f"{failpoint}=kill",
    }
    victim = [sys.executable, "-c", VICTIM, database_url, str(endpoint)]
    died = subprocess.run(victim, env=environment, check=False, timeout=60)

    house.clock.pass_by(seconds=60)
    house.deliver(endpoint)

    assert died.returncode == -signal.SIGKILL
    assert receiver.ids == [f"{order}:1"] * times + [f"{order}:2"]
