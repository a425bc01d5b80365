from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it says nothing of types
from playwright.sync_api import Browser, expect

from tests.e2e.browsers import Screen, Visitor, visiting
from tests.e2e.programs import Program

PAGES: dict[str, Callable[[str], str]] = {
    "board": lambda _: "/",
    "late": lambda _: "/?overdue=true",
    "search": lambda _: "/?search=Marina",
    "nothing": lambda _: "/?search=ninguem",
    "order": lambda order: order,
    "past-order": lambda order: f"{order}?as_of=2100-01-01T00:00",
    "history": lambda order: f"{order}/historico",
    "changes": lambda order: f"{order}/historico?since=2020-01-01T00:00",
    "past": lambda order: f"{order}/historico?known_at=2020-01-01T00:00",
    "figures": lambda _: "/indicadores",
    "figure": lambda _: "/indicadores/backlog?grain=day&by=priority",
    "figure-then": lambda _: "/indicadores/wip?known_at=2026-01-01T00:00",
    "behind": lambda _: "/indicadores/time_in_state/ordens",
    "times": lambda _: "/tempos",
    "webhooks": lambda _: "/webhooks",
    "error": lambda _: "/nada",
}
SCREENS = [
    Screen("pt", 1280),
    Screen("en", 360, scheme="dark"),
    Screen("pt", 360),
    Screen("en", 1280, scheme="dark"),
]
Cookies = list[Any]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_no_page_has_barriers_that_axe_finds(
    browser: Browser, shop: Program, cookies: Cookies, screen: Screen
) -> None:
    with visiting(browser, shop, screen, cookies) as visitor:
        order = visitor.order("1")

        found = {name: barriers(visitor, page(order)) for name, page in PAGES.items()}

    assert found == dict.fromkeys(PAGES, "")


def test_the_page_for_strangers_has_no_barriers_that_axe_finds(
    browser: Browser, shop: Program
) -> None:
    with visiting(browser, shop, Screen()) as visitor:
        assert barriers(visitor, "/entrar?over=true") == ""


def test_on_a_phone_no_page_is_wider_than_the_screen(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(width=360), cookies) as visitor:
        order = visitor.order("1")

        widths = {name: width(visitor, page(order)) for name, page in PAGES.items()}

    assert widths == dict.fromkeys(PAGES, 360)


def test_pages_ask_nobody_else_and_the_browser_has_nothing_to_complain_of(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(), cookies) as visitor:
        order = visitor.order("1")

        _ = [visitor.go(page(order)) for name, page in PAGES.items() if name != "error"]

        assert all(url.startswith(shop.address) for url in visitor.asked)
        assert visitor.complaints == []


def test_without_scripts_one_finds_an_order_travels_in_time_and_leaves(
    browser: Browser, shop: Program
) -> None:
    with visiting(browser, shop, Screen(scripts=False)) as visitor:
        page = visitor.sign_in()
        page.get_by_role("searchbox").fill("Marina")
        visitor.click("button", "Buscar", "**/?search=Marina")
        page.locator(".board th a").first.click()
        visitor.click("link", "Histórico", "**/historico")
        facts = page.locator(".facts > li").count()

        visitor.click("link", "como era aqui", "**/historico?as_of=*")
        then = page.locator(".facts > li").count()
        visitor.click("link", "Voltar ao agora", "**/historico")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name="Time travel")).to_be_visible()
        visitor.click("button", "Sign out", "**/entrar")

        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert 0 < then < facts


def test_without_scripts_one_goes_from_the_bottleneck_to_an_order_that_waits(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(scripts=False), cookies) as visitor:
        page = visitor.go("/")
        visitor.click("link", "Tempos e gargalos", "**/tempos")
        stuck = page.locator(".note.alarm strong").inner_text()
        status = stuck.removeprefix("Gargalo: ").removesuffix(".")

        page.get_by_role("row", name=status).first.get_by_role("link").first.click()
        page.wait_for_url("**/indicadores/time_in_state/ordens?*")
        told = page.locator(".title").inner_text()
        page.locator("tbody th a").first.click()

        expect(page.get_by_role("link", name="Histórico")).to_be_visible()
        assert f"Etapa: {status}" in told


def test_without_scripts_a_figure_is_asked_for_another_period_and_taken_along(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(scripts=False), cookies) as visitor:
        page = visitor.go("/indicadores")
        visitor.click("link", "Backlog e envelhecimento", "**/indicadores/backlog")
        page.get_by_label("Do dia").fill("2020-01-01")
        page.get_by_label("Até o dia").fill("2020-03-31")
        page.get_by_label("Separado por").select_option("priority")
        visitor.click("button", "Mostrar", "**/indicadores/backlog?first=2020-01-01&*")

        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()

        assert page.locator(".headline").inner_text() == "0"
        assert download.value.suggested_filename == "backlog.csv"


def test_on_paper_a_figure_has_its_numbers_and_its_definition_and_nothing_to_click(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(), cookies) as visitor:
        page = visitor.go("/indicadores/backlog")

        page.emulate_media(media="print")

        assert page.locator(".running").is_visible()
        assert page.locator(".chart .plot").first.is_visible()
        assert page.get_by_text("Fórmula").is_visible()
        assert not page.locator("form:visible, button:visible, .button:visible").count()


def test_the_first_key_leads_past_the_frame_and_every_stop_is_seen(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(), cookies) as visitor:
        page = visitor.go("/")

        page.keyboard.press("Tab")
        first = str(page.evaluate("document.activeElement.textContent"))
        stops = [stop(visitor) for _ in range(15)]
        page.keyboard.press("Control+Home")
        page.locator(".skip").focus()
        page.keyboard.press("Enter")

        assert first == "Ir para o conteúdo"
        assert all(outline == "solid" for outline in stops)
        assert page.evaluate("document.activeElement.id") == "content"


def test_on_paper_a_history_has_its_number_and_position_and_nothing_to_click(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(), cookies) as visitor:
        page = visitor.go(f"{visitor.order('1')}/historico")

        page.emulate_media(media="print")

        head = page.locator(".running")
        assert head.is_visible()
        assert "posição" in head.inner_text()
        assert not page.locator("form:visible, button:visible, .looks:visible").count()


def test_the_downloaded_file_is_verified_by_the_logs_key(
    browser: Browser, shop: Program, cookies: Cookies
) -> None:
    with visiting(browser, shop, Screen(), cookies) as visitor:
        visitor.go(visitor.order("1"))

        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("link", name="Arquivo verificável").click()

        status = shop.ask("status")
        [key] = [line.split()[-1] for line in status.splitlines() if line.startswith("key")]
        assert "OS-" in download.value.suggested_filename
        assert shop.ask("verify", str(download.value.path()), "--key", key)


def barriers(visitor: Visitor, path: str) -> str:
    """Say what axe finds on a page."""
    found = Axe().run(visitor.go(path))
    return str(found.generate_report()) if found.violations_count else ""


def width(visitor: Visitor, path: str) -> int:
    """Measure a page. Unit: CSS pixels."""
    return int(visitor.go(path).evaluate("document.documentElement.scrollWidth"))


def stop(visitor: Visitor) -> str:
    """Go on to the next stop of the Tab key; say how it is outlined."""
    visitor.page.keyboard.press("Tab")
    return str(visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
