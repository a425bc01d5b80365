"""The receiver of docs/how-to/webhooks.md, as it is written there."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socket import create_connection, socket
from threading import Event
from uuid import UUID

import pytest

from tests.integration.webhooks.conftest import House
from tests.receivers import PATIENCE

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "webhooks.md"
[PROGRAM] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def endpoint(house: House, port: int) -> tuple[UUID, str]:
    house.clock.now = datetime.now(UTC)  # noqa: TID251 - the receiver looks at this clock too
    return house.endpoints.add(f"http://127.0.0.1:{port}/", 0)


@pytest.fixture
def program(endpoint: tuple[UUID, str], port: int) -> Iterator[subprocess.Popen[str]]:
    """The program of the page, that knows the secret of the endpoint."""
    given = os.environ | {"WEBHOOK_SECRET": endpoint[1], "PORT": str(port)}  # noqa: TID251 - another program's
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=given, stdout=pipe, stderr=pipe, text=True) as started:
        wait_for(port)
        yield started
        started.kill()


def wait_for(port: int) -> None:
    for _ in range(PATIENCE * 20):
        try:
            create_connection(("127.0.0.1", port)).close()
        except ConnectionError:
            Event().wait(0.05)
        else:
            return


def test_it_prints_each_event_once_and_verifies_it(
    house: House, endpoint: tuple[UUID, str], program: subprocess.Popen[str]
) -> None:
    order = house.an_order()
    house.deliver(endpoint[0])
    house.deliveries.resend(endpoint[0], f"{order}:1")
    house.deliver(endpoint[0])
    answered = [one.told for one in house.deliveries.latest(endpoint[0])]

    program.kill()
    printed, _ = program.communicate(timeout=PATIENCE)

    assert answered == ["204"]
    assert printed.startswith(f"os.order.opened.v1 {order} ")
    assert len(printed.splitlines()) == 1


@pytest.mark.usefixtures("program")
def test_it_takes_nothing_that_is_signed_with_another_secret(
    house: House, endpoint: tuple[UUID, str]
) -> None:
    house.endpoints.rotate(endpoint[0])
    house.endpoints.rotate(endpoint[0])
    house.an_order()

    house.deliver(endpoint[0])

    assert [one.told for one in house.deliveries.latest(endpoint[0])] == ["401"]
