"""A shop with its sample, and a browser: one of each for all tests that only look."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsers import chromium, signed_in
from tests.e2e.programs import Program, running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def sample() -> Iterator[Program]:
    with running(empty=False) as program:
        yield program


@pytest.fixture(scope="session")
def shop(browser: Browser, sample: Program) -> Program:  # noqa: ARG001 - for those who look
    return sample


@pytest.fixture(scope="session")
def cookies(browser: Browser, shop: Program) -> list[Any]:
    """Those of the manager, who signed in once."""
    return signed_in(browser, shop)
