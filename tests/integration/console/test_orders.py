"""An order and its history on a real log, without a browser."""

import re
from datetime import timedelta
from uuid import uuid4

from starlette.testclient import TestClient

from os_events.api.parts import Parts
from os_events.console.moments import written
from os_events.followers.follower import Follower
from os_events.values.acts import Role
from tests.asking import at, body, deliver, opened
from tests.integration.conftest import Clock
from tests.integration.console.conftest import SignIn, page_of
from tests.lives import lived
from tests.support import NOON

MOMENTS = {
    "as_of=&known_at=": 200,
    "as_of=2020-01-01T00:00": 404,
    "known_at=2020-01-01T00:00": 404,
    "as_of=ontem": 422,
    "known_at=9999-12-31T23:00": 422,
    f"as_of={'9' * 41}": 422,
}
RIGHTS = {
    (Role.STOCK, ""): 200,
    (Role.STOCK, "/historico"): 403,
    (Role.ATTENDANT, "/historico"): 200,
    (Role.ATTENDANT, "/prova"): 403,
    (Role.AUDITOR, "/prova"): 200,
    (Role.SUPPORT, ""): 403,
}
LATE = {
    "reason": {"code": "typed-later"},
    "source": {"kind": "paper", "reference": "ficha 118"},
    "channel": "paper",
}


def test_an_order_is_found_by_its_number(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    place = opened(client)
    deliver(followers)
    sign_in()

    found = pages.get("/os/os-2026-000001")

    assert found.url.path == page_of(place)
    assert "OS-2026-000001" in found.text


def test_an_order_shows_all_that_it_is(told_whole: str, pages: TestClient, sign_in: SignIn) -> None:
    sign_in()

    page = pages.get(told_whole).text

    assert "Não carrega desde ontem; caiu no chão." in page
    assert "490154203237518" in page
    assert "Conector USB-C rompido" in page
    assert "sem autorização, não cobrável" in page
    assert "Capa azul (devolvido)" in page
    assert "saldo R$\u00a00,00 de R$\u00a0200,00" in page
    assert "Encerrada: atendida" in page


def test_what_is_charged_less_than_approved_is_marked(
    client: TestClient, pages: TestClient, sign_in: SignIn
) -> None:
    place = opened(client)
    lived(client, place, "checklists")
    lines = body("SettleFinalCosts")["lines"]
    lines = [lines[0], lines[1] | {"unit_price": 7000}]
    client.post(f"{place}/settlements", json=body("SettleFinalCosts", lines=lines))
    sign_in()

    page = pages.get(page_of(place)).text

    assert 'class="differs"' in page
    assert "R$\u00a010,00 a menos" in page


def test_an_order_is_shown_as_it_was(
    client: TestClient, pages: TestClient, sign_in: SignIn, clock: Clock
) -> None:
    place = opened(client)
    lived(client, place, "triages", lambda: clock.pass_by(hours=1))
    sign_in()

    then = pages.get(page_of(place), params={"as_of": "2026-03-02T12:30"}).text

    assert "Como era em 02/03/2026 12:30" in then
    assert "Aberta" in then
    assert "Na fila" not in then


def test_a_moment_at_which_there_is_nothing_to_see_is_told(
    client: TestClient, pages: TestClient, sign_in: SignIn
) -> None:
    place = opened(client)
    sign_in()

    told = {query: pages.get(f"{page_of(place)}?{query}").status_code for query in MOMENTS}

    assert told == MOMENTS


def test_a_late_entry_is_marked_with_its_reason_and_source(
    client: TestClient, pages: TestClient, sign_in: SignIn, clock: Clock
) -> None:
    place = opened(client)
    clock.pass_by(days=2)
    told = body("AddNote") | at(NOON + timedelta(hours=1)) | LATE
    client.post(f"{place}/notes", json=told)
    sign_in()

    page = pages.get(f"{page_of(place)}/historico").text

    assert "registro tardio: " in page
    assert "motivo: typed-later · origem: ficha 118" in page
    assert "Papel" in page


def test_an_overridden_rule_is_told(client: TestClient, pages: TestClient, sign_in: SignIn) -> None:
    place = opened(client)
    lived(client, place, "holds")
    sign_in()

    page = pages.get(f"{page_of(place)}/historico").text

    assert "Exceção com motivo à regra Q10" in page


def test_the_history_leaves_out_what_was_not_known_then(
    client: TestClient, pages: TestClient, sign_in: SignIn, parts: Parts
) -> None:
    place = opened(client)
    client.post(f"{place}/notes", json=body("AddNote"))
    known_at = written(parts.log.histories([place.rpartition("/")[2]])[0].recorded_at)  # type: ignore[list-item]  # PostgreSQL reads it
    sign_in()

    now = pages.get(f"{page_of(place)}/historico").text
    then = pages.get(f"{page_of(place)}/historico", params={"known_at": known_at}).text

    assert ("2 fatos" in now, "Cliente pediu contato" in now) == (True, True)
    assert ("1 fatos" in then, "Cliente pediu contato" in then) == (True, False)


def test_what_changed_between_two_instants_is_shown_with_the_facts_behind_it(
    client: TestClient, pages: TestClient, sign_in: SignIn, clock: Clock
) -> None:
    place = opened(client)
    lived(client, place, "receptions", lambda: clock.pass_by(hours=1))
    sign_in()

    asked = {"since": "2026-03-02T12:30", "until": "2026-03-02T13:30"}
    page = pages.get(f"{page_of(place)}/historico", params=asked).text

    [changes] = re.findall(r'aria-labelledby="changes">.*?</section>', page, re.DOTALL)
    assert "<td>Aberta</td><td>Na fila</td>" in changes
    assert "Triagem feita" in changes
    assert "Equipamento recebido" not in changes


def test_a_role_sees_what_the_table_of_rights_says(
    client: TestClient, pages: TestClient, sign_in: SignIn
) -> None:
    place = opened(client)

    def seen(role: Role, path: str) -> int:
        sign_in(role)
        return pages.get(f"{page_of(place)}{path}").status_code

    assert {(role, path): seen(role, path) for role, path in RIGHTS} == RIGHTS


def test_an_order_of_another_unit_is_nobodys_to_see(
    client: TestClient, pages: TestClient, sign_in: SignIn
) -> None:
    place = opened(client)
    sign_in(units=frozenset({uuid4()}))

    answers = [pages.get(f"{page_of(place)}{path}") for path in ("", "/historico", "/prova")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("Souza" in answer.text for answer in answers)


def test_who_may_not_see_the_history_is_not_sent_there(
    client: TestClient, pages: TestClient, sign_in: SignIn
) -> None:
    place = opened(client)
    sign_in(Role.STOCK)

    page = pages.get(page_of(place)).text

    assert f'{page_of(place)}/historico"' not in page
    assert "/prova" not in page


def test_the_verifiable_file_is_called_by_the_orders_number(
    client: TestClient, pages: TestClient, sign_in: SignIn
) -> None:
    place = opened(client)
    sign_in()

    answer = pages.get(f"{page_of(place)}/prova")

    assert answer.headers["content-disposition"] == 'attachment; filename="OS-2026-000001.json"'
