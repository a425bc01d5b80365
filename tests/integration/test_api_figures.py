"""Figures over HTTP: what is asked and told, as of when, as known when, and to whom."""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from os_events.access.keys import HELD_BY_NOBODY, Keys
from os_events.aggregates.service_order.codes import HoldCause, HoldScope, Priority
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.past import Past, PastBeingDerivedError
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.integration.conftest import AsRole, Clock
from tests.support import (
    BECAUSE,
    FRIEND,
    NOON,
    STRANGER,
    TECHNICIAN,
    UNIT,
    a_company,
    a_triage,
    an_act,
    an_opening,
    an_order,
    ask,
    later,
)
from tests.views import a_life, deliver

pytestmark = pytest.mark.usefixtures("figures")

MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
LIFE = 14 * 3600  # seconds from the opening to the last completion
SEEN = {Role.MANAGER, Role.AUDITOR, Role.TECHNICIAN, Role.FIGURES}


@pytest.fixture(autouse=True)
def _long_after(clock: Clock) -> None:
    clock.pass_by(days=60)


def recorded(log: EventLog, followers: list[Follower], orders: Iterable[ServiceOrder]) -> None:
    """Given: orders that the figures know."""
    for order in orders:
        log.record_now(order)
    deliver(*followers)


def elsewhere() -> ServiceOrder:
    """Open an order in a unit that is not the one that most tests are about."""
    first = a_company().units[0]
    two = a_company(units=(first, first.model_copy(update={"id": STRANGER, "name": "Norte"})))
    return an_opening(unit_id=STRANGER).begin(an_act(NOON, company=two), "OS-2026-000002")


def told(answer: Any, dimension: str) -> dict[str | None, tuple[str | None, int]]:
    """Then: value and cases of each group."""
    return {
        group["parts"][dimension]["value"]: (group["value"], group["cases"])
        for group in answer.json()["groups"]
    }


def test_the_figures_are_listed_with_their_definitions(client: TestClient) -> None:
    found = client.get("/kpis")

    by_name = {one["name"]: one for one in found.json()}
    assert list(by_name) == list(FIGURES)
    assert by_name["mttr_resolve"]["title"] == {"pt": "MTTR-resolução", "en": "MTTR-resolve"}
    assert by_name["mttr_resolve"]["link"] == "/kpis/mttr_resolve"
    assert "series" not in by_name["mttr_resolve"]["dimensions"]
    assert "series" in by_name["backlog"]["dimensions"]


def test_a_figure_is_told_with_all_that_it_is_made_of(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [a_life()])

    found = client.get("/kpis/mttr_resolve", params=MARCH | {"by": "month,priority"})

    group = {
        "period": MARCH,
        "parts": {"priority": {"value": "normal", "words": {"pt": "Normal", "en": "normal"}}},
        "value": str(LIFE),
        "unit": "duration",
        "numerator": LIFE,
        "denominator": 1,
        "cases": 1,
        "p50": LIFE,
        "p90": LIFE,
        "left_out": [],
        "flows": {},
    }
    answer = found.json()
    assert answer["groups"] == [group]
    assert answer["total"] == group | {"parts": {}}
    assert answer["position"] == log.head()
    assert found.headers["As-Of-Position"] == str(log.head())
    assert answer["figure"]["formula"]["pt"].startswith("Da abertura")


def test_what_was_asked_is_told_after_what_was_not_said(client: TestClient, clock: Clock) -> None:
    found = client.get("/kpis/backlog", params={"priority": ["high", "urgent"]})

    assert found.json()["asked"] == {
        "period": {"from": "2025-06-01", "to": "2026-05-02"},
        "as_of": clock.now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "known_at": None,
        "zone": "America/Sao_Paulo",
        "grain": None,
        "by": [],
        "where": {"priority": ["high", "urgent"]},
    }


def test_nothing_to_divide_by_is_no_value(client: TestClient) -> None:
    found = client.get("/kpis/mttr_resolve").json()

    assert found["groups"] == []
    assert found["total"]["value"] is None


