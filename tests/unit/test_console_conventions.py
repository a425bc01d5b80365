"""What holds for every page, whoever wrote it."""

import inspect
import re
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from os_events.console import sign_in
from os_events.console.app import PAGES
from os_events.console.reader import sender, somebody

TEMPLATES = Path(str(files("os_events.console"))) / "templates"
UNSAFE = re.compile(
    r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|\|\s*safe\b|javascript:", re.IGNORECASE
)
ROUTES = [
    route for module in PAGES for route in module.router.routes if isinstance(route, APIRoute)
]
STRANGERS = {"/entrar"}  # may be looked at by those who are not signed in


def asks_for(route: APIRoute) -> set[object]:
    """Name the dependencies of a page."""
    return {one.call for one in route.dependant.dependencies}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_page_may_block_so_it_is_no_coroutine(route: APIRoute) -> None:
    assert not inspect.iscoroutinefunction(route.endpoint)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_who_looks_is_signed_in_and_who_sends_a_form_has_its_token(route: APIRoute) -> None:
    needed = sender if route.methods == {"POST"} else somebody

    assert needed in asks_for(route) or (route.path in STRANGERS and route.methods == {"GET"})


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_page_asks_for_the_right_to_what_it_shows(route: APIRoute) -> None:
    source = inspect.getsource(route.endpoint)

    asks = re.search(r"\b(Question|Operation)\.", source)
    assert asks or inspect.getmodule(route.endpoint) is sign_in


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_has_no_inline_code_and_lets_nothing_through(path: Path) -> None:
    assert not UNSAFE.search(path.read_text("utf-8"))
