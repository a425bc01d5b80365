"""Signing in and out, forms, and the choice of language, without a browser."""

from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from os_events.access.keys import Keys
from os_events.access.sessions import Sessions
from os_events.access.tokens import id_of
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.integration.conftest import Clock
from tests.integration.console.conftest import SignIn, token_in

UNKNOWN = UUID(int=7)


def test_a_link_signs_in_once(pages: TestClient, api_keys: Keys, sessions: Sessions) -> None:
    holder = Principal(Actor(id=str(uuid4()), role=Role.MANAGER))
    link = {"link": sessions.new_link(id_of(api_keys.new("Marina", holder)))}

    first = pages.get("/entrar", params=link)
    pages.cookies.clear()
    second = pages.get("/entrar", params=link)

    assert (first.url.path, "Marina · " in first.text) == ("/", True)
    assert (second.status_code, "já foi usado" in second.text) == (403, True)


@pytest.mark.parametrize("address", ["/", f"/os/{UNKNOWN}", f"/os/{UNKNOWN}/historico", "/os/x"])
def test_who_is_not_signed_in_is_shown_how_to(pages: TestClient, address: str) -> None:
    asked = pages.get(address)

    assert asked.url.path == "/entrar"
    assert "os-events link" in asked.text


def test_a_session_that_is_over_says_so(pages: TestClient, sign_in: SignIn, clock: Clock) -> None:
    sign_in()

    clock.pass_by(minutes=31)

    assert "A sua sessão terminou" in pages.get("/").text


def test_a_session_is_a_cookie_that_no_script_reads_and_no_other_site_sends(
    pages: TestClient, api_keys: Keys
) -> None:
    key = api_keys.new("Marina", Principal(Actor(id=str(uuid4()), role=Role.MANAGER)))
    form = {"token": token_in(pages.get("/entrar").text), "key": key}

    answer = pages.post("/entrar", data=form, follow_redirects=False)

    told = answer.headers["set-cookie"].lower()
    assert told.startswith("os_events_session=")
    assert {"httponly", "path=/", "samesite=lax"} <= set(told.split("; "))


def test_over_an_encrypted_connection_the_cookie_is_kept_to_the_host(
    pages: TestClient, api_keys: Keys
) -> None:
    pages.base_url = "https://oficina.example"
    key = api_keys.new("Marina", Principal(Actor(id=str(uuid4()), role=Role.MANAGER)))
    form = {"token": token_in(pages.get("/entrar").text), "key": key}

    answer = pages.post("/entrar", data=form, follow_redirects=False)

    told = answer.headers["set-cookie"]
    assert told.startswith("__Host-os_events_session=")
    assert "Secure" in told.split("; ")


def test_a_key_that_is_not_in_force_does_not_sign_in(pages: TestClient) -> None:
    form = {"token": token_in(pages.get("/entrar").text), "key": "ose_live_0_0_0"}

    answer = pages.post("/entrar", data=form)

    assert (answer.status_code, "Chave desconhecida" in answer.text) == (403, True)


def test_signing_out_ends_the_session(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()
    cookies = dict(pages.cookies)
    pages.post("/sair", data={"token": token_in(pages.get("/").text)})

    pages.cookies.update(cookies)

    assert pages.get("/").url.path == "/entrar"


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_that_is_not_of_this_session_changes_nothing(
    pages: TestClient, sign_in: SignIn, token: str
) -> None:
    sign_in()

    refused = pages.post("/sair", data={"token": token})

    assert (refused.status_code, "Formulário vencido" in refused.text) == (403, True)
    assert pages.get("/").url.path == "/"


def test_a_form_that_another_site_sends_changes_nothing(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()
    form = {"token": token_in(pages.get("/").text)}

    refused = pages.post("/sair", data=form, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert pages.get("/").url.path == "/"


def test_a_token_of_somebody_elses_session_is_not_ours(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()
    theirs = token_in(pages.get("/").text)
    sign_in()

    refused = pages.post("/sair", data={"token": theirs})

    assert refused.status_code == 403


def test_the_language_stays_and_the_reader_too(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()
    form = {"token": token_in(pages.get("/").text), "language": "en"}

    answer = pages.post("/idioma", data=form | {"back": "/?overdue=true"})

    assert (str(answer.url.query, "ascii"), "Only" in answer.text) == ("overdue=true", False)
    assert '<html lang="en">' in pages.get("/").text


@pytest.mark.parametrize("back", ["https://other.example", "//other.example", "/\\other.example"])
def test_the_language_switch_leads_to_no_other_site(pages: TestClient, back: str) -> None:
    form = {"token": token_in(pages.get("/entrar").text), "language": "en", "back": back}

    answer = pages.post("/idioma", data=form, follow_redirects=False)

    assert answer.headers["location"] == "/"
