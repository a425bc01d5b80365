"""Who may ask over HTTP: keys, roles, units, and what every answer carries."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from os_events.access.keys import Keys
from os_events.access.tokens import id_of
from os_events.api.app import ROUTERS, create_app
from os_events.api.edge import CAREFUL
from os_events.api.examples import examples
from os_events.api.parts import Parts
from os_events.commands.rights import MAY, Action
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.values.acts import Role
from tests.asking import body, deliver, opened, registered
from tests.integration.conftest import AsRole

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
HOLDERS = sorted(set(Role) - {Role.CUSTOMER, Role.POLICY})
OPEN = {"/health/live", "/health/ready", "/docs", "/docs/start.js", "/openapi.json"}
OPEN |= {"/health/startup", "/docs/events", "/docs/events.css", "/asyncapi.json"}


def ask(client: TestClient, route: APIRoute, ids: dict[str, str], **headers: str) -> Any:
    """When: ask at a route, with the example for its body."""
    [method] = route.methods or [""]
    path = route.path.format(**ids)
    field = route.body_field
    content: Any = field and examples()[field.field_info.annotation.__name__]  # type: ignore[union-attr]  # a request
    query = {"q": "maria"} if path == "/search" else {}
    return client.request(method, path, json=content, params=query, headers=headers)


def action_of(route: APIRoute) -> Action | None:
    if route.body_field:
        return route.body_field.field_info.annotation  # type: ignore[return-value]  # a request
    asked = [getattr(one.call, "question", None) for one in route.dependant.dependencies]
    return next(filter(None, asked), None)


@pytest.fixture
def ids(client: TestClient, followers: list[Follower]) -> dict[str, str]:
    """Given: an order and its customer, on every page."""
    customer = registered(client)
    place = opened(client, customer_id=customer)
    deliver(followers)
    named = {"slug": "order-ended", "name": "backlog"}
    return {"order_id": place.split("/")[2], "person_id": customer, **named}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic bWFyaWE6"},
        {"Authorization": f"Bearer ose_live_{'0' * 12}_{'0' * 64}_00000000"},
        {"Authorization": "Bearer \xff"},
        {"Authorization": "Bearer " + "a" * 5000},
    ],
    ids=lambda given: str(given)[:60],
)
def test_a_stranger_is_told_to_say_who_asks(
    api: TestClient, log: EventLog, given: dict[str, str]
) -> None:
    headers = {name: value.encode("latin-1") for name, value in given.items()}

    answer = api.post("/persons", content=b"unread", headers=headers)  # type: ignore[arg-type]  # bytes are headers too

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert log.head() == 0


def test_the_scheme_is_told_in_any_case(api: TestClient, as_role: AsRole) -> None:
    key = as_role(Role.MANAGER)["Authorization"].removeprefix("Bearer")

    answer = api.get("/persons/0", headers={"Authorization": f"bEARER{key}"})

    assert answer.status_code == 422


def test_a_revoked_key_opens_nothing(api: TestClient, api_keys: Keys, as_role: AsRole) -> None:
    headers = as_role(Role.MANAGER)
    before = api.get("/service-orders/0", headers=headers).status_code

    api_keys.revoke(id_of(headers["Authorization"].removeprefix("Bearer ")))

    assert (before, api.get("/service-orders/0", headers=headers).status_code) == (422, 401)


def test_no_route_answers_a_stranger_but_those_that_say_nothing_of_anybody(
    api: TestClient, ids: dict[str, str]
) -> None:
    del api.headers["Authorization"]

    answers = {route.path: ask(api, route, ids).status_code for route in ROUTES}

    assert {path for path, status in answers.items() if status != 401} == {
        *OPEN,
        "/problems/{slug}",
    }


def test_who_may_not_waive_learns_nothing_of_the_orders_that_are_cited(
    api: TestClient, ids: dict[str, str], as_role: AsRole
) -> None:
    cited = body("WaiveQuote", basis="prior_practice", order_ids=[str(uuid4())])

    answer = api.post(
        f"/service-orders/{ids['order_id']}/waivers", json=cited, headers=as_role(Role.AUDITOR)
    )

    assert answer.status_code == 403


def test_each_route_is_open_to_the_roles_of_its_line(
    api: TestClient, ids: dict[str, str], as_role: AsRole
) -> None:
    cells = [(route, role) for route in ROUTES if action_of(route) for role in HOLDERS]
    headers = {role: as_role(role) for role in HOLDERS}

    answers = {
        (route.name, role): ask(api, route, ids, **headers[role]).status_code
        for route, role in cells
    }

    refused = {cell for cell, status in answers.items() if status == 403}
    assert refused == {
        (route.name, role)
        for route, role in cells
        if (action := action_of(route)) and role not in MAY[action]
    }


@pytest.mark.parametrize("role", [Role.ATTENDANT, Role.TECHNICIAN, Role.AUDITOR])
def test_a_role_says_nothing_about_another_unit(
    api: TestClient, ids: dict[str, str], as_role: AsRole, role: Role
) -> None:
    there = as_role(role, frozenset({uuid4()}))
    about_orders = [route for route in ROUTES if action_of(route) and "{order_id}" in route.path]

    answers = {ask(api, route, ids, **there).status_code for route in about_orders}

    assert answers == {403}


def test_a_person_belongs_to_no_unit(api: TestClient, ids: dict[str, str], as_role: AsRole) -> None:
    there = as_role(Role.ATTENDANT, frozenset({uuid4()}))

    assert api.get(f"/persons/{ids['person_id']}", headers=there).status_code == 200


def test_an_order_is_opened_in_ones_own_unit(
    api: TestClient, ids: dict[str, str], as_role: AsRole, log: EventLog
) -> None:
    there = as_role(Role.ATTENDANT, frozenset({uuid4()}))
    before = log.head()

    answer = api.post(
        "/service-orders",
        json=body("OpenServiceOrder", customer_id=ids["person_id"]),
        headers=there,
    )

    assert (answer.status_code, log.head()) == (403, before)


def test_every_answer_keeps_browsers_careful(api: TestClient, ids: dict[str, str]) -> None:
    answers = [ask(api, route, ids) for route in ROUTES]
    answers += [api.get("/nothing"), api.delete("/status"), api.get("/docs/files/swagger-ui.css")]

    missing = [
        (answer.url.path, name)
        for answer in answers
        for name, value in CAREFUL.items()
        if answer.headers.get(name) != value
    ]

    assert missing == []
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_pages_answer_what_is_not_the_apis(parts: Parts) -> None:
    with TestClient(create_app(parts, pages=PlainTextResponse("a page"))) as both:
        pages = [both.get(path) for path in ("/", "/os/7", "/statusquo", "//status")]
        api = [both.get("/service-orders/7/no/such"), both.delete("/status"), both.get("/docs/x")]

    assert [page.text for page in pages] == ["a page"] * 4
    assert [one.status_code for one in api] == [404, 405, 404]
    assert {one.headers["Content-Type"] for one in api} == {"application/problem+json"}
    assert {page.headers["X-Content-Type-Options"] for page in pages} == {"nosniff"}


def test_the_documentation_needs_nothing_from_elsewhere(api: TestClient) -> None:
    page = api.get("/docs").text
    linked = ["/docs/files/swagger-ui.css", "/docs/files/swagger-ui-bundle.js", "/docs/start.js"]

    assert "://" not in page
    assert [one for one in linked if one not in page or api.get(one).status_code != 200] == []
    assert "<script>" not in page
