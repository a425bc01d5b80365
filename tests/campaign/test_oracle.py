"""Many logs of many orders: each figure is what the raw events say."""

from random import Random

import pytest

from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from tests.oracle.comparing import askers


@pytest.mark.parametrize("seed", range(100, 120))
def test_every_figure_is_what_the_raw_events_say(
    seed: int, log: EventLog, pool: Pool, admin_url: str
) -> None:
    chance = Random(seed)  # noqa: S311 - the same lives each time
    now, once = askers(log, pool, admin_url, chance)

    found = [*now.disagreements(chance, 20), *once.disagreements(chance, 10)]

    assert found == []
