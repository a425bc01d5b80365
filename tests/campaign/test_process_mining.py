"""600 incidents, exported, as pm4py reads them: the same orders, facts and times as ours.

Needs ``--data FOLDER`` with servicedesk-2016.csv, and a package index to install pm4py from, in an
environment that is made for it and thrown away.
"""

import json
import subprocess
import venv
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from os_events.aggregates.history import OrderHistory
from os_events.eventlog.embedded import Server
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import keys_migrations, log_migrations, migrate
from os_events.exports.orders import Orders
from os_events.projections.facts.milestones.reached import Milestone
from os_events.projections.facts.milestones.table import MILESTONES
from tests.campaign.desk import imported
from tests.exports import ocel_of, xes_of

PM4PY = "pm4py==2.7.23.11"
SCRIPT = Path(__file__).with_name("process_mining.py")


class Mined(NamedTuple):
    """What we have on record, and what pm4py makes of the export."""

    histories: list[OrderHistory]
    written: dict[str, Any]
    xes: dict[str, Any]
    ocel: dict[str, Any]


@pytest.fixture(scope="module")
def environment() -> Iterator[Path]:
    """A Python that has pm4py, and nothing of ours."""
    with TemporaryDirectory(prefix="os-events-pm4py-") as name:
        venv.create(name, with_pip=True)
        python = Path(name) / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", PM4PY]
        if subprocess.run(install, check=False).returncode:
            pytest.skip(f"{PM4PY} cannot be installed")
        yield python


@pytest.fixture(scope="module")
def mined(request: pytest.FixtureRequest, server: Server, environment: Path) -> Iterator[Mined]:
    folder: Path | None = request.config.getoption("data")
    if folder is None:
        pytest.skip("no --data FOLDER with servicedesk-2016.csv")
    server.create("mined")
    migrate(server.admin_url("mined"), [*log_migrations(), *keys_migrations()])
    url = server.url("mined")
    with (
        closing(KeyRing(url, Kek(bytes(32)))) as keys,
        EventLog(url, keys) as log,
        TemporaryDirectory() as name,
    ):
        imported(log, folder / "servicedesk-2016.csv")
        xes, ocel = Path(name) / "desk.xes", Path(name) / "desk.json"
        xes.write_text(xes_of(log))
        ocel.write_text(ocel_of(log))
        said = subprocess.check_output([environment, "-W", "ignore", SCRIPT, xes, ocel])
        histories, written = list(Orders(log, log.head())), json.loads(ocel.read_text())
        yield Mined(histories, written, **json.loads(said))


def took(history: OrderHistory) -> list[int | None]:
    """Give the seconds to the last resolution and to the last closing, as our figures take them."""
    seconds = {row.milestone: row.seconds for row in MILESTONES.rows(history)}
    return [seconds.get(Milestone.COMPLETED), seconds.get(Milestone.TURNED_AROUND)]


def in_status(history: OrderHistory) -> Counter[str]:
    """Give the seconds in each status, until the last fact."""
    standings = history.course.standings
    ends = [*(since for since, _ in standings[1:]), history.events[-1][0]]
    found = Counter[str]()
    for (since, now), end in zip(standings, ends, strict=True):
        found[now.status] += int((end - since).total_seconds())
    return found


def number(history: OrderHistory) -> str:
    assert history.course.order
    return history.course.order.order_number


def test_every_order_and_every_fact_is_read(mined: Mined) -> None:
    facts = sum(len(history.events) for history in mined.histories)

    print({name: value for name, value in mined.xes.items() if name != "spans"}, mined.ocel)
    assert (mined.xes["traces"], mined.xes["events"]) == (600, facts)
    assert mined.xes["in_order"]
    assert (mined.ocel["events"], mined.ocel["types"]) == (facts, ["order", "technician"])
    assert mined.ocel["objects"] == len(mined.written["objects"]) > 600


def test_a_model_is_discovered_that_the_log_fits(mined: Mined) -> None:
    kinds = {event.TOPIC for history in mined.histories for _, event in history.events}

    assert mined.ocel["activities"] == len(kinds)
    assert mined.xes["transitions"] > 5
    assert mined.xes["fitness"] > 0.9


def test_the_time_to_resolution_and_to_closing_is_ours_to_the_second(mined: Mined) -> None:
    ours = {number(history): took(history) for history in mined.histories}

    assert mined.xes["spans"] == ours
    assert sum(None not in seconds for seconds in ours.values()) > 500


def test_the_time_in_each_status_is_ours_to_the_second(mined: Mined) -> None:
    ours = sum(map(in_status, mined.histories), Counter[str]())

    assert mined.xes["statuses"] == dict(ours)
