"""Webhooks from outside: registered by a command, posted by what runs, seen in a browser."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it says nothing of types
from playwright.sync_api import Browser, expect

from tests.e2e.browsers import Screen, Visitor, signed_in, visiting
from tests.e2e.processes import in_time
from tests.e2e.programs import Program, running
from tests.receivers import Receiver, receiving, says

SCREENS = [Screen(scripts=False), Screen(width=360, scripts=False)]
LOOKS = [
    Screen(),
    Screen("en", 360),
    Screen("en", 1280, scheme="dark"),
    Screen(width=360, scheme="dark"),
]


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    """A shop with its sample, that may post to this machine."""
    with running(empty=False, OS_EVENTS_DEVELOPMENT="true") as started:
        yield started


@pytest.fixture(scope="module")
def entered(browser: Browser, program: Program) -> list[Any]:
    """The cookies of the manager, who signed in once."""
    return signed_in(browser, program)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@dataclass(frozen=True)
class Shown:
    """A program with an endpoint, and a browser before it."""

    browser: Browser
    program: Program
    entered: list[Any]
    receiver: Receiver
    endpoint: str

    @property
    def page(self) -> str:
        return f"/webhooks/{self.endpoint}"

    def visiting(self, screen: Screen) -> AbstractContextManager[Visitor]:
        return visiting(self.browser, self.program, screen, self.entered)


@pytest.fixture
def shown(browser: Browser, program: Program, entered: list[Any], receiver: Receiver) -> Shown:
    """Given: an endpoint that has got everything."""
    long = f"{receiver.url}/{'x' * 300}"
    told = program.ask("webhooks", "add", long, "--from", "0")
    assert in_time(lambda: len(receiver.received) > 100)
    return Shown(browser, program, entered, receiver, told.split()[1])


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_manager_sees_what_was_posted_and_posts_it_again(shown: Shown, screen: Screen) -> None:
    with shown.visiting(screen) as visitor:
        page, receiver = visitor.go("/"), shown.receiver
        visitor.click("link", "Webhooks", "**/webhooks")
        page.get_by_role("link", name=receiver.url).click()
        page.wait_for_url(f"**{shown.page}")
        message = page.locator("tbody th .muted").first.inner_text()
        before = receiver.ids.count(message)

        page.get_by_role("button", name=re.compile("Reenviar")).first.click()
        again = in_time(lambda: receiver.ids.count(message) > before)
        page.get_by_role("button", name="Enviar teste").click()
        tested = in_time(lambda: f"{shown.endpoint}:1" in receiver.ids)

        assert (again, tested) == (True, True)
        assert visitor.complaints == []


def test_an_endpoint_that_is_gone_is_told_on_every_page_and_switched_on_again(shown: Shown) -> None:
    shown.receiver.behave = says(410)
    with shown.visiting(Screen()) as visitor:
        page = visitor.go(shown.page)
        page.get_by_role("button", name=re.compile("Reenviar")).first.click()
        assert in_time(lambda: state(shown).startswith("off since"))

        visitor.go("/")
        expect(page.get_by_text("Há webhooks parados")).to_be_visible()
        visitor.go(shown.page)
        shown.receiver.behave = says(200)
        page.get_by_role("button", name="Ligar").click()

        expect(page.get_by_role("button", name="Desligar")).to_be_visible()
        assert in_time(lambda: state(shown) == "well")


def state(shown: Shown) -> str:
    """Ask the command how it is with the endpoint."""
    told = shown.program.ask("webhooks", "show", shown.endpoint).splitlines()
    return next(line.partition(" ")[2].strip() for line in told if line.startswith("state"))


@pytest.mark.parametrize("screen", LOOKS, ids=str)
def test_the_page_of_an_endpoint_has_no_barriers_and_fits_the_screen(
    shown: Shown, screen: Screen
) -> None:
    with shown.visiting(screen) as visitor:
        page = visitor.go(shown.page)

        found = Axe().run(page)

        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == screen.width
