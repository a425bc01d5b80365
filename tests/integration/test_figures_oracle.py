"""Whatever happened, and however it was told: each figure is what the raw events say.

``make campaign only="-k oracle"`` asks the same of many more orders.
"""

from random import Random

import pytest

from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.kpis.catalogue import FIGURES
from tests.oracle.catalogue import ORACLE
from tests.oracle.comparing import askers

FORECASTS = {"promises_at_risk"}  # not in the text


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_the_raw_events_say_as_of_any_instant_and_as_known_at_any(
    seed: int, log: EventLog, pool: Pool, admin_url: str
) -> None:
    chance = Random(seed)  # noqa: S311 - the same lives each time
    now, once = askers(log, pool, admin_url, chance)

    found = [*now.disagreements(chance, 6), *once.disagreements(chance, 3)]

    assert found == []
    assert list(now.bottlenecks(chance, 20)) == []


def test_every_figure_of_the_text_is_computed_twice() -> None:
    assert set(ORACLE) == set(FIGURES) - FORECASTS
