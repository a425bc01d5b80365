"""What holds for every page: mistakes, headers, no inline code, nothing typed becomes markup."""

import re
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.api.parts import Parts
from os_events.errors import TamperedError
from os_events.followers.follower import Follower
from tests.asking import deliver, opened
from tests.integration.console.conftest import SignIn, page_of

UNSAFE = re.compile(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
MISTAKES = {
    "/os/OS-2026-999999": 404,
    f"/os/{uuid4()}": 404,
    "/nada": 404,
    "/static/none.css": 404,
    "/?status=none": 422,
    "/?unit_id=here": 422,
    "/?cursor=abc": 422,
    f"/?search={'x' * 101}": 422,
    "/?search=%00": 422,
    "/?technician=%00": 422,
    "/os/%00": 422,
}


def test_what_cannot_be_answered_is_a_page_in_words(
    pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    deliver(followers)
    sign_in()

    answers = {address: pages.get(address) for address in MISTAKES}

    assert {address: one.status_code for address, one in answers.items()} == MISTAKES
    assert all("<h1>" in one.text for one in answers.values())


@pytest.mark.parametrize("path", ["/", "/indicadores", "/tempos"])
def test_while_the_views_are_not_there_the_pages_say_so(
    pages: TestClient, sign_in: SignIn, path: str
) -> None:
    sign_in()

    answer = pages.get(path)

    assert (answer.status_code, "Indisponível no momento" in answer.text) == (503, True)


@pytest.mark.parametrize("language", ["pt", "en"])
def test_pages_need_no_inline_code_and_say_how_careful_a_browser_should_be(
    told_whole: str, pages: TestClient, sign_in: SignIn, language: str
) -> None:
    sign_in()
    pages.cookies.set("os_events_language", language)
    addresses = [
        f"{told_whole}{path}" for path in ("", "/historico", "/historico?since=2020-01-01")
    ]

    answers = [pages.get(address) for address in ("/", "/nada", "/?cursor=abc", *addresses)]

    assert not any(UNSAFE.search(answer.text) for answer in answers)
    assert {answer.headers["content-security-policy"] for answer in answers} == {POLICY}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}


def test_style_sheets_may_be_kept_since_their_address_changes_with_them(pages: TestClient) -> None:
    [address] = re.findall(r'href="(/static/console.css[^"]+)"', pages.get("/entrar").text)

    answer = pages.get(address)

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")


def test_what_people_typed_is_text_and_never_markup(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    place = opened(client, reported_problem='<script>alert("oi")</script>')
    deliver(followers)
    sign_in()

    seen = [pages.get(f"{page_of(place)}{path}").text for path in ("", "/historico")]
    seen.append(pages.get("/?search=<script>alert").text)

    assert not any("<script>" in page for page in seen)


def test_while_nothing_can_be_recorded_every_page_says_so(
    client: TestClient, pages: TestClient, sign_in: SignIn, parts: Parts
) -> None:
    place = opened(client)
    sign_in()
    parts.log.refusal = TamperedError("position 1 has another leaf")

    told = [pages.get(f"{page_of(place)}{path}").text for path in ("", "/historico", "/nada")]

    assert all("nada mais é gravado" in page and "tampered" in page for page in told)
