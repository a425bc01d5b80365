"""What is wrong with a request that does not fit: each field with its slug and rule, no value."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from os_events.errors import OsEventsError
from os_events.values.personal import Erased, Sealed

PLACEHOLDERS = {Sealed.__name__, Erased.__name__}
SAID = {  # by slug, in the words of people
    "identifier-invalid": "Documento, telefone ou e-mail inválido.",
    "personal-data-in-description": "Não escreva dados pessoais neste campo.",
    "missing": "Campo obrigatório.",
    "extra-forbidden": "Campo desconhecido.",
}
OTHERWISE = "Valor inválido."


class FieldProblem(BaseModel):
    """What is wrong with a field.

    Shape: ``field`` is a JSON pointer into the body, or ``query``, ``path`` or ``header`` and a
    name; ``rule`` is the id of the rule that the value breaks.
    """

    field: str
    slug: str
    title: str
    detail: str
    rule: str | None = None


class InvalidRequestError(OsEventsError):
    """The request does not fit. Mend the fields that are named."""

    slug = "invalid-request"

    def __init__(self, fields: Iterable[FieldProblem]) -> None:
        super().__init__()
        self.fields = tuple(fields)


class MalformedBodyError(OsEventsError):
    """The body is not JSON in UTF-8, with each name once in an object. Mend it."""

    slug = "malformed-body"


class UnsupportedMediaTypeError(OsEventsError):
    """The body is said to be something else than JSON. Send ``Content-Type: application/json``."""

    slug = "unsupported-media-type"


def fields_of(errors: Iterable[Mapping[str, Any]], body: Any = None) -> list[FieldProblem]:
    """Turn a model's complaints into field problems: one a field, the one that says most."""
    found: dict[str, FieldProblem] = {}
    for error in errors:
        if PLACEHOLDERS.isdisjoint(map(str, error["loc"])):
            problem = field_problem(error, body)
            if problem.field not in found or problem.rule:
                found[problem.field] = problem
    return [one for one in found.values() if not any(is_within(other, one) for other in found)]


def is_within(place: str, problem: FieldProblem) -> bool:
    """Say whether a problem is only that of something inside: a list is short by what is wrong."""
    return place.startswith(f"{problem.field}/")


def field_problem(error: Mapping[str, Any], body: Any) -> FieldProblem:
    """Say one complaint."""
    kind, message = error["type"], error["msg"]
    slug = kind.replace("_", "-")
    return FieldProblem(
        field=where(error["loc"], body),
        slug=slug,
        title=SAID.get(slug, OTHERWISE),
        detail=said(kind, message),
        rule=error.get("ctx", {}).get("rule"),
    )


def said(kind: str, message: str) -> str:
    """Say what a model says, but nothing of the signs that a parser stumbled over."""
    if kind.endswith("_parsing"):
        return message.partition(",")[0]
    return message.removeprefix("Value error, ")


def unknown_parameter(name: str) -> FieldProblem:
    """Say that nobody reads a parameter."""
    return field_problem(
        {"type": "extra_forbidden", "loc": ("query", name), "msg": "No such parameter"}, None
    )


def where(steps: tuple[str | int, ...], body: Any) -> str:
    """Name the place: a JSON pointer into ``body``, or the part of the request and a name."""
    if body is None:
        return " ".join(map(str, steps))
    return "".join(f"/{escaped(step)}" for step in real_steps(steps, body))


def real_steps(steps: tuple[str | int, ...], body: Any) -> Iterator[str | int]:
    """Leave out the steps that name a branch of a type, not a place in the body."""
    for step in steps:
        if isinstance(body, list) and isinstance(step, int):
            yield step
            body = body[step]
        elif isinstance(body, dict):
            yield step
            body = body.get(step)


def escaped(step: str | int) -> str:
    """Write a step of a JSON pointer (RFC 6901)."""
    return str(step).replace("~", "~0").replace("/", "~1")
