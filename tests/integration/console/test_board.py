"""The board on a real log, without a browser."""

import re
from datetime import timedelta
from uuid import uuid4

from starlette.testclient import TestClient

from os_events.eventlog.database import Pool
from os_events.followers.follower import Follower
from os_events.projections.order_board.board import OrderBoard
from tests.asking import body, deliver, opened, quoted
from tests.integration.conftest import HERE, Clock
from tests.integration.console.conftest import SignIn, page_of
from tests.lives import lived
from tests.support import NOON

ASKED = {  # whether a new order is on the board
    "status=open": True,
    "status=queued": False,
    "category=NEW": True,
    "category=CLOSED": False,
    "type=repair&priority=normal": True,
    "priority=urgent": False,
    "technician=nobody": False,
    "overdue=true": False,
    "status=&type=&priority=&technician=&unit_id=": True,
    "search=OS-2026-000001": True,
    "search=1": True,
    "search=souza+MARIA": True,
    "search=98765-4321": True,
    "search=490154203237518": True,
    "search=Pereira": False,
}


def test_the_board_shows_whose_order_it_is_and_where_it_stands(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    quoted(client)
    deliver(followers)
    sign_in()

    board = pages.get("/").text

    assert "Maria Aparecida Souza" in board
    assert "Aguardando aprovação do orçamento" in board
    assert "aguarda cliente" in board
    assert "R$\u00a0200,00" in board


def test_what_is_late_stands_first_and_is_said_in_words(
    client: TestClient,
    pages: TestClient,
    sign_in: SignIn,
    followers: list[Follower],
    clock: Clock,
) -> None:
    later, late = opened(client), opened(client)
    promised = (NOON + timedelta(hours=1)).isoformat()
    client.post(f"{late}/promises", json=body("PromiseCompletion", promised_at=promised))
    deliver(followers)
    clock.pass_by(hours=3)
    sign_in()

    board = pages.get("/").text

    assert board.index(page_of(late)) < board.index(page_of(later))
    assert "atrasada, venceu há 2 horas" in board


def test_the_board_shows_what_is_asked_for(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    place = opened(client)
    deliver(followers)
    sign_in()

    shown = {query: page_of(place) in pages.get(f"/?{query}").text for query in ASKED}

    assert shown == ASKED


def test_the_board_goes_on_page_by_page(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    first = opened(client)
    customer = client.get(first).json()["order"]["request"]["customer_id"]
    places = {first, *(opened(client, customer_id=customer) for _ in range(50))}
    deliver(followers)
    sign_in()

    one = pages.get("/").text
    cursor = re.search(r'href="(/\?cursor=[^"]+)"', one)
    assert cursor
    two = pages.get(cursor[1]).text

    seen = [{place for place in places if page_of(place) in page} for page in (one, two)]
    assert [len(page) for page in seen] == [50, 1]
    assert seen[0] | seen[1] == places


def test_the_board_says_when_it_is_behind_the_record(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    place = opened(client)
    deliver(followers)
    client.post(f"{place}/notes", json=body("AddNote"))
    sign_in()

    board = pages.get("/").text

    assert "Conforme a posição 2 do registro" in board
    assert "1 fatos atrás" in board or "1 fato atrás" in board


def test_the_board_says_when_its_follower_has_stopped(
    client: TestClient,
    pages: TestClient,
    sign_in: SignIn,
    followers: list[Follower],
    pool: Pool,
) -> None:
    opened(client)
    deliver(followers)
    with pool.connection() as connection:
        connection.execute(
            "INSERT INTO read.health (follower, position, error) VALUES (%s, 3, 'KeyError')",
            (OrderBoard.derivation.name,),
        )
    sign_in()

    board = pages.get("/").text

    assert 'role="alert"' in board
    assert "parou na posição 2" in board


def test_a_search_says_when_what_finds_people_has_stopped(
    client: TestClient,
    pages: TestClient,
    sign_in: SignIn,
    followers: list[Follower],
    pool: Pool,
) -> None:
    opened(client)
    deliver(followers)
    with pool.connection() as connection:
        connection.execute(
            "INSERT INTO read.health (follower, position, error) VALUES (%s, 3, 'KeyError')",
            ("person_lookup_1",),
        )
    sign_in()

    board, search = pages.get("/").text, pages.get("/?search=maria").text

    assert "parou na posição 2" not in board
    assert "parou na posição 2" in search


def test_the_board_of_another_unit_does_not_show_it(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    place = opened(client)
    deliver(followers)
    sign_in(units=frozenset({uuid4()}))

    board, asked = pages.get("/"), pages.get(f"/?unit_id={next(iter(HERE))}")

    assert page_of(place) not in board.text
    assert asked.status_code == 403


def test_the_filters_offer_only_people_of_the_readers_units(
    client: TestClient, pages: TestClient, sign_in: SignIn, followers: list[Follower]
) -> None:
    lived(client, opened(client), "assignments")
    deliver(followers)

    sign_in()
    here = pages.get("/").text
    sign_in(units=frozenset({uuid4()}))
    elsewhere = pages.get("/").text

    assert ("João Batista" in here, "João Batista" in elsewhere) == (True, False)
