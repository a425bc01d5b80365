"""What is told of an error: a status and words for every kind, and never a value."""

import json
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest

from os_events import errors
from os_events.access.tokens import UnauthenticatedError
from os_events.aggregates.base import Request
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.rules import OccurredInFutureError
from os_events.aggregates.service_order.activities import RecordActivity
from os_events.aggregates.service_order.holds import HoldBreaksPromiseError, PlaceHold
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.api.catalogue import catalogue, errors_of
from os_events.api.examples import examples
from os_events.api.invalid import InvalidRequestError, MalformedBodyError
from os_events.api.problems import meaning_of, problem_of
from os_events.api.strict import content_of
from os_events.commands.caller import StaleVersionError
from os_events.commands.rights import MAY
from os_events.eventlog.log import KeyMisusedError

ELSEWHERE = {"usage", "unreadable-moment", "underivable"}  # said by no answer of the API
ERRORS = sorted(
    {kind for kind in errors_of(errors.OsEventsError) if kind.slug not in ELSEWHERE},
    key=lambda kind: kind.slug,
)
PERSON, OPENING = examples()["RegisterPerson"], examples()["OpenServiceOrder"]
ACTIVITY, HOLD = examples()["RecordActivity"], examples()["PlaceHold"]
A_CPF = {"type": "cpf", "number": "529.982.247-26"}
SECRET = "z9-secret-value"  # noqa: S105 - what must not be told


def complaints(model: type[Request], body: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """When: read a body; give place, slug and rule of each complaint."""
    with pytest.raises(InvalidRequestError) as refused:
        content_of(model, json.dumps(body).encode())
    return [(field.field, field.slug, field.rule) for field in refused.value.fields]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.slug)
def test_every_error_has_a_status_and_is_explained(kind: type[errors.OsEventsError]) -> None:
    explained = catalogue()[kind.slug]

    assert 400 <= explained.status < 600
    assert explained.title.endswith((".", "?"))
    assert explained.detail


def test_every_error_has_a_slug_of_its_own() -> None:
    assert len({kind.slug for kind in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.NotFoundError, 404),
        (errors.RuleViolationError, 409),
        (errors.ConflictError, 409),
        (errors.ForbiddenError, 403),
        (errors.UnavailableError, 503),
        (errors.TamperedError, 500),
        (UnauthenticatedError, 401),
        (StaleVersionError, 412),
        (KeyMisusedError, 422),
        (HoldBreaksPromiseError, 409),
        (InvalidRequestError, 422),
        (MalformedBodyError, 400),
    ],
)
def test_a_kind_of_error_is_a_status(kind: type[Exception], status: int) -> None:
    assert meaning_of(kind).status == HTTPStatus(status)


def test_a_refusal_carries_its_rule_and_what_it_rests_on() -> None:
    earlier = UUID(int=7)

    told = problem_of(HoldBreaksPromiseError("promised: 2026-03-09", rests_on=(earlier,)))

    assert (told.type, told.rule, told.overridable) == (
        "/problems/hold-breaks-promise",
        "Q10",
        True,
    )
    assert told.title == HoldBreaksPromiseError.pt
    assert (told.detail, told.rests_on) == ("promised: 2026-03-09", [str(earlier)])


def test_a_rule_that_nobody_may_override_says_so() -> None:
    assert problem_of(OccurredInFutureError()).overridable is False


def test_an_identifier_that_is_none_is_told_with_its_place_and_rule_and_without_its_value() -> None:
    body = PERSON | {"documents": [PERSON["documents"][0], A_CPF], "phones": ["000"]}

    told = complaints(RegisterPerson, body)

    assert told == [
        ("/documents/1/number", "identifier-invalid", "L1"),
        ("/phones/0", "identifier-invalid", "L1"),
    ]


def test_a_description_that_names_somebody_is_told_with_its_rule() -> None:
    line = OPENING["lines"][0] | {"description": "Ligar para (11) 98765-4321"}

    told = complaints(OpenServiceOrder, OPENING | {"lines": [line]})

    assert told == [("/lines/0/description", "personal-data-in-description", "L1")]