def test_an_empty_value_asks_for_what_has_none(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [an_order(), a_life(number=2)])

    query = MARCH | {"technician": "", "as_of": later(10).isoformat(), "by": "priority"}
    found = client.get("/kpis/backlog", params=query)

    assert told(found, "priority") == {"normal": ("1", 1)}


def test_a_figure_is_told_as_of_any_instant(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [a_life()])

    before = client.get("/kpis/mttr_resolve", params={"as_of": later(13.9).isoformat()})
    after = client.get("/kpis/mttr_resolve", params={"as_of": later(14).isoformat()})

    assert before.json()["total"]["cases"] == 0
    assert after.json()["total"]["cases"] == 1


@pytest.fixture
def known_at(log: EventLog, followers: list[Follower], clock: Clock) -> datetime:
    """The instant until which nobody knew that an order had been on hold since its fifth hour."""
    order = ask(an_order(), a_triage(), later(2))
    recorded(log, followers, [order])
    [event] = log.read(log.head() - 1, log.head())
    placed = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS)
    recorded(log, followers, [ask(order, placed, later(5), reason=BECAUSE)])
    clock.now = event.recorded_at + timedelta(days=1)
    return event.recorded_at


def test_the_same_instant_is_told_as_it_is_known_now_and_as_it_was_known_then(
    client: TestClient, known_at: datetime
) -> None:
    question = MARCH | {"as_of": later(10).isoformat(), "by": "series"}

    now = client.get("/kpis/time_in_state", params=question)
    then = client.get("/kpis/time_in_state", params=question | {"known_at": known_at.isoformat()})

    assert told(now, "series") == {
        "open": (str(2 * 3600), 1),
        "queued": (str(3 * 3600), 1),
        "on_hold": (str(5 * 3600), 1),
    }
    assert told(then, "series") == {"open": (str(2 * 3600), 1), "queued": (str(8 * 3600), 1)}
    assert then.json()["position"] == now.json()["position"] - 1
    assert then.headers["As-Of-Position"] == str(then.json()["position"])


def test_what_was_known_at_an_instant_is_told_as_of_it(
    client: TestClient, known_at: datetime
) -> None:
    found = client.get("/kpis/backlog", params={"known_at": known_at.isoformat()})

    assert found.json()["asked"]["as_of"] == found.json()["asked"]["known_at"]


def test_before_the_first_event_nothing_was_known(client: TestClient, known_at: datetime) -> None:
    assert known_at > NOON

    found = client.get("/kpis/backlog", params={"known_at": NOON.isoformat()})

    assert (found.json()["position"], found.json()["groups"]) == (0, [])


