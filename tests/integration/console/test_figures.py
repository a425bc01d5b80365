"""Figures, times and bottlenecks on a real log, without a browser."""

import csv
import re
from datetime import datetime, timedelta
from html import unescape
from io import StringIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.catalogue import CHAPTERS, FIGURES
from os_events.kpis.past import Past
from os_events.values.acts import Role
from tests.asking import at, body, deliver, opened, quoted, registered
from tests.integration.conftest import Clock
from tests.integration.console.conftest import SignIn
from tests.support import NOON

pytestmark = pytest.mark.usefixtures("figures")  # they are installed
MARCH = "first=2026-03-01&last=2026-03-31"
REFUSED = {
    "/indicadores?first=2026-03-02&last=2026-03-01": 422,
    "/indicadores?first=ontem": 422,
    "/indicadores?known_at=9999-12-31T23:00": 422,
    "/indicadores/backlog?by=tempo": 422,
    "/indicadores/backlog?first=0001-01-01": 422,
    "/indicadores/nada": 404,
    "/indicadores/nada/ordens": 404,
    "/indicadores/nada/csv": 404,
    "/indicadores/backlog/ordens?after=nada": 422,
    f"/indicadores?unit={uuid4()}": 403,
}
RIGHTS = {Role.MANAGER: 200, Role.TECHNICIAN: 200, Role.AUDITOR: 200, Role.ATTENDANT: 403}
PATHS = ("/indicadores", "/indicadores/backlog", "/indicadores/backlog/ordens", "/tempos")
LATE = {
    "reason": {"code": "typed-later"},
    "source": {"kind": "paper", "reference": "ficha 118"},
    "channel": "paper",
}
LINK = re.compile(r'href="(/indicadores/[^"]+/ordens[^"]*)"')


@pytest.fixture
def waiting(client: TestClient, clock: Clock, followers: list[Follower]) -> list[str]:
    """Given: an order whose quote nobody answered, and one that nobody looked at, a day later."""
    places = [quoted(client), opened(client, priority="urgent")]
    deliver(followers)
    clock.pass_by(days=1)
    return places


@pytest.fixture
def two_waiting(waiting: list[str], sign_in: SignIn) -> list[str]:
    """Given: the same, and a manager who looks."""
    sign_in()
    return waiting


@pytest.fixture
def told_late(
    client: TestClient,
    log: EventLog,
    clock: Clock,
    followers: list[Follower],
    waiting: list[str],
) -> dict[str, str]:
    """Given: a hold that was told late; ask as it was known before."""
    clock.now = known_at = recorded(log) + timedelta(milliseconds=1)
    hold = body("PlaceHold", scope="order", **LATE, **at(NOON + timedelta(hours=5)))
    assert client.post(f"{waiting[0]}/holds", json=hold).is_success
    deliver(followers)
    clock.now = recorded(log) + timedelta(minutes=1)
    as_of = NOON + timedelta(hours=9)
    return {"as_of": as_of.isoformat(), "known_at": known_at.isoformat()}


@pytest.mark.usefixtures("two_waiting")
def test_every_figure_is_there_with_its_definition(pages: TestClient) -> None:
    page = unescape(pages.get("/indicadores").text)

    told = [words.pt for one in FIGURES.values() for words in (one.title, one.formula)]
    assert [words for words in told if words not in page] == []
    assert [chapter.title.pt for chapter in CHAPTERS if chapter.title.pt not in page] == []
    assert page.count('class="headline"') == len(FIGURES)


@pytest.mark.usefixtures("two_waiting")
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_each_figure_has_a_page_in_each_language(pages: TestClient, name: str) -> None:
    path = f"/indicadores/{name}?by=priority&grain=day"

    pt = unescape(pages.get(path).text)
    pages.cookies.set("os_events_language", "en")
    en = unescape(pages.get(path).text)

    assert FIGURES[name].formula.pt in pt
    assert FIGURES[name].formula.en in en


def test_a_number_leads_to_the_orders_behind_it(pages: TestClient, two_waiting: list[str]) -> None:
    page = pages.get(f"/indicadores/backlog?by=priority&{MARCH}").text

    urgent = next(link for link in LINK.findall(page) if "priority=urgent" in link)
    listed = pages.get(urgent.replace("&amp;", "&")).text

    _, its_place = two_waiting
    assert its_place.replace("/service-orders/", "/os/") in listed
    assert listed.count("OS-2026-") == 1
    assert "Prioridade: Urgente" in listed


@pytest.mark.parametrize("field", ["series", "defect", "model", "department"])
@pytest.mark.parametrize("path", ["/indicadores/wip", "/indicadores/wip/ordens"])
def test_nobody_is_named_whom_a_figure_is_not_about(
    client: TestClient, pages: TestClient, sign_in: SignIn, path: str, field: str
) -> None:
    customer = registered(client, name="Aparecida Alves")
    sign_in(Role.TECHNICIAN)

    page = pages.get(path, params={field: customer})

    assert page.status_code == 200
    assert "Aparecida" not in page.text


