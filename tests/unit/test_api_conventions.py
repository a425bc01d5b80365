"""House rules of the HTTP API. Each test names the rule that it keeps."""

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

import os_events.api
from os_events.aggregates.base import Change, Request
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.api.app import ROUTERS, create_app
from os_events.api.catalogue import router as problems
from os_events.api.docs import router as docs
from os_events.api.examples import examples
from os_events.api.openapi import document_of
from os_events.api.status import health
from os_events.api.strict import StrictRoute, parameters_of
from os_events.commands.rights import MAY, Question

PUBLIC = [problems, docs, health]  # what says nothing of anybody
ROUTES = [
    route
    for router in ROUTERS
    if router not in PUBLIC
    for route in router.routes
    if isinstance(route, APIRoute)
]
COMMANDS = [route for route in ROUTES if route.methods == {"POST"}]
QUESTIONS = [route for route in ROUTES if route.methods == {"GET"}]
SOURCE = Path(os_events.api.__file__).parent
ROOMS = SOURCE.parent
ON_PAGES_ONLY = {Question.WEBHOOKS}  # besides the command line
REQUESTS = sorted((kind for kind in MAY if isinstance(kind, type)), key=str)
WITH_A_FUNCTION = {
    RegisterPerson,
    OpenServiceOrder,
    WaiveQuote,
}  # they begin, or are told of others
HANDLERS = [
    function
    for path in sorted(SOURCE.glob("*.py"))
    for function in ast.walk(ast.parse(path.read_text()))
    if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    and any(
        "router" in ast.dump(one) or "health" in ast.dump(one) for one in function.decorator_list
    )
]


def requests(base: type[Any] = Request) -> set[type[Request]]:
    """Give every request that somebody can make."""
    below = {kind for one in base.__subclasses__() for kind in {one, *requests(one)}}
    return {kind for kind in below if "[" not in kind.__name__ and kind is not Change}


def body_of(route: APIRoute) -> Any:
    return route.body_field.field_info.annotation if route.body_field else None


def questions_of(route: APIRoute) -> list[Question]:
    calls = [one.call for one in route.dependant.dependencies]
    return [getattr(call, "question") for call in calls if hasattr(call, "question")]  # noqa: B009 - not of its type


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return document_of(create_app(None))  # type: ignore[arg-type]  # nothing is asked of the parts


def test_every_request_has_one_endpoint_and_a_line_in_the_rights() -> None:
    bodies = [body_of(route) for route in COMMANDS]

    assert len(bodies) == len(set(bodies))
    assert set(bodies) == requests()
    assert requests() == {kind for kind in MAY if isinstance(kind, type)}


def test_every_question_is_asked_somewhere_and_every_reading_names_its_question() -> None:
    asked = [questions_of(route) for route in QUESTIONS]

    assert [len(found) for found in asked] == [1] * len(QUESTIONS)
    assert {question for found in asked for question in found} == set(Question) - ON_PAGES_ONLY


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_an_endpoint_is_for_callers_whom_we_know(route: APIRoute) -> None:
    assert isinstance(route, StrictRoute)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_commands_are_awaited_and_questions_have_a_thread(route: APIRoute) -> None:
    assert inspect.iscoroutinefunction(route.endpoint) == (route in COMMANDS)


@pytest.mark.parametrize("route", QUESTIONS, ids=lambda route: route.name)
def test_a_question_may_be_as_of_ones_own_write(route: APIRoute) -> None:
    always_new = {"show_status", "hand_out_history_file", "list_units", "list_figures"}

    assert ("after" in parameters_of(route.dependant)) == (route.name not in always_new)


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.name)
def test_a_handler_is_eight_lines_at_most_and_tries_nothing(
    handler: ast.FunctionDef | ast.AsyncFunctionDef,
) -> None:
    _docstring, *body = handler.body

    assert (body[-1].end_lineno or 0) - body[0].lineno < 8
    assert not [node for node in ast.walk(handler) if isinstance(node, ast.Try)]


def test_every_body_has_its_example() -> None:
    assert set(examples()) == {kind.__name__ for kind in requests()}


def test_the_document_shows_every_body_by_its_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert {name: schemas[name]["examples"] for name in examples()} == {
        name: [example] for name, example in examples().items()
    }


def test_every_answer_that_is_none_is_a_problem(document: dict[str, Any]) -> None:
    responses = [
        operation["responses"] for item in document["paths"].values() for operation in item.values()
    ]

    assert {tuple(one["default"]["content"]) for one in responses} == {
        ("application/problem+json",)
    }
    assert {code for one in responses for code in one} == {"200", "201", "default"}


def test_what_needs_a_key_says_so(document: dict[str, Any]) -> None:
    paths = document["paths"].items()
    open_to_all = {path for path, item in paths if not all("security" in o for o in item.values())}

    health = {"/health/live", "/health/ready", "/health/startup"}
    assert open_to_all == {*health, "/problems/{slug}"}


def test_a_model_in_the_document_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    assert not [name for name in document["components"]["schemas"] if "__" in name]


def test_no_placeholder_is_in_the_document(document: dict[str, Any]) -> None:
    assert not [
        word for word in ("$commitment", "Sealed", "Erased") if word in json.dumps(document)
    ]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda kind: kind.__name__)
def test_a_request_costs_its_chapter_its_right_and_its_endpoint(request_: type[Request]) -> None:
    name = re.compile(rf"\b{request_.__name__}\b")
    special = {"perform.py", "beginning.py"} if request_ in WITH_A_FUNCTION else set()

    files = [
        path.relative_to(ROOMS) for path in ROOMS.rglob("*.py") if name.search(path.read_text())
    ]

    counted = [
        path for path in files if not {"importing", "intake", "cli", *special} & set(path.parts)
    ]
    assert sorted(path.parts[0] for path in counted) == ["aggregates", "api", "commands"]
