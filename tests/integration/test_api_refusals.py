"""Bad input over HTTP: whatever it is, the answer is a problem, and nothing changes."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.types import Message

from os_events.aggregates.base import event_id
from os_events.api.edge import LARGEST_BODY
from os_events.api.examples import examples
from os_events.api.parts import Parts
from os_events.errors import TamperedError
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from tests.asking import approval, approved, body, opened, quoted
from tests.integration.conftest import Clock

JSON = {"Content-Type": "application/json"}
NOWHERE = f"/service-orders/{uuid4()}"

NO_IMEI = body("ReceiveDevice")["asset"] | {"imeis": ["1" * 15]}

NEVER_GIVEN = urlsafe_b64encode(
    b'["due","infinity",99999999999,"2026-03-09T12:00:00Z","%s"]' % str(uuid4()).encode()
).decode()

Ask = Callable[[TestClient, str], Any]


def posting(content: bytes | Iterator[bytes], **headers: str) -> Ask:
    return lambda client, place: client.post(
        f"{place}/notes", content=content, headers=JSON | headers
    )


def sending(request: str, path: str, **fields: Any) -> Ask:
    return lambda client, place: client.post(f"{place}/{path}", json=body(request, **fields))


def getting(path: str, **query: Any) -> Ask:
    return lambda client, place: client.get(path.format(place=place), params=query)


def chunks() -> Iterator[bytes]:
    yield b'{"text": "'
    yield from [b"a" * 65_536] * 5
    yield b'"}'


BAD: dict[str, dict[str, Ask]] = {
    "400 malformed-body": {
        "no JSON": posting(b"nonsense"),
        "no body": posting(b""),
        "no UTF-8": posting(b'{"text": "\xff"}'),
        "a name twice": posting(b'{"text": "a", "text": "b"}'),
        "not a number": posting(b'{"text": NaN}'),
        "half a surrogate": posting(b'{"text": "\\ud83d"}'),
        "too deep": posting(b"[" * 200_000),
    },
    "404 no-such-route": {
        "no such route": getting("/nothing"),
        "no such chapter": getting("{place}/nothing"),
        "a slash too much": getting("/service-orders/"),
    },
    "404 not-found": {
        "no such order": lambda client, _: client.post(f"{NOWHERE}/notes", json=body("AddNote")),
        "no such past": getting(f"{NOWHERE}/history"),
        "no such file": getting(f"{NOWHERE}/history-file"),
        "no such person": getting(f"/persons/{uuid4()}"),
        "a person that is an order": lambda client, place: client.get(
            place.replace("service-orders", "persons")
        ),
    },
    "404 unknown-problem": {"no such problem": getting("/problems/nothing")},
    "405 method-not-allowed": {"no such method": lambda client, place: client.delete(place)},
    "409 unknown-line": {
        "another order's line": sending("RequestPart", "part-requests", line_id="roof")
    },
    "409 work-without-authorisation": {"work": sending("StartWork", "work-starts")},
    "409 no-open-hold": {"a hold that is not there": sending("ReleaseHold", "hold-releases")},
    "409 quote-version-unknown": {
        "a quote that is not there": sending("RecordQuoteDelivery", "quote-deliveries")
    },
    "409 order-not-ended": {"no end": sending("ReopenServiceOrder", "reopenings")},
    "413 body-too-large": {
        "too large": posting(b" " * (LARGEST_BODY + 1)),
        "too large, in pieces": posting(chunks()),
    },
    "415 unsupported-media-type": {
        "a form": lambda client, place: client.post(f"{place}/notes", data={"text": "a"}),
        "untold": lambda client, place: client.post(f"{place}/notes", content=b'{"text": "a"}'),
    },
    "422 invalid-request": {
        "a list": posting(b"[]"),
        "NUL": posting(b'{"text": "a\\u0000b"}'),
        "a control code": posting(b'{"text": "a\\u001bb"}'),
        "a non-character": posting(b'{"text": "\\uffff"}'),
        "an erased value": sending("AddNote", "notes", reason={"code": "late", "note": {}}),
        "a placeholder of another's value": sending(
            "AddNote",
            "notes",
            reason={"code": "late", "note": {"$commitment": "0" * 64, "$key": str(uuid4())}},
        ),
        "a correction of nothing": sending("AddNote", "notes", corrects=str(uuid4())),
        "an unknown field": posting(b'{"text": "a", "role": "dpo"}'),
        "a missing field": posting(b"{}"),
        "a text too long": posting(b'{"text": "%s"}' % (b"a" * 5000)),
        "a key with a space": posting(b'{"text": "a"}', **{"Idempotency-Key": "a b"}),
        "a key too long": posting(b'{"text": "a"}', **{"Idempotency-Key": "a" * 201}),
        "money below zero": sending("RecordPayment", "payments", amount=-1),
        "money without end": sending("RecordPayment", "payments", amount=10**13),
        "parts of a cent": sending("RecordPayment", "payments", amount=1.5),
        "no such day": sending("RequestPart", "part-requests", expected_on="2026-02-30"),
        "no zone": sending("PromiseCompletion", "promises", promised_at="2026-03-09T12:00:00"),
        "the year 10000": sending(
            "PromiseCompletion", "promises", promised_at="9999-12-31T23:59:59-12:00"
        ),
        "a promise for the year 1": sending(
            "PromiseCompletion", "promises", promised_at="0001-01-01T00:00:00Z"
        ),
        "a hold until the year 9999": sending(
            "PlaceHold", "holds", expected_until="9999-12-31T23:59:59Z"
        ),
        "what happened in the year 1": sending(
            "AddNote", "notes", occurred_at="0001-01-01T00:00:00Z"
        ),
        "no IMEI": sending("ReceiveDevice", "receptions", asset=NO_IMEI),
        "no id": lambda client, _: client.post("/service-orders/1/notes", json=body("AddNote")),
        "an unknown parameter": getting("/service-orders", satus="open"),
        "an unknown parameter of an order": getting("{place}/intervals", affter=1),
        "an unknown status": getting("/service-orders", status="lost"),
        "a cursor of nowhere": getting("/service-orders", cursor="AAAA"),
        "a cursor that was never given": getting("/service-orders", cursor=NEVER_GIVEN),
        "too many": getting("/service-orders", limit=201),
        "a position below zero": getting("/service-orders", after=-1),
        "a position too large": getting("/service-orders", after=2**63),
        "an unknown language": getting("{place}/history", language="de"),
        "no instant": getting("{place}/history", as_of="yesterday"),
        "no words": getting("/search", q=""),
        "words without end": getting("/search", q="a" * 201),
        "words with NUL": getting("/search", q="a\0"),
        "a technician with NUL": getting("/service-orders", technician="\0"),
    },
    "503 read-model-behind": {"a position not reached": getting("{place}", after=99)},
}
ASKED = [(expected, what, ask) for expected, asks in BAD.items() for what, ask in asks.items()]


def test_bad_input_is_told_what_is_wrong_and_changes_nothing(
    client: TestClient, log: EventLog
) -> None:
    place = opened(client)
    before = log.head()

    answers = [(what, ask(client, place)) for _, what, ask in ASKED]

    told = [(f"{a.status_code} {a.json()['type'].split('/')[2]}", what) for what, a in answers]
    assert told == [(expected, what) for expected, what, _ in ASKED]
    assert {a.headers["Content-Type"] for _, a in answers} == {"application/problem+json"}
    assert log.head() == before


def test_a_body_as_large_as_may_be_is_read(client: TestClient) -> None:
    note = b'{"text": "a"}'
    padded = note + b" " * (LARGEST_BODY - len(note))

    answer = client.post(f"{opened(client)}/notes", content=padded, headers=JSON)

    assert answer.status_code == 200


def test_an_expired_quote_is_not_approved(client: TestClient, clock: Clock) -> None:
    place = quoted(client)
    answer = approval(client, place)

    clock.pass_by(days=11)
    refused = client.post(f"{place}/quote-approvals", json=answer)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/quote-expired")
    receipt = event_id(UUID(place.rpartition("/")[2]), 4)
    assert refused.json()["rests_on"] == [str(receipt)]


def test_an_ended_order_says_by_which_fact_it_ended(client: TestClient) -> None:
    place = opened(client)
    client.post(f"{place}/cancellations", json=body("CancelServiceOrder"))

    refused = client.post(f"{place}/triages", json=body("TriageServiceOrder"))

    ended = event_id(UUID(place.rpartition("/")[2]), 2)
    assert refused.json()["rests_on"] == [str(ended)]


def test_an_order_with_an_open_line_is_not_closed(client: TestClient) -> None:
    refused = client.post(f"{approved(client)}/closings", json=body("CloseServiceOrder"))

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/closing-incomplete")


def test_who_leaves_in_the_middle_of_a_request_harms_nobody(client: TestClient) -> None:
    place = opened(client)

    async def leaving() -> Message:
        return {"type": "http.disconnect"}

    messages: list[Message] = []

    async def told(message: Message) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{place}/notes",
        "query_string": b"",
        "headers": [
            (b"content-type", b"application/json"),
            (b"authorization", client.headers["Authorization"].encode()),
        ],
        "state": {},
    }
    client.portal.call(client.app, scope, leaving, told)  # type: ignore[union-attr]  # it is open

    assert messages == []
    assert client.get(place).headers["ETag"] == '"1"'


def test_what_nobody_foresaw_is_told_without_details_and_logged_without_values(
    client: TestClient,
    parts: Parts,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("Maria Aparecida Souza, 111.444.777-35")

    monkeypatch.setattr(parts.names, "of", broken)
    answer = client.get(opened(client))

    logged = capsys.readouterr().out
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    assert "Maria" not in answer.text + logged
    assert "RuntimeError" in logged


def test_a_record_that_contradicts_itself_is_an_alarm(
    client: TestClient, log: EventLog, followers: list[Follower]
) -> None:
    assert followers
    log.refusal = TamperedError("position 7 has another leaf")

    refused = client.post("/persons", json=body("RegisterPerson"))

    assert (refused.status_code, refused.json()["type"]) == (500, "/problems/tampered")
    assert client.get("/health/ready").status_code == 500
    assert client.get("/status").json()["refusal"]["type"] == "/problems/tampered"


TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.sampled_from(["2026-03-02T12:00:00Z", "parts", "1", str(uuid4())]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
PLACES = {
    "AddNote": "notes",
    "ReceiveDevice": "receptions",
    "IssueQuote": "quotes",
    "ApproveQuote": "quote-approvals",
    "PlaceHold": "holds",
    "InstallPart": "parts",
    "SettleFinalCosts": "settlements",
    "CloseServiceOrder": "closings",
}


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, bytes]:
    """Make an example with some of its fields replaced by anything, NaN and surrogates too."""
    request = draw(st.sampled_from(sorted(PLACES)))
    names = [*examples()[request], "occurred_at", "reason", "overrides", "source", "device", "x"]
    fields = draw(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=3))
    return PLACES[request], json.dumps(body(request, **fields)).encode()


@pytest.fixture
def place(client: TestClient) -> str:
    return opened(client)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=spoilt())
def test_no_body_is_too_much(client: TestClient, place: str, asked: tuple[str, bytes]) -> None:
    path, content = asked

    answer = client.post(f"{place}/{path}", content=content, headers=JSON)

    assert answer.status_code < 500
