"""Requests read strictly: who asks first, then what, and nothing that two readers read twice."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, cast

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from os_events.access.tokens import UnauthenticatedError
from os_events.api.invalid import (
    InvalidRequestError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
    fields_of,
    unknown_parameter,
)
from os_events.api.parts import parts_of
from os_events.values import plain_json
from os_events.values.principal import Principal

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Read(Request):
    """A request whose body has one reading: ours."""

    content: BaseModel | None = None

    async def json(self) -> Any:
        """Give what was read; the framework asks here."""
        return self.content


class StrictRoute(APIRoute):
    """An endpoint for callers whom we know; of a stranger's request nothing is read."""

    def get_route_handler(self) -> Handler:
        """Put our checks before the framework's."""
        handle = super().get_route_handler()
        field = self.body_field
        model = cast("type[BaseModel]", field.field_info.annotation) if field else None
        known = set(parameters_of(self.dependant))

        async def asked(request: Request) -> Response:
            request.state.principal = await principal_of(request)
            check_query(request, known)
            read = Read(request.scope, request.receive)
            if model is not None:
                keep_key(request)
                check_media_type(request)
                read.content = content_of(model, await read.body())
            return await handle(read)

        return asked


async def principal_of(request: Request) -> Principal:
    """Say who asks. Raises UnauthenticatedError."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthenticatedError
    keys = parts_of(request).keys
    if known := keys.remembered(key):
        return known
    return await run_in_threadpool(keys.check, key)


def parameters_of(dependant: Dependant) -> Iterator[str]:
    """Name the query parameters that somebody reads; a model reads its fields."""
    for one in dependant.query_params:
        kind: Any = one.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        fields = kind.model_fields.items() if is_model else ()
        yield from (field.alias or name for name, field in fields) if is_model else [one.alias]
    for each in dependant.dependencies:
        yield from parameters_of(each)


def keep_key(request: Request) -> None:
    """Remember the idempotency key, or a new one: it is told whatever the answer is."""
    given = request.headers.get("Idempotency-Key")
    request.state.idempotency_key = given or parts_of(request).new_id().hex


def check_query(request: Request, known: set[str]) -> None:
    """Refuse parameters that nobody reads: a misspelt filter would be no filter."""
    strange = sorted(set(request.query_params) - known)
    if strange:
        raise InvalidRequestError(map(unknown_parameter, strange))


def check_media_type(request: Request) -> None:
    """Refuse a body that is not said to be JSON."""
    said = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if said != "application/json":
        raise UnsupportedMediaTypeError


def content_of(model: type[BaseModel], body: bytes) -> BaseModel:
    """Read a body: types as JSON has them, nothing taken for something else.

    Raises: MalformedBodyError, InvalidRequestError.
    """
    plain = plain_of(body)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        if errors[0]["type"] == "json_invalid":  # lone surrogates, and what is nested too deep
            raise MalformedBodyError from error
        raise InvalidRequestError(fields_of(errors, plain)) from error


def plain_of(body: bytes) -> Any:
    """Read JSON as it is written. Raises MalformedBodyError."""
    try:
        return plain_json.plain_of(body)
    except ValueError as error:
        raise MalformedBodyError from error
