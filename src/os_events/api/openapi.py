"""The OpenAPI document: what the framework says, with our problems, headers and examples."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from os_events.api.examples import examples
from os_events.api.problems import MEDIA_TYPE, Problem

REF = "#/components/schemas/"
NOT_OURS = ("HTTPValidationError", "ValidationError")
NEVER_SEEN = ("Erased", "Sealed")  # placeholders, which nobody sends or is shown
A_PROBLEM = {
    "description": "A problem (RFC 9457): nothing changed.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": f"{REF}{Problem.__name__}"}}},
}
HEADERS = {
    "As-Of-Position": "The position of the log that the answer reflects.",
    "Degraded-Since": "The position at which what answers stands still, if it does.",
    "ETag": "The version that is now the latest. Send it back as `If-Match`.",
    "Idempotency-Key": "The key of this request, given or made.",
    "Idempotency-Replayed": "`true`: the request had been recorded before.",
    "Location": "Where what began is to be found.",
}
TOLD_BY = {
    "post": ("ETag", "As-Of-Position", "Idempotency-Key", "Idempotency-Replayed"),
    "get": ("As-Of-Position", "Degraded-Since"),
}


def document_of(app: FastAPI) -> dict[str, Any]:
    """Give the document; it is made when it is first asked for, and kept when it is whole."""
    if app.openapi_schema is None:
        app.openapi_schema = described(app)
    return app.openapi_schema


def described(app: FastAPI) -> dict[str, Any]:
    """Make the document."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = document["components"]["schemas"]
    for method, operation in operations(document):
        complete(method, operation)
        explain(operation, schemas)
    add_problem(schemas)
    add_examples(schemas)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every operation with its method."""
    for item in document["paths"].values():
        yield from item.items()


def complete(method: str, operation: dict[str, Any]) -> None:
    """Say what every operation has in common."""
    responses = operation["responses"]
    responses.pop("422", None)
    told = [*TOLD_BY[method], *(["Location"] if "201" in responses else [])]
    for response in responses.values():
        response["headers"] = {name: header(HEADERS[name]) for name in told}
    responses["default"] = A_PROBLEM


def explain(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say what an operation does in a line, and what its body says of itself below."""
    operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
    if asked := operation.get("requestBody"):
        name = asked["content"]["application/json"]["schema"]["$ref"].removeprefix(REF)
        operation["description"] = schemas[name]["description"].replace("``", "`")


def header(description: str) -> dict[str, Any]:
    """Describe a header."""
    return {"description": description, "schema": {"type": "string"}}


def add_problem(schemas: dict[str, Any]) -> None:
    """Put our problem in the place of the framework's, and leave out what nobody meets."""
    for name in (*NOT_OURS, *NEVER_SEEN):
        schemas.pop(name, None)
    _, made = models_json_schema([(Problem, "serialization")], ref_template=f"{REF}{{model}}")
    schemas.update(made["$defs"])


def add_examples(schemas: dict[str, Any]) -> None:
    """Give every body its example."""
    for name in examples().keys() & schemas.keys():
        schemas[name]["examples"] = [examples()[name]]
