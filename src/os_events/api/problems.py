"""Errors as RFC 9457 problems: the only module that knows which error is which HTTP status."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from os_events import errors
from os_events.access.tokens import UnauthenticatedError
from os_events.aggregates.rules import RefusalError, RuleKind
from os_events.api.invalid import (
    FieldProblem,
    InvalidRequestError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
    fields_of,
)
from os_events.commands.caller import StaleVersionError
from os_events.eventlog.log import KeyMisusedError
from os_events.kpis.past import PastBeingDerivedError
from os_events.kpis.question import UnaskableError

MEDIA_TYPE = "application/problem+json"
T = TypeVar("T")


AN_EXAMPLE: dict[str, Any] = {
    "type": "/problems/work-without-authorisation",
    "title": "Sem orçamento aprovado não se executa o serviço.",
    "status": 409,
    "detail": "nothing authorised the work of order 1f0c66d1-9b3e-4c55-b83e-88e221d82c55 yet",
    "rule": "Q1",
    "overridable": False,
    "rests_on": [],
}


class Meaning(NamedTuple):
    """What a kind of error is in HTTP, and in the words of people."""

    status: HTTPStatus
    pt: str


MEANING: Mapping[type[Exception], Meaning] = {
    errors.NotFoundError: Meaning(HTTPStatus.NOT_FOUND, "Não encontrado."),
    errors.RuleViolationError: Meaning(HTTPStatus.CONFLICT, "Uma regra impede esta operação."),
    errors.ConflictError: Meaning(HTTPStatus.CONFLICT, "Outra pessoa alterou este registro antes."),
    errors.ForbiddenError: Meaning(HTTPStatus.FORBIDDEN, "Sem permissão para esta operação."),
    errors.UnavailableError: Meaning(
        HTTPStatus.SERVICE_UNAVAILABLE, "Serviço indisponível no momento; tente de novo."
    ),
    errors.TamperedError: Meaning(
        HTTPStatus.INTERNAL_SERVER_ERROR, "O registro não confere; avise quem guarda as chaves."
    ),
    UnauthenticatedError: Meaning(HTTPStatus.UNAUTHORIZED, "Identifique-se com uma chave válida."),
    StaleVersionError: Meaning(
        HTTPStatus.PRECONDITION_FAILED, "O registro mudou desde que foi lido; leia-o de novo."
    ),
    KeyMisusedError: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, "Esta chave de idempotência já serviu a outro pedido."
    ),
    InvalidRequestError: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, "O pedido tem campos inválidos."),
    UnaskableError: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, "O indicador não pode ser pedido assim."
    ),
    MalformedBodyError: Meaning(HTTPStatus.BAD_REQUEST, "O corpo do pedido não é um JSON válido."),
    UnsupportedMediaTypeError: Meaning(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "O corpo do pedido deve ser application/json."
    ),
}
PROTOCOL = {  # what the framework refuses by itself
    HTTPStatus.NOT_FOUND: ("no-such-route", "Este endereço não existe."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method-not-allowed", "Método não permitido neste endereço."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body-too-large", "O corpo do pedido é grande demais."),
}
UNEXPECTED = ("unexpected", "Erro inesperado; nada mais se sabe. Tente de novo com a mesma chave.")
UNFORESEEN = Meaning(HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED[1])  # no answer says so


class Problem(BaseModel):
    """What went wrong (RFC 9457). ``type`` is for programs, ``title`` for people.

    Shape: ``rule`` and ``overridable`` come with a refusal, ``rests_on`` names the events that it
    rests on; ``fields`` come with a request that does not fit its model; ``done`` and ``total`` say
    how far something is that must be made first, in orders.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [AN_EXAMPLE]})

    type: str
    title: str
    status: int
    detail: str | None = None
    rule: str | None = None
    overridable: bool | None = None
    rests_on: list[str] | None = None
    fields: list[FieldProblem] | None = None
    done: int | None = None
    total: int | None = None


class ProblemResponse(JSONResponse):
    """A problem on its way out."""

    media_type = MEDIA_TYPE


def meaning_of(kind: type[Exception]) -> Meaning:
    """Look up the nearest kind in an error's ancestry."""
    return next((MEANING[base] for base in kind.__mro__ if base in MEANING), UNFORESEEN)


def meant(kind: type[errors.OsEventsError]) -> Problem:
    """Say what an error of a kind means; a refusal, by which rule."""
    status, title = meaning_of(kind)
    found = Problem(
        type=f"/problems/{kind.slug}", title=title, status=status, detail=what_to_do(kind)
    )
    if issubclass(kind, RefusalError) and kind is not RefusalError:
        found.title, found.rule = kind.pt, kind.rule
        found.overridable = kind.kind is RuleKind.WRN
    return found


def problem_of(error: errors.OsEventsError) -> Problem:
    """Say an error as a problem, with what it says of this case."""
    found = meant(type(error))
    found.detail = str(error) or found.detail
    if isinstance(error, RefusalError):
        found.rests_on = [str(event_id) for event_id in error.rests_on]
    if isinstance(error, InvalidRequestError):
        found.fields = list(error.fields)
    if isinstance(error, PastBeingDerivedError):
        found.done, found.total = error.done, error.total
    return found


def what_to_do(kind: type[Exception]) -> str:
    """Give what an error's own words say, which end in what the reader can do."""
    return " ".join((kind.__doc__ or "").replace("``", "`").split())


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> ProblemResponse:
    """Write a problem."""
    return ProblemResponse(problem.model_dump(exclude_none=True), problem.status, headers)


def protocol_problem(status: int) -> Problem:
    """Say what the framework refused, or what nobody foresaw, as a problem."""
    slug, title = PROTOCOL.get(HTTPStatus(status), UNEXPECTED)
    return Problem(type=f"/problems/{slug}", title=title, status=status)


async def on_error(request: Request, error: Exception) -> ProblemResponse:
    """Answer an error of ours."""
    assert isinstance(error, errors.OsEventsError)  # noqa: S101 - for the type checker
    problem = problem_of(error)
    headers = dict(told(request))
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="os-events"'
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return answer(problem, headers)


async def on_invalid(request: Request, error: Exception) -> ProblemResponse:
    """Answer a path or a query that does not fit."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - for the type checker
    return await on_error(request, InvalidRequestError(fields_of(error.errors())))


async def on_protocol(request: Request, error: Exception) -> ProblemResponse:
    """Answer what the framework refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    headers = dict(error.headers or {}) | dict(told(request))
    return answer(protocol_problem(error.status_code), headers)


def told(request: Request) -> Iterator[tuple[str, str]]:
    """Tell the idempotency key again, also when the request is refused."""
    if key := getattr(request.state, "idempotency_key", None):
        yield "Idempotency-Key", key


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error with a problem."""
    app.add_exception_handler(errors.OsEventsError, on_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_protocol)
