"""What the tests on other people's data share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from os_events.eventlog.embedded import Server
from tests.campaign.desk import Desk, opened_desk


@pytest.fixture(scope="session")
def desk(request: pytest.FixtureRequest, server: Server) -> Iterator[Desk]:
    folder: Path | None = request.config.getoption("data")
    if folder is None:
        pytest.skip("no --data FOLDER with servicedesk-2016.csv")
    with opened_desk(server, folder / "servicedesk-2016.csv") as opened:
        yield opened