def test_a_past_that_is_being_derived_says_how_far_it_is(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_work(_past: Past, _instant: datetime) -> None:
        raise PastBeingDerivedError(3, 7)

    monkeypatch.setattr(Past, "reached", at_work)

    found = client.get("/kpis/backlog", params={"known_at": NOON.isoformat()})

    problem = found.json()
    assert found.status_code == 503
    assert found.headers["Retry-After"] == "1"
    assert problem["type"] == "/problems/past-being-derived"
    assert (problem["done"], problem["total"]) == (3, 7)


def test_one_reads_ones_own_write(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    log.record_now(an_order())
    position = {"after": log.head()}

    early = client.get("/kpis/backlog", params=position)
    deliver(*followers)
    found = client.get("/kpis/backlog", params=position)

    assert early.json()["type"] == "/problems/read-model-behind"
    assert found.json()["total"]["value"] == "1"


@pytest.mark.parametrize(
    ("path", "query", "status", "slug"),
    [
        ("no_such", {}, 404, "unknown-figure"),
        ("backlog", {"by": "weather"}, 422, "invalid-request"),
        ("backlog", {"by": "state"}, 422, "invalid-request"),
        ("backlog", {"by": ["day", "month"]}, 422, "unaskable"),
        ("mttr_resolve", {"by": "series"}, 422, "unaskable"),
        ("mttr_resolve", {"series": "open"}, 422, "unaskable"),
        ("backlog", {"from": "2026-03-02", "to": "2026-03-02"}, 422, "unaskable"),
        ("backlog", {"from": "2015-01-01", "to": "2026-01-01"}, 422, "unaskable"),
        ("backlog", {"from": "2024-01-01", "to": "2026-01-01", "by": "day"}, 422, "unaskable"),
        ("backlog", {"from": "yesterday"}, 422, "invalid-request"),
        ("backlog", {"as_of": "2027-01-01T00:00:00Z"}, 422, "unaskable"),
        ("backlog", {"known_at": "2027-01-01T00:00:00Z"}, 422, "unaskable"),
        ("backlog", {"as_of": "2026-01-01T00:00:00"}, 422, "invalid-request"),
        ("backlog", {"priority": "hgih"}, 422, "invalid-request"),
        ("backlog", {"piority": "high"}, 422, "invalid-request"),
        ("backlog", {"first": "2026-01-01"}, 422, "invalid-request"),
        ("backlog", {"series": "a\x00b"}, 422, "invalid-request"),
        ("backlog", {"format": "xlsx"}, 422, "invalid-request"),
        ("backlog/orders", {"cursor": "bm8"}, 422, "invalid-request"),
        ("backlog/orders", {"cursor": "€"}, 422, "invalid-request"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_told(
    client: TestClient, path: str, query: dict[str, Any], status: int, slug: str
) -> None:
    refused = client.get(f"/kpis/{path}", params=query)

    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{slug}")


@pytest.mark.parametrize("role", sorted(set(Role) - HELD_BY_NOBODY))
def test_figures_are_for_those_who_answer_for_the_work(
    api: TestClient, as_role: AsRole, role: Role
) -> None:
    headers = as_role(role)

    answers = [
        api.get(path, headers=headers).status_code
        for path in ("/kpis", "/kpis/backlog", "/kpis/backlog/orders")
    ]

    seen = 200 if role in SEEN else 403
    orders = 200 if role in SEEN - {Role.FIGURES} else 403
    assert answers == [seen, seen, orders]


def test_a_key_sees_the_orders_of_its_units_only(
    api: TestClient, as_role: AsRole, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [an_order(), elsewhere()])
    here, everywhere = as_role(Role.MANAGER), as_role(Role.MANAGER, None)

    of_here = api.get("/kpis/backlog", params={"by": "unit"}, headers=here)
    listed = api.get("/kpis/backlog/orders", headers=here)
    of_all = api.get("/kpis/backlog", params={"by": "unit"}, headers=everywhere)
    of_another = api.get("/kpis/backlog", params={"unit": str(STRANGER)}, headers=here)

    assert told(of_here, "unit") == {str(UNIT): ("1", 1)}
    assert of_here.json()["total"]["value"] == "1"
    assert len(listed.json()["orders"]) == 1
    assert told(of_all, "unit") == {str(UNIT): ("1", 1), str(STRANGER): ("1", 1)}
    assert of_another.status_code == 403


def test_a_technician_sees_their_own_figures(
    api: TestClient, api_keys: Keys, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [a_life(), an_order()])

    def as_technician(person: UUID) -> dict[str, str]:
        actor = Actor(id=str(person), role=Role.TECHNICIAN)
        return {"Authorization": f"Bearer {api_keys.new('tablet', Principal(actor))}"}

    own = api.get("/kpis/mttr_resolve", headers=as_technician(TECHNICIAN))
    of_nobody = api.get("/kpis/mttr_resolve", headers=as_technician(FRIEND))
    of_others = api.get(
        "/kpis/mttr_resolve", params={"technician": str(TECHNICIAN)}, headers=as_technician(FRIEND)
    )

    assert own.json()["total"]["value"] == str(LIFE)
    assert of_nobody.json()["total"]["cases"] == 0
    assert of_others.status_code == 403


def test_who_reads_figures_only_sees_no_groups_of_a_few(
    api: TestClient, as_role: AsRole, log: EventLog, followers: list[Follower]
) -> None:
    normal = [an_order() for _ in range(5)]
    high = [ask(an_order(), a_triage(priority=Priority.HIGH)) for _ in range(3)]
    low = [ask(an_order(), a_triage(priority=Priority.LOW)) for _ in range(2)]
    recorded(log, followers, [*normal, *high])
    headers = as_role(Role.FIGURES)
    query = {"by": "priority"}

    one_hidden = api.get("/kpis/backlog", params=query, headers=headers)
    recorded(log, followers, low)
    two_hidden = api.get("/kpis/backlog", params=query, headers=headers)
    sheet = api.get("/kpis/backlog", params=query | {"format": "csv"}, headers=headers)

    assert told(one_hidden, "priority") == {"normal": ("5", 5)}
    assert (one_hidden.json()["hidden"], one_hidden.json()["total"]) == (1, None)
    assert told(two_hidden, "priority") == {"normal": ("5", 5)}
    assert two_hidden.json()["hidden"] == 2
    assert two_hidden.json()["total"]["value"] == "10"
    assert [row["priority"] for row in csv.DictReader(sheet.text.splitlines())] == ["normal"]


def test_a_few_orders_are_a_few_however_many_cases_they_are(
    api: TestClient, as_role: AsRole, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [a_life(number=number) for number in range(1, 5)])
    headers = as_role(Role.FIGURES)

    of_four = api.get("/kpis/time_in_state", params=MARCH, headers=headers)
    recorded(log, followers, [a_life(number=5)])
    of_five = api.get("/kpis/time_in_state", params=MARCH, headers=headers)

    assert (of_four.json()["groups"], of_four.json()["total"]) == ([], None)
    assert of_five.json()["total"]["cases"] > 5


@pytest.mark.parametrize(
    "query", [{"by": "technician"}, {"technician": str(TECHNICIAN)}, {"technician": ""}]
)
def test_who_reads_figures_only_is_told_of_nobody(
    api: TestClient, as_role: AsRole, query: dict[str, str]
) -> None:
    refused = api.get("/kpis/backlog", params=query, headers=as_role(Role.FIGURES))

    assert refused.status_code == 403


def test_the_orders_behind_a_number_come_page_by_page(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [an_order(later(hour)) for hour in range(5)])

    whole = client.get("/kpis/backlog/orders").json()
    first = client.get("/kpis/backlog/orders", params={"limit": 3}).json()
    second = client.get("/kpis/backlog/orders", params={"limit": 3, "cursor": first["next"]}).json()

    assert first["orders"] + second["orders"] == whole["orders"]
    assert [len(one["orders"]) for one in (first, second)] == [3, 2]
    assert (second["next"], whole["next"]) == (None, None)


def test_an_order_behind_a_number_says_what_it_adds_and_whether_it_counts(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    life = a_life()
    recorded(log, followers, [life])

    [found] = client.get("/kpis/mttr_resolve/orders").json()["orders"]

    assert found == {
        "order_id": str(life.id),
        "order_number": "OS-2026-000001",
        "at": "2026-03-03T05:00:00.000000Z",
        "series": {"value": None, "words": None},
        "numerator": LIFE,
        "denominator": 1,
        "state": None,
        "words": {"pt": "conta", "en": "counts"},
    }


def test_a_figure_and_its_orders_are_tables_too(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    recorded(log, followers, [a_life(), a_life(number=2)])
    query = MARCH | {"by": "month,defect", "format": "csv"}

    groups = client.get("/kpis/mttr_resolve", params=query)
    orders = client.get("/kpis/mttr_resolve/orders", params=query)

    assert groups.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert groups.headers["As-Of-Position"] == str(log.head())
    assert groups.text == (
        "period,defect,value,unit,numerator,denominator,cases,p50,p90\r\n"
        f"2026-03-01,broken-screen,{LIFE},duration,{2 * LIFE},2,2,{LIFE},{LIFE}\r\n"
    )
    rows = list(csv.DictReader(orders.text.splitlines()))
    assert sorted(row["order_number"] for row in rows) == ["OS-2026-000001", "OS-2026-000002"]
    assert {row["numerator"] for row in rows} == {str(LIFE)}
