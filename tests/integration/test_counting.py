"""What became of commands and requests is counted: by kinds and templates, never by ids."""

from collections.abc import Callable

from starlette.testclient import TestClient

from os_events.api.measured import template
from os_events.followers.follower import Follower
from os_events.metrics import REGISTRY
from os_events.values.acts import Role
from tests.asking import body, opened
from tests.integration.conftest import AsRole
from tests.views import deliver

Since = Callable[[], float]


def counted(name: str, **labels: str) -> Since:
    """Given: how often something has happened by now; tell how often it has since."""

    def value() -> float:
        return REGISTRY.get_sample_value(f"os_events_{name}", labels) or 0.0

    before = value()
    return lambda: value() - before


def test_a_command_is_counted_by_its_outcome(client: TestClient) -> None:
    place, key = opened(client), {"Idempotency-Key": "same"}
    done = counted("commands_total", command="AddNote", outcome="done")
    replayed = counted("commands_total", command="AddNote", outcome="replayed")

    client.post(f"{place}/notes", json=body("AddNote"), headers=key)
    client.post(f"{place}/notes", json=body("AddNote"), headers=key)

    assert (done(), replayed()) == (1, 1)


def test_a_refusal_is_counted_by_its_rule(client: TestClient) -> None:
    place = opened(client)
    by_rule = counted("rule_refusals_total", rule="Q1")
    by_outcome = counted("commands_total", command="StartWork", outcome="refused")

    answer = client.post(f"{place}/work-starts", json=body("StartWork"))

    assert (answer.status_code, answer.json()["rule"]) == (409, "Q1")
    assert (by_rule(), by_outcome()) == (1, 1)


def test_what_a_role_may_not_ask_for_is_counted(client: TestClient, as_role: AsRole) -> None:
    since = counted("access_denied_total", role="figures", action="board")

    answer = client.get("/service-orders", headers=as_role(Role.FIGURES))

    assert (answer.status_code, since()) == (403, 1)


def test_a_request_is_counted_by_the_template_of_its_address(
    client: TestClient, followers: list[Follower]
) -> None:
    place = opened(client)
    deliver(*followers)
    since = counted(
        "http_requests_total", route="/service-orders/{order_id}", method="GET", status="2xx"
    )
    timed = counted("http_request_seconds_count", route="/service-orders/{order_id}", method="GET")

    answer = client.get(place)

    assert answer.status_code == 200
    assert (since(), timed()) == (1, 1)


def test_addresses_that_do_not_exist_are_counted_as_one(client: TestClient) -> None:
    since = counted("http_requests_total", route="none", method="GET", status="4xx")

    client.get("/no/such/place")
    client.get("/nor/this/one")

    assert since() == 2


def test_a_method_that_somebody_made_up_is_counted_as_other(client: TestClient) -> None:
    since = counted("http_requests_total", route="none", method="other", status="4xx")

    client.request("MARIA", "/no/such/place")

    assert since() == 1


def test_each_answer_names_its_request(client: TestClient) -> None:
    ids = {client.get("/health/live").headers["Request-Id"] for _ in range(3)}

    assert len(ids) == 3


def test_an_append_is_counted_with_its_commands(client: TestClient) -> None:
    calls, commands = counted("append_seconds_count"), counted("append_batch_commands_sum")

    opened(client)

    assert 0 < calls() <= commands() == 2


def test_what_has_no_route_has_no_template() -> None:
    assert template({"type": "http"}) == "none"
