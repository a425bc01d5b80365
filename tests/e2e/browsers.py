"""A real browser before the pages of a running program."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.programs import Program

CHROMIUM = which("chromium") or which("google-chrome") or "chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--lang=pt-BR",
]
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Screen:
    """How somebody looks at a page."""

    language: Literal["pt", "en"] = "pt"
    width: int = 1280
    height: int = 800
    scheme: Scheme = "light"
    scripts: bool = True


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser. Shape: ``complaints`` are what it wrote to its console."""

    program: Program
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the program."""
        self.page.goto(f"{self.program.address}{path}")
        return self.page

    def sign_in(self) -> Page:
        """Follow a new link, that works once."""
        link = urlsplit(self.program.ask("link").split()[-1])
        return self.go(f"{link.path}?{link.query}")

    def click(self, role: Literal["button", "link"], name: str, arrives: str) -> None:
        """Click what is called so, and wait until one is there."""
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_url(arrives)

    def order(self, number: str) -> str:
        """Find the page of an order by the last digits of its number."""
        self.go(f"/os/OS-{self.year()}-{number.zfill(6)}")
        return self.page.url.removeprefix(self.program.address)

    def year(self) -> str:
        """Read of which year the orders of the sample are."""
        self.go("/?search=OS-")
        return str(self.page.locator(".board th a").first.inner_text()).split("-")[1]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser, or say that there is none."""
    with sync_playwright() as tools:
        try:
            browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no browser
            pytest.skip(f"no browser: {CHROMIUM} does not start ({type(error).__name__})")
        yield browser
        browser.close()


@contextmanager
def visiting(
    browser: Browser, program: Program, screen: Screen, cookies: Sequence[Any] = ()
) -> Iterator[Visitor]:
    """Open a window of its own, with nothing kept in it but ``cookies``."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=screen.scheme,
        java_script_enabled=screen.scripts,
        locale="pt-BR",
        accept_downloads=True,
    )
    language: Any = {"name": "os_events_language", "value": screen.language}
    context.add_cookies([language | {"url": program.address}, *cookies])
    visitor = Visitor(program, context, context.new_page())
    visitor.page.on("console", lambda said: visitor.complaints.append(said.text))
    visitor.page.on("request", lambda request: visitor.asked.append(request.url))
    yield visitor
    context.close()


def signed_in(browser: Browser, program: Program) -> list[Any]:
    """Sign in once; give the cookies, for windows that only look."""
    with visiting(browser, program, Screen()) as visitor:
        visitor.sign_in()
        return [one for one in visitor.context.cookies() if "session" in one.get("name", "")]
