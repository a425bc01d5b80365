"""Given and when: a data directory of PostgreSQL 16, and an upgrade of it that may be killed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from os_events.aggregates.person.registering import Registered
from os_events.bootstrap.installation import Installation
from os_events.eventlog.database import AUDITOR
from os_events.eventlog.rows import StoredRow, stored_rows
from os_events.failpoints import VARIABLE
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.wanted import Wanted
from os_events.settings import Settings
from tests.folders import a_folder
from tests.older import older_server
from tests.publishing import some_orders
from tests.support import NOON
from tests.views import a_person

UPGRADE = """
import sys
from pathlib import Path
from os_events.eventlog.upgrade import Upgrade
Upgrade(Path(sys.argv[1]), allow_root=True).run()
"""


class Held(NamedTuple):
    """What an installation holds, as far as anybody can ask."""

    rows: list[StoredRow]
    names: list[Any]
    keys: list[Any]
    board: list[Any]
    checkpoint: bytes | None


@contextmanager
def opened(folder: Path) -> Iterator[Installation]:
    with Installation(Settings(data_directory=folder, allow_root=True)) as installation:
        yield installation


def held(found: Installation) -> Held:
    """Ask for everything."""
    with stored_rows(found.fit.log, AUDITOR) as stored:
        rows = list(stored)
    people = found.log.read(0, found.log.head(), [Registered.TOPIC], opened=True)
    board = found.views[OrderBoard]
    assert isinstance(board, OrderBoard)
    signed = found.checkpoint()
    return Held(
        rows,
        [person.name for person in people if isinstance(person, Registered)],
        found.access[0].list(),
        board.page(Wanted(), NOON).orders,
        signed[0] if signed else None,
    )


@contextmanager
def of_16() -> Iterator[tuple[Path, Held]]:
    """Make a data directory of PostgreSQL 16, with events, personal values, a key and views."""
    with a_folder() as outer:
        folder = outer / "data"
        with older_server(folder, "16"), opened(folder) as found:
            some_orders(found.log, 10)
            found.log.record_now(a_person("Maria Aparecida"))
            found.access[0].new("counter", found.manager)
            for follower in found.followers():
                while follower.step():
                    pass
            found.publisher.step()
            before = held(found)
        yield folder, before


def copied(folder: Path, elsewhere: Path) -> Path:
    """Copy a data directory with the owners of its files."""
    subprocess.run(["/bin/cp", "-a", str(folder), str(elsewhere)], check=True)
    return elsewhere


def upgraded(folder: Path, failpoint: str = "") -> int:
    """Upgrade in a process of its own, which may be killed."""
    armed = {VARIABLE: failpoint} if failpoint else {}
    command = [sys.executable, "-c", UPGRADE, str(folder)]
    done = subprocess.run(command, env={"PYTHONPATH": "src", **armed}, check=False, timeout=120)
    return done.returncode
