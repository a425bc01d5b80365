"""Questions over HTTP: what is told of orders and people, as of when, and to whom."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.values.acts import Role
from tests.asking import approved, at, body, customer_of, deliver, opened, registered
from tests.integration.conftest import AsRole, Clock
from tests.support import NOON, STRANGER, UNIT, a_company

LATE = {
    "reason": {"code": "typed-later"},
    "source": {"kind": "paper", "reference": "form 118"},
    "channel": "paper",
}


def numbers(answer: Any) -> list[str]:
    return [row["order_number"][-1] for row in answer.json()["orders"]]


def test_a_question_waits_for_ones_own_write(client: TestClient, followers: list[Follower]) -> None:
    opened(client)

    too_early = client.get("/service-orders", params={"after": 2})
    deliver(followers)
    in_time = client.get("/service-orders", params={"after": 2})

    assert (too_early.status_code, too_early.headers["Retry-After"]) == (503, "1")
    assert (numbers(in_time), in_time.headers["As-Of-Position"]) == (["1"], "2")


def test_the_board_shows_what_is_overdue_first_and_counts_it(
    client: TestClient, followers: list[Follower], clock: Clock
) -> None:
    places = [opened(client) for _ in range(3)]
    for place, hours in zip(places, (48, 1, 24), strict=True):
        due = (NOON + timedelta(hours=hours)).isoformat()
        client.post(f"{place}/promises", json=body("PromiseCompletion", promised_at=due))
    deliver(followers)

    clock.pass_by(hours=2)
    board, overdue = client.get("/service-orders"), client.get("/service-orders?overdue=true")

    assert (numbers(board), numbers(overdue)) == (["2", "3", "1"], ["2"])
    assert board.json()["counts"] == [
        {"status": "open", "category": "NEW", "orders": 3, "overdue": 1}
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["1", "2"]),
        ({"status": "queued"}, ["2"]),
        ({"status": ["queued", "open"]}, ["2", "1"]),
        ({"category": "PLANNED"}, ["2"]),
        ({"priority": "high"}, ["2"]),
        ({"type": "repair"}, ["2", "1"]),
        ({"route": "visit"}, []),
        ({"unit_id": str(UNIT)}, ["2", "1"]),
        ({"technician": str(STRANGER)}, []),
        ({"ended": "true"}, ["2", "1", "3"]),
        ({"status": "cancelled"}, ["3"]),
    ],
    ids=str,
)
def test_the_board_is_filtered(
    client: TestClient, followers: list[Follower], query: dict[str, Any], expected: list[str]
) -> None:
    _, second, third = opened(client), opened(client), opened(client)
    client.post(f"{second}/triages", json=body("TriageServiceOrder"))
    client.post(f"{third}/cancellations", json=body("CancelServiceOrder"))
    deliver(followers)

    found = client.get("/service-orders", params=query)

    assert sorted(numbers(found)) == sorted(expected)


def pages_of(client: TestClient, limit: int) -> Iterator[list[str]]:
    """When: turn page after page."""
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = client.get("/service-orders", params=query).json()
        yield [row["order_id"] for row in page["orders"]]
        if page["next"] is None:
            return
        query["cursor"] = page["next"]


def test_the_board_goes_on_where_a_page_ended(
    client: TestClient, followers: list[Follower]
) -> None:
    customer = registered(client)
    places = [opened(client, customer_id=customer) for _ in range(5)]
    deliver(followers)

    pages = list(pages_of(client, limit=2))

    assert [len(page) for page in pages] == [2, 2, 1]
    assert {one for page in pages for one in page} == {place.split("/")[2] for place in places}


def test_an_order_is_shown_with_the_names_of_its_people(client: TestClient) -> None:
    place = opened(client)

    shown = client.get(place)

    request = shown.json()["order"]["request"]
    assert request["reported_problem"] == body("OpenServiceOrder")["reported_problem"]
    assert request["asset"]["imeis"] == ["490154203237518"]
    assert shown.json()["names"] == {request["customer_id"]: "Maria Aparecida Souza"}


def test_an_order_may_be_shown_without_anything_personal(
    client: TestClient, followers: list[Follower]
) -> None:
    place = opened(client)
    deliver(followers)

    shown = client.get(place, params={"personal": "left-out", "after": 2})

    request = shown.json()["order"]["request"]
    assert (request["reported_problem"], request["asset"]["imeis"]) == (None, None)
    assert (shown.json()["names"], shown.headers["ETag"]) == ({}, '"1"')
    assert "Maria" not in shown.text


def test_an_order_is_found_by_number_by_name_by_phone_and_by_what_is_on_the_device(
    client: TestClient, followers: list[Follower]
) -> None:
    opened(client)
    opened(client, customer_id=registered(client, name="João Reis", documents=[], phones=[]))
    deliver(followers)
    words = ("os-2026-000001", "000002", "souza maria", "98765-4321", "490154203237518", "ninguém")

    found = {word: numbers(client.get("/search", params={"q": word})) for word in words}

    assert {word: sorted(numbers) for word, numbers in found.items()} == {
        "os-2026-000001": ["1"],
        "000002": ["2"],
        "souza maria": ["1"],
        "98765-4321": ["1"],
        "490154203237518": ["1", "2"],
        "ninguém": [],
    }


def test_people_are_found_by_those_who_may_look_them_up(
    client: TestClient, api: TestClient, followers: list[Follower], as_role: AsRole
) -> None:
    customer = registered(client)
    deliver(followers)

    desk, workshop = (
        api.get("/search", params={"q": "maria"}, headers=as_role(role)).json()["persons"]
        for role in (Role.ATTENDANT, Role.TECHNICIAN)
    )

    assert desk == [{"person_id": customer, "name": "Maria Aparecida Souza"}]
    assert workshop == []


def test_a_person_is_shown_with_what_is_kept_apart(client: TestClient) -> None:
    customer = registered(client)

    shown = client.get(f"/persons/{customer}")

    personal = shown.json()["personal"]
    assert (personal["name"], personal["emails"]) == (
        "Maria Aparecida Souza",
        ["maria@example.com"],
    )
    assert personal["documents"] == [{"type": "cpf", "number": "11144477735"}]
    assert personal["addresses"][0]["detail"]["street"] == "Avenida Paulista"
    assert (shown.json()["person"]["version"], shown.headers["ETag"]) == (1, '"1"')


def test_the_past_is_shown_as_it_was_and_as_it_was_known(client: TestClient, clock: Clock) -> None:
    place = opened(client)
    clock.pass_by(hours=48)
    client.post(f"{place}/triages", json=body("TriageServiceOrder"))
    known_then = client.get(f"{place}/history").json()["facts"][-1]["recorded_at"]
    hold = body("PlaceHold", scope="order") | at(NOON + timedelta(hours=2)) | LATE
    client.post(f"{place}/holds", json=hold)

    def shown(as_of_hours: float | None = None, **asked: Any) -> tuple[str | None, int]:
        if as_of_hours is not None:
            asked["as_of"] = (NOON + timedelta(hours=as_of_hours)).isoformat()
        past = client.get(f"{place}/history", params=asked).json()
        return past["order"] and past["order"]["status"], len(past["facts"])

    assert shown() == ("on_hold", 3)
    assert shown(3) == ("on_hold", 2)
    assert shown(3, known_at=known_then) == ("open", 1)
    assert shown(known_at=known_then) == ("queued", 2)
    assert shown(-1) == (None, 0)


def test_a_fact_is_told_in_the_words_and_by_the_clock_of_the_place(
    client: TestClient, clock: Clock
) -> None:
    place = opened(client)
    clock.pass_by(hours=5)
    client.post(f"{place}/notes", json=body("AddNote") | at(NOON + timedelta(hours=1)) | LATE)

    pt, en = (
        client.get(f"{place}/history", params={"language": one}).json()["facts"][1]
        for one in ("pt", "en")
    )

    assert pt["words"].startswith("Anotação (interna): “Cliente pediu contato")
    assert en["words"].startswith("Note (internal): “Cliente pediu contato")
    assert (pt["late"], pt["reason"], pt["channel"]) == (True, "typed-later", "paper")
    assert datetime.fromisoformat(pt["occurred_at"]) == NOON + timedelta(hours=1)


def test_intervals_say_where_an_order_stood(
    client: TestClient, followers: list[Follower], clock: Clock
) -> None:
    place = opened(client)
    clock.pass_by(hours=1)
    client.post(f"{place}/triages", json=body("TriageServiceOrder"))
    deliver(followers)

    first, last, stage = client.get(f"{place}/intervals", params={"after": 3}).json()

    told = [(one["kind"], one["about"]) for one in (first, last, stage)]
    assert told == [("status", "open"), ("status", "queued"), ("stage", "backlog")]
    assert (first["ended_at"], last["ended_at"]) == (last["started_at"], None)


def test_who_works_in_one_unit_sees_its_orders_only(
    client: TestClient, api: TestClient, followers: list[Follower], as_role: AsRole
) -> None:
    place = opened(client)
    deliver(followers)
    elsewhere = frozenset({uuid4()})
    here, there = as_role(Role.ATTENDANT), as_role(Role.ATTENDANT, elsewhere)
    places = (place, f"{place}/history", f"{place}/intervals", f"{place}?personal=left-out")

    boards = [api.get("/service-orders", headers=one) for one in (here, there)]
    found = [api.get("/search?q=maria", headers=one) for one in (here, there)]
    asked_for = api.get("/service-orders", params={"unit_id": str(UNIT)}, headers=there)

    assert [numbers(one) for one in (*boards, *found)] == [["1"], [], ["1"], []]
    assert asked_for.status_code == 403
    assert [api.get(one, headers=there).status_code for one in places] == [403] * 4


def test_what_stands_still_is_seen_in_the_status_and_in_every_answer(
    client: TestClient,
    followers: list[Follower],
    log: EventLog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(client)
    deliver(followers)
    board = next(table for f in followers for table in tables(f) if table.name == "order_board_1")
    poison = monkeypatch.setattr
    poison(type(board), "replace", refusing(type(board).replace, board.name))
    opened(client)
    deliver(followers)

    answer, status = client.get("/service-orders"), client.get("/status").json()

    assert (numbers(answer), answer.headers["Degraded-Since"]) == (["1"], "4")
    assert (status["head"], status["degraded"]) == (log.head(), ["order_board_1"])


def test_a_search_reflects_no_more_than_what_finds_people(
    client: TestClient, followers: list[Follower], monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup = next(table for f in followers for table in tables(f) if "person" in table.name)
    monkeypatch.setattr(type(lookup), "replace", refusing(type(lookup).replace, lookup.name))
    opened(client)
    deliver(followers)

    answer = client.get("/search", params={"q": "1"})

    assert (numbers(answer), answer.headers["As-Of-Position"]) == (["1"], "0")
    assert answer.headers["Degraded-Since"] == "1"


def tables(follower: Follower) -> list[Any]:
    effect: Any = follower.effect
    return list(effect.tables)


def refusing(replace: Any, name: str) -> Any:
    """Make the world in which one table cannot take anything in."""

    def broken(self: Any, connection: Any, histories: Any) -> None:
        if self.name == name:
            raise ArithmeticError("a bug in rows")
        replace(self, connection, histories)

    return broken


def test_an_approved_order_tells_what_was_quoted_and_agreed(client: TestClient) -> None:
    place = approved(client)

    order = client.get(place).json()["order"]

    [quote] = order["quotes"]
    assert (quote["total"], order["standing"]["quote"]) == (20000, "approved")
    assert order["standing"]["promised_at"] is not None
    assert customer_of(client, place) == order["request"]["customer_id"]


def test_units_are_told_with_the_ids_that_an_opening_names(client: TestClient) -> None:
    units = client.get("/units").json()

    assert [unit["unit_id"] for unit in units] == [str(unit.id) for unit in a_company().units]