def test_the_orders_behind_a_number_come_page_by_page(
    client: TestClient,
    pages: TestClient,
    followers: list[Follower],
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os_events.console.pages_cases.A_PAGE", 1)
    places = [opened(client), opened(client)]
    deliver(followers)
    sign_in()

    first = pages.get(f"/indicadores/backlog/ordens?{MARCH}").text
    follows = next(link for link in LINK.findall(first) if "after=" in link)
    second = pages.get(follows.replace("&amp;", "&")).text

    seen = [[place.rpartition("/")[2] in page for place in places] for page in (first, second)]
    assert sorted(seen) == [[False, True], [True, False]]  # both were opened at one instant


@pytest.mark.usefixtures("two_waiting")
def test_a_figure_is_taken_along_as_the_page_shows_it(pages: TestClient) -> None:
    answer = pages.get(f"/indicadores/backlog/csv?by=priority&grain=whole&{MARCH}")

    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [(row["priority"], row["value"]) for row in rows] == [("high", "1"), ("urgent", "1")]
    assert "backlog.csv" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("two_waiting")
def test_the_bottleneck_is_named_with_why(pages: TestClient) -> None:
    page = pages.get("/tempos").text

    assert "Gargalo: Aguardando aprovação do orçamento." in page
    assert "50,0\u00a0% do total (24:00 h). Entradas 1, saídas 0" in page


def test_where_nothing_was_open_there_is_no_bottleneck(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()

    assert "Nenhuma OS esteve aberta neste período." in pages.get("/tempos").text


def test_a_period_with_closings_enough_is_held_against_what_is_in_process(
    told_whole: str, pages: TestClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os_events.kpis.flow_check.FEWEST", 1)
    assert told_whole
    sign_in()

    page = pages.get("/tempos").text

    assert "Equilíbrio do fluxo" in page
    assert "O período esteve em equilíbrio." in page


def test_promises_at_risk_are_listed_with_their_orders(
    client: TestClient,
    pages: TestClient,
    clock: Clock,
    followers: list[Follower],
    sign_in: SignIn,
) -> None:
    place = opened(client)
    promised = (NOON + timedelta(hours=1)).isoformat()
    client.post(f"{place}/promises", json=body("PromiseCompletion", promised_at=promised))
    deliver(followers)
    clock.pass_by(hours=3)
    sign_in()

    page = pages.get("/tempos").text

    assert place.replace("/service-orders/", "/os/") in page
    assert "Prazo vencido" in page


def test_what_was_known_stands_beside_what_is_known_and_why(
    pages: TestClient, sign_in: SignIn, told_late: dict[str, str]
) -> None:
    sign_in()

    page = pages.get(f"/indicadores/wip?{urlencode(told_late)}&{MARCH}&by=series").text

    assert "Como se sabia em" in page
    assert "Como se sabe agora" in page
    assert "O que se registrou depois" in page
    assert page.index("Por que diferem") < page.index("OS-2026-000001")
    assert "Suspensa" in page


def test_while_the_past_is_derived_a_page_says_how_far_it_is_and_comes_back(
    past: Past, pages: TestClient, sign_in: SignIn, told_late: dict[str, str]
) -> None:
    past.wait_seconds = 0
    sign_in()

    page = pages.get(f"/indicadores?{urlencode(told_late)}")

    assert page.status_code == 202
    assert '<meta http-equiv="refresh" content="3">' in page.text
    assert "Recompondo o passado" in page.text


def test_what_an_address_cannot_ask_is_refused(pages: TestClient, sign_in: SignIn) -> None:
    sign_in()

    assert {path: pages.get(path).status_code for path in REFUSED} == REFUSED


@pytest.mark.parametrize("path", PATHS)
def test_who_may_not_see_orders_behind_figures_sees_no_figures(
    pages: TestClient, sign_in: SignIn, path: str
) -> None:
    def seen_by(role: Role) -> int:
        sign_in(role)
        return pages.get(path).status_code

    assert {role: seen_by(role) for role in RIGHTS} == RIGHTS


def test_the_way_to_figures_is_shown_to_those_who_may_go_there(
    pages: TestClient, sign_in: SignIn
) -> None:
    sign_in(Role.ATTENDANT)
    without = pages.get("/").text
    sign_in(Role.MANAGER)
    with_it = pages.get("/").text

    assert ("/indicadores" in without, "/indicadores" in with_it) == (False, True)
    assert "/tempos" in with_it


@pytest.mark.usefixtures("two_waiting")
def test_figures_keep_to_the_units_of_whoever_looks(pages: TestClient, sign_in: SignIn) -> None:
    elsewhere = uuid4()
    sign_in(Role.MANAGER, units=frozenset({elsewhere}))

    own, others = pages.get("/indicadores/wip"), pages.get(f"/indicadores/wip?unit={uuid4()}")

    assert "nenhum caso no período" in own.text
    assert others.status_code == 403


def recorded(log: EventLog) -> datetime:
    """Say when the last fact was recorded."""
    [event] = log.read(log.head() - 1, log.head())
    return event.recorded_at
