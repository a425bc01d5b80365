"""Commands over HTTP: what a client sees, on a real log."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.api.parts import Parts
from os_events.eventlog.log import EventLog
from os_events.values.acts import Role
from tests.asking import approved, at, body, opened, quoted, registered
from tests.integration.conftest import AsRole, Clock
from tests.support import NOON

PAPER = {"kind": "paper", "reference": "form 118"}
LATE = {"reason": {"code": "typed-later"}, "source": PAPER, "channel": "paper"}


def facts_of(log: EventLog, place: str) -> list[Any]:
    """Then: what is on record of an order."""
    [_, order_id] = place.strip("/").split("/")
    return log.histories([order_id])  # type: ignore[list-item]  # PostgreSQL reads it


def test_an_answer_says_what_was_recorded_and_where_it_is(client: TestClient) -> None:
    customer = registered(client)

    answer = client.post("/service-orders", json=body("OpenServiceOrder", customer_id=customer))

    told = answer.json()
    assert (answer.status_code, told["version"], told["position"]) == (201, 1, 2)
    assert answer.headers["Location"] == f"/service-orders/{told['aggregate_id']}"
    assert (answer.headers["ETag"], answer.headers["As-Of-Position"]) == ('"1"', "2")
    assert answer.headers["Idempotency-Replayed"] == "false"


def test_a_repeated_request_is_answered_as_the_first_time(client: TestClient) -> None:
    key, place = {"Idempotency-Key": "same"}, opened(client)

    first = client.post(f"{place}/notes", json=body("AddNote"), headers=key)
    again = client.post(f"{place}/notes", json=body("AddNote"), headers=key)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_repeated_opening_opens_one_order_and_draws_one_number(
    client: TestClient, log: EventLog
) -> None:
    key, asked = {"Idempotency-Key": "same"}, body("OpenServiceOrder")
    asked |= {"customer_id": registered(client)}

    first = client.post("/service-orders", json=asked, headers=key)
    again = client.post("/service-orders", json=asked, headers=key)

    assert (again.json(), again.headers["Location"]) == (first.json(), first.headers["Location"])
    assert log.next_number("order-2026") == 2


def test_a_repeated_registration_registers_one_person(client: TestClient, log: EventLog) -> None:
    key = {"Idempotency-Key": "same"}

    first, again = (
        client.post("/persons", json=body("RegisterPerson"), headers=key) for _ in range(2)
    )

    assert (again.json(), log.head()) == (first.json(), 1)


def test_a_request_that_succeeded_is_answered_even_when_it_would_be_refused_by_now(
    client: TestClient, clock: Clock
) -> None:
    key, place = {"Idempotency-Key": "same"}, opened(client)
    told = body("AddNote") | at(NOON)
    first = client.post(f"{place}/notes", json=told, headers=key)

    clock.pass_by(hours=3)

    again = client.post(f"{place}/notes", json=told, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_key_with_another_body_is_misused(client: TestClient) -> None:
    key, place = {"Idempotency-Key": "same"}, opened(client)
    client.post(f"{place}/notes", json=body("AddNote"), headers=key)

    misused = client.post(f"{place}/notes", json=body("AddNote", text="Outra"), headers=key)

    assert (misused.status_code, misused.json()["type"]) == (
        422,
        "/problems/idempotency-key-misused",
    )


def test_a_key_at_another_place_is_misused(client: TestClient) -> None:
    key, places = {"Idempotency-Key": "same"}, [opened(client), opened(client)]

    answers = [client.post(f"{one}/notes", json=body("AddNote"), headers=key) for one in places]

    assert [answer.status_code for answer in answers] == [200, 422]


def test_who_gives_no_key_is_given_one_that_works(client: TestClient) -> None:
    place = opened(client)
    first = client.post(f"{place}/notes", json=body("AddNote"))
    key = {"Idempotency-Key": first.headers["Idempotency-Key"]}

    again = client.post(f"{place}/notes", json=body("AddNote"), headers=key)

    assert again.json() == first.json()


def test_a_refused_request_is_told_its_key_too(client: TestClient) -> None:
    refused = client.post(f"{opened(client)}/work-starts", json=body("StartWork"))

    assert refused.status_code == 409
    assert len(refused.headers["Idempotency-Key"]) == 32


def test_a_refusal_names_its_rule_in_the_words_of_people(client: TestClient) -> None:
    refused = client.post(f"{opened(client)}/work-starts", json=body("StartWork"))

    problem = refused.json()
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["type"]) == (409, "/problems/work-without-authorisation")
    assert problem["title"] == "Sem orçamento aprovado não se executa o serviço."
    assert (problem["rule"], problem["overridable"]) == ("Q1", False)


def test_a_refused_command_records_nothing(client: TestClient, log: EventLog) -> None:
    place = opened(client)
    before = log.head()

    client.post(f"{place}/work-starts", json=body("StartWork"))

    assert log.head() == before


def test_a_warning_is_passed_by_who_says_why_and_the_record_says_so(
    client: TestClient, log: EventLog
) -> None:
    place = approved(client)
    hold = body("PlaceHold", scope="order", expected_until="2026-12-01T12:00:00Z")

    warned = client.post(f"{place}/holds", json=hold)
    passed = client.post(f"{place}/holds", json=hold | {"overrides": ["Q10"]})

    assert (warned.status_code, warned.json()["overridable"]) == (409, True)
    assert (passed.status_code, facts_of(log, place)[-1].overrides) == (200, ("Q10",))


def test_what_is_told_without_a_time_happened_now(
    client: TestClient, log: EventLog, clock: Clock
) -> None:
    place = opened(client)

    clock.pass_by(hours=1)
    client.post(f"{place}/notes", json=body("AddNote"))

    assert facts_of(log, place)[-1].occurred_at == NOON + timedelta(hours=1)


def test_what_is_told_late_says_why_and_from_what(client: TestClient, clock: Clock) -> None:
    place = opened(client)
    clock.pass_by(hours=5)
    note = body("AddNote") | at(NOON + timedelta(hours=1))

    refused = client.post(f"{place}/notes", json=note)
    taken = client.post(f"{place}/notes", json=note | LATE)

    assert refused.json()["type"] == "/problems/late-entry-needs-reason"
    assert taken.status_code == 200


@pytest.mark.parametrize(
    ("minutes", "slug"), [(6, "occurred-in-future"), (-1, "occurred-before-start")]
)
def test_times_make_sense(client: TestClient, minutes: int, slug: str) -> None:
    place = opened(client)
    note = body("AddNote") | at(NOON + timedelta(minutes=minutes))

    refused = client.post(f"{place}/notes", json=note)

    assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{slug}")


@pytest.mark.parametrize(
    ("minutes", "slug"), [(6, "occurred-in-future"), (-16, "late-entry-needs-reason")]
)
def test_times_make_sense_from_the_beginning(client: TestClient, minutes: int, slug: str) -> None:
    when = at(NOON + timedelta(minutes=minutes))
    opening = body("OpenServiceOrder", customer_id=registered(client))

    person = client.post("/persons", json=body("RegisterPerson") | when)
    order = client.post("/service-orders", json=opening | when)

    assert [one.json()["type"] for one in (person, order)] == [f"/problems/{slug}"] * 2


def test_a_fact_carries_who_did_it_and_what_the_caller_claimed(
    client: TestClient, log: EventLog
) -> None:
    place = opened(client)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    claims: dict[str, Any] = {
        "channel": "counter",
        "zone": "America/Manaus",
        "device": {"id": "tablet-3", "offline": True},
        "reason": {"code": "asked-by-customer"},
        "correlation_id": str(uuid4()),
        "causation_id": str(uuid4()),
    }

    client.post(f"{place}/notes", json=body("AddNote") | claims, headers={"traceparent": trace})

    fact = facts_of(log, place)[-1]
    told = fact.model_dump(mode="json", include={*claims, "actor", "rule_ids", "traceparent"})
    assert told["actor"]["role"] == "manager"
    assert (told.pop("rule_ids"), told.pop("traceparent")) == (["H12"], trace)
    assert {name: told[name] for name in claims} == claims | {
        "reason": claims["reason"] | {"note": None}
    }


def test_a_trace_that_is_none_is_left_out(client: TestClient, log: EventLog) -> None:
    place = opened(client)

    client.post(f"{place}/notes", json=body("AddNote"), headers={"traceparent": "nonsense"})

    assert facts_of(log, place)[-1].traceparent is None


@pytest.mark.parametrize(
    "claim",
    [
        {"channel": "import"},
        {"channel": "system"},
        {"source": {"kind": "import", "system": "old", "reference": "7"}},
        {"channel": "import", "source": {"kind": "import", "system": "old", "reference": "7"}},
    ],
    ids=str,
)
def test_nobody_claims_to_be_an_import_or_the_program(
    client: TestClient, log: EventLog, claim: dict[str, Any]
) -> None:
    place = opened(client)
    before = log.head()

    refused = client.post(f"{place}/notes", json=body("AddNote") | claim)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/reserved-channel")
    assert log.head() == before


def test_who_has_seen_the_latest_version_may_change_it(client: TestClient) -> None:
    place = opened(client)
    seen = client.get(place).headers["ETag"]

    answer = client.post(f"{place}/notes", json=body("AddNote"), headers={"If-Match": seen})

    assert (seen, answer.status_code, answer.headers["ETag"]) == ('"1"', 200, '"2"')


@pytest.mark.parametrize("tag", ['"1"', '"99"', 'W/"2"', "2", '"2', '"x"', "", '"2", "3"'])
def test_who_has_seen_another_version_reads_again(
    client: TestClient, log: EventLog, tag: str
) -> None:
    place = opened(client)
    client.post(f"{place}/notes", json=body("AddNote"))

    stale = client.post(f"{place}/notes", json=body("AddNote"), headers={"If-Match": tag})

    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale-version")
    assert log.head() == 3


def test_who_asks_for_any_version_gets_any(client: TestClient) -> None:
    answer = client.post(f"{opened(client)}/notes", json=body("AddNote"), headers={"If-Match": "*"})

    assert answer.status_code == 200


def test_what_is_new_has_no_version_yet(client: TestClient) -> None:
    tag = {"If-Match": '"1"'}

    person = client.post("/persons", json=body("RegisterPerson"), headers=tag)
    order = client.post("/service-orders", json=body("OpenServiceOrder"), headers=tag)

    assert (person.status_code, order.status_code) == (412, 412)


def test_an_order_has_a_number_of_the_year_at_its_place(client: TestClient, clock: Clock) -> None:
    clock.now = NOON.replace(year=2026, month=1, day=1, hour=2)  # still 2025 in São Paulo

    order = client.get(opened(client)).json()["order"]

    assert order["request"]["order_number"] == "OS-2025-000001"


@pytest.mark.parametrize("field", ["customer_id", "previous_order_id", "unit_id"])
def test_an_opening_names_what_exists(client: TestClient, log: EventLog, field: str) -> None:
    asked = body("OpenServiceOrder", customer_id=registered(client)) | {field: str(uuid4())}

    refused = client.post("/service-orders", json=asked)

    assert refused.status_code == 404
    assert log.head() == 1


def test_a_customer_is_a_person(client: TestClient) -> None:
    order_id = opened(client).rpartition("/")[2]

    refused = client.post("/service-orders", json=body("OpenServiceOrder", customer_id=order_id))

    assert refused.status_code == 404


def test_an_order_may_go_back_to_an_earlier_one(client: TestClient) -> None:
    earlier = opened(client).rpartition("/")[2]

    later = client.get(opened(client, previous_order_id=earlier)).json()["order"]

    assert later["request"]["previous_order_id"] == earlier


def test_an_earlier_practice_is_cited_by_fulfilled_orders_of_the_same_customer(
    client: TestClient, parts: Parts, log: EventLog
) -> None:
    policies = parts.company.policies.model_copy(update={"prior_practice": True})
    object.__setattr__(parts, "company", parts.company.model_copy(update={"policies": policies}))
    customer = registered(client)
    fulfilled, other = (
        opened(client, customer_id=customer, basis="contract", contract_ref="C-1") for _ in range(2)
    )
    others = opened(client, basis="contract", contract_ref="C-2")
    finish(client, fulfilled)
    finish(client, others)
    place = opened(client, customer_id=customer)

    def cite(*cited: str) -> int:
        ids = [one.rpartition("/")[2] for one in cited]
        waiver = {"basis": "prior_practice", "lines": ["charging"], "order_ids": ids}
        return client.post(f"{place}/waivers", json=waiver).status_code

    assert cite(fulfilled, other) == 409
    assert cite(others) == 409
    assert cite(f"/{uuid4()}") == 404
    assert cite(fulfilled) == 200
    assert log.load(ServiceOrder, facts_of(log, place)[0].aggregate_id).waivers


def finish(client: TestClient, place: str) -> None:
    """Given: an order that was fulfilled."""
    client.post(f"{place}/triages", json=body("TriageServiceOrder"))
    client.post(f"{place}/promises", json=body("PromiseCompletion"))
    client.post(f"{place}/work-starts", json=body("StartWork"))
    client.post(f"{place}/activities", json=body("RecordActivity"))
    client.post(f"{place}/work-completions", json=body("CompleteWork"))
    client.post(f"{place}/checklists", json=body("RecordChecklist"))
    client.post(f"{place}/settlements", json={})
    assert client.post(f"{place}/closings", json=body("CloseServiceOrder")).status_code == 200


def test_a_person_is_changed(client: TestClient) -> None:
    place = f"/persons/{registered(client)}"

    changed = client.post(f"{place}/changes", json=body("ChangePersonDetails"))

    assert (changed.json()["version"], changed.headers["ETag"]) == (2, '"2"')
    assert len(client.get(place).json()["personal"]["phones"]) == 2


def test_two_callers_may_use_the_same_key(
    api: TestClient, client: TestClient, as_role: AsRole
) -> None:
    key, place = {"Idempotency-Key": "1"}, quoted(client)
    other = as_role(Role.ATTENDANT)

    first = api.post(f"{place}/notes", json=body("AddNote"), headers=key)
    second = api.post(f"{place}/notes", json=body("AddNote"), headers=key | other)

    assert second.json()["version"] == first.json()["version"] + 1
