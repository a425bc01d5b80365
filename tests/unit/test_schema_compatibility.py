"""Which changes a published schema may go through."""

from typing import Any

import pytest

from os_events.messaging.public.compatibility import Needs, Side, differences

REQUIRED = ["number", "lines"]
FIELDS: dict[str, Any] = {
    "number": {"type": "string", "description": "The number."},
    "status": {"type": "string", "x-extensible-enum": ["open", "ended"]},
    "total_centavos": {"type": "integer", "minimum": 0, "maximum": 100},
    "at": {"type": "string", "format": "date-time"},
    "lines": {
        "type": "array",
        "items": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    },
}
ORDER: dict[str, Any] = {
    "type": "object",
    "title": "Order",
    "properties": FIELDS,
    "required": REQUIRED,
}


def with_field(name: str, **keywords: Any) -> dict[str, Any]:
    """Give the schema with another field; None takes a keyword away."""
    field = {**FIELDS.get(name, {}), **keywords}
    kept = {keyword: value for keyword, value in field.items() if value is not None}
    return {**ORDER, "properties": {**FIELDS, name: kept}}


def without(name: str) -> dict[str, Any]:
    return {**ORDER, "properties": {one: FIELDS[one] for one in FIELDS if one != name}}


def with_line(**fields: Any) -> dict[str, Any]:
    line = {**FIELDS["lines"]["items"], "properties": {"id": {"type": "string"}, **fields}}
    return with_field("lines", items=line)


ALLOWED = [
    (ORDER, None),
    ({**ORDER, "title": "Ordem", "$id": "urn:x", "description": "…", "examples": [1]}, None),
    (with_field("number", description="As printed."), None),
    (with_field("status", **{"x-extensible-enum": ["ended", "open"]}), None),
    (with_field("status", **{"x-extensible-enum": ["open", "ended", "held"]}), "code held added"),
    (with_field("number", **{"x-extensible-enum": ["a"]}), "number: code a added"),
]
REVISIONS = [
    (with_field("priority", type="string"), "priority: optional field added"),
    (with_line(n={"type": "integer"}), "lines[].n: optional field added"),
]
FORBIDDEN = [
    (without("status"), "status: field removed"),
    (with_field("on", type="string") | {"required": [*REQUIRED, "on"]}, "on: required field added"),
    ({**ORDER, "required": [*REQUIRED, "status"]}, "status: became required"),
    ({**ORDER, "required": ["lines"]}, "number: became optional"),
    ({**ORDER, "additionalProperties": False}, "all: additionalProperties changed"),
    ({**ORDER, "type": "array"}, "all: type changed"),
    (with_field("number", type="integer"), "number: type changed"),
    (with_field("number", type=["string", "null"]), "number: type changed"),
    (with_field("number", pattern="^OS"), "number: pattern changed"),
    (with_field("number", maxLength=10), "number: maxLength changed"),
    (with_field("number", enum=["a", "b"]), "number: enum changed"),
    (with_field("at", format="date"), "at: format changed"),
    (with_field("at", format=None), "at: format changed"),
    (with_field("total_centavos", minimum=1), "total_centavos: minimum changed"),
    (with_field("total_centavos", maximum=99), "total_centavos: maximum changed"),
    (with_field("total_centavos", maximum=101), "total_centavos: maximum changed"),
    (with_field("status", **{"x-extensible-enum": ["open"]}), "status: code ended removed"),
    (with_field("status", **{"x-extensible-enum": None}), "status: code open removed"),
    (with_field("lines", items=None), "lines: items changed"),
    (with_field("lines", items={"type": "string"}), "lines[]: type changed"),
    (with_field("lines", minItems=1), "lines: minItems changed"),
    (with_field("number", **{"$ref": "#/$defs/Number"}), "number: $ref changed"),
    (with_field("number", anyOf=[{"type": "string"}]), "number: anyOf changed"),
]  # fmt: skip


def told(new: dict[str, Any]) -> list[str]:
    return [str(one) for one in differences(ORDER, new)]


def need(new: dict[str, Any]) -> Needs:
    return max((one.needs for one in differences(ORDER, new)), default=Needs.NOTHING)


@pytest.mark.parametrize(("new", "what"), ALLOWED)
def test_texts_and_codes_may_be_added_where_they_stand(
    new: dict[str, Any], what: str | None
) -> None:
    assert need(new) is Needs.NOTHING
    assert what is None or what in told(new)[0]


@pytest.mark.parametrize(("new", "what"), REVISIONS)
def test_an_optional_field_may_be_added_with_a_new_revision(new: dict[str, Any], what: str) -> None:
    assert need(new) is Needs.REVISION
    assert told(new) == [what]


@pytest.mark.parametrize(("new", "what"), FORBIDDEN)
def test_anything_else_is_a_type_of_its_own(new: dict[str, Any], what: str) -> None:
    assert need(new) is Needs.MAJOR
    assert what in told(new)


EASED = [
    {**ORDER, "required": ["lines"]},
    with_field("total_centavos", minimum=-1),
    with_field("total_centavos", maximum=101),
    with_field("total_centavos", maximum=None),
    with_field("priority", type="string"),
]
STRAINED = [
    with_field("total_centavos", minimum=1),
    with_field("total_centavos", maximum=99),
    with_field("number", maxLength=10),
    with_field("number", pattern="^OS"),
    with_field("number", type="integer"),
    with_field("at", format=None),
    with_field("number", default="1"),
    {**ORDER, "required": [*REQUIRED, "status"]},
    {**ORDER, "additionalProperties": False},
    without("status"),
]


def needs_of_theirs(old: dict[str, Any], new: dict[str, Any]) -> Needs:
    return max(one.needs for one in differences(old, new, Side.THEM))


@pytest.mark.parametrize("new", EASED)
def test_what_others_write_may_be_taken_more_easily(new: dict[str, Any]) -> None:
    assert needs_of_theirs(ORDER, new) is Needs.REVISION


@pytest.mark.parametrize("new", STRAINED)
def test_what_others_write_is_never_taken_less_easily(new: dict[str, Any]) -> None:
    assert needs_of_theirs(ORDER, new) is Needs.MAJOR


def test_a_code_may_be_added_to_what_others_write_and_not_removed() -> None:
    one, two = with_field("status", enum=["open"]), with_field("status", enum=["open", "ended"])

    assert needs_of_theirs(one, two) is Needs.REVISION
    assert needs_of_theirs(two, one) is Needs.MAJOR
    assert needs_of_theirs(two, ORDER) is Needs.REVISION