def test_each_field_that_is_wrong_is_named_once() -> None:
    body = {"scope": "all", "cause": "parts", "hold_id": SECRET, "until": 1, "a/b~c": 2}

    told = complaints(PlaceHold, body)

    assert told == [
        ("/hold_id", "uuid-parsing", None),
        ("/scope", "enum", None),
        ("/until", "extra-forbidden", None),
        ("/a~1b~0c", "extra-forbidden", None),
    ]


def test_a_problem_never_tells_the_value() -> None:
    wrong = dict.fromkeys(("hold_id", "scope", "expected_until", "occurred_at", "zone"), SECRET)
    reason = {"code": f"{SECRET}!", "note": SECRET * 200}

    with pytest.raises(InvalidRequestError) as refused:
        content_of(PlaceHold, json.dumps(HOLD | wrong | {"reason": reason}).encode())

    assert SECRET not in problem_of(refused.value).model_dump_json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "40"},
        {"minutes": 40.0},
        {"minutes": True},
        {"minutes": None},
        {"minutes": 10**400},
        {"minutes": -1},
        {"minutes": [40]},
        {"line_id": 7},
        {"line_id": ["charging"]},
        {"technician_id": 7},
        {"technician_id": ""},
        {"line_outcome": "DONE"},
        {"occurred_at": 1_700_000_000},
        {"occurred_at": "2026-03-02"},
        {"occurred_at": "2026-03-02T12:00:00"},
        {"occurred_at": "0000-03-02T12:00:00Z"},
        {"occurred_at": "2026-02-29T12:00:00Z"},
        {"occurred_at": "99999-01-01T00:00:00Z"},
        {"device": {"offline": "yes"}},
        {"device": {"offline": 1}},
        {"zone": "America/Nowhere"},
        {"zone": "../../etc/passwd"},
        {"channel": "carrier-pigeon"},
        {"overrides": "Q10"},
        {"overrides": ["Q10"] * 21},
        {"description": "a\x00b"},
        {"description": "a\x1bb"},
        {"description": " a"},
        {"description": "a" * 5000},
        {"note": "a\ufdd0"},
        {"_type_": "uuid_hex", "_data_": "0"},
        {"$key": "00000000-0000-0000-0000-000000000000"},
        {"note": {"$commitment": "x", "$key": "00000000-0000-0000-0000-000000000000"}},
        {"actor": {"id": "somebody-else", "role": "manager"}},
        {"rule_ids": []},
    ],
    ids=repr,
)
def test_nothing_is_taken_for_something_else(wrong: dict[str, Any]) -> None:
    assert complaints(RecordActivity, ACTIVITY | wrong)


@pytest.mark.parametrize("request_", sorted(examples()))
def test_what_is_shown_as_an_example_is_taken(request_: str) -> None:
    [model] = [kind for kind in MAY if isinstance(kind, type) and kind.__name__ == request_]

    taken = content_of(model, json.dumps(examples()[request_]).encode())

    assert isinstance(taken, model)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"nope",
        b"{} {}",
        b'{"scope": "order",}',
        b'{"scope": "order", "scope": "work"}',
        b'{"reason": {"code": "a", "code": "b"}}',
        b'{"minutes": NaN}',
        b'{"minutes": -Infinity}',
        b'{"note": "\\ud800"}',
        b'{"note": "\xff"}',
        b'{"note": "\x00"}',
        b"\xef\xbb\xbf{}",
        '{"scope": "order"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 5_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_two_readers_may_read_in_two_ways_is_not_read(body: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        content_of(PlaceHold, body)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"order"', b"7", b"true", b"{}"])
def test_what_is_json_and_no_such_request_is_told_so(body: bytes) -> None:
    with pytest.raises(InvalidRequestError):
        content_of(PlaceHold, body)
