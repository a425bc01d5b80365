"""Assemble the pages from parts built elsewhere; errors are pages too."""

from http import HTTPStatus
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from os_events import errors
from os_events.console import (
    pages_board,
    pages_cases,
    pages_figure,
    pages_figures,
    pages_history,
    pages_order,
    pages_times,
    pages_webhooks,
    sign_in,
)
from os_events.console.parts import Parts
from os_events.console.reader import (
    SESSION,
    NotSignedInError,
    StaleFormError,
    anybody,
    cookie_name,
    is_secure,
    show,
)
from os_events.kpis.past import PastBeingDerivedError

SAID = {  # the nearest kind in an error's ancestry: its status, and which texts tell it
    errors.NotFoundError: (HTTPStatus.NOT_FOUND, "not_found"),
    errors.RuleViolationError: (HTTPStatus.CONFLICT, "refused"),
    errors.ConflictError: (HTTPStatus.CONFLICT, "refused"),
    errors.ForbiddenError: (HTTPStatus.FORBIDDEN, "forbidden"),
    StaleFormError: (HTTPStatus.FORBIDDEN, "stale_form"),
    errors.UnavailableError: (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"),
    RequestValidationError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    Exception: (HTTPStatus.INTERNAL_SERVER_ERROR, "broken"),
}
PAGES = (
    sign_in,
    pages_board,
    pages_order,
    pages_history,
    pages_figures,
    pages_figure,
    pages_cases,
    pages_times,
    pages_webhooks,
)
PROTOCOL = {HTTPStatus.NOT_FOUND: "not_found", HTTPStatus.METHOD_NOT_ALLOWED: "not_found"}


class OwnFiles(StaticFiles):
    """Our style sheets and scripts. Their address changes with them, so a browser may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Say that it may be kept."""
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def create_console(parts: Parts) -> FastAPI:
    """Wire pages to the given parts; opens nothing itself."""
    console = FastAPI(openapi_url=None)
    console.state.parts = parts
    console.mount("/static", OwnFiles(directory=str(files("os_events.console") / "static")))
    for module in PAGES:
        console.include_router(module.router)
    console.add_exception_handler(NotSignedInError, ask_to_sign_in)
    console.add_exception_handler(PastBeingDerivedError, wait_for_the_past)
    console.add_exception_handler(HTTPException, on_protocol)
    for kind in (errors.OsEventsError, RequestValidationError, Exception):
        console.add_exception_handler(kind, on_error)
    return console


async def ask_to_sign_in(request: Request, _: Exception) -> Response:
    """Send whoever is not signed in to where that is done."""
    over = cookie_name(SESSION, secure=is_secure(request)) in request.cookies
    return RedirectResponse("/entrar?over=true" if over else "/entrar", HTTPStatus.SEE_OTHER)


async def wait_for_the_past(request: Request, error: Exception) -> Response:
    """Say how far the past is derived, on a page that asks again by itself."""
    assert isinstance(error, PastBeingDerivedError)  # noqa: S101 - for the type checker
    return await run_in_threadpool(_tell_progress, request, error)


async def on_error(request: Request, error: Exception) -> Response:
    """Answer an error with a page."""
    status, problem = next(SAID[kind] for kind in type(error).__mro__ if kind in SAID)
    slug = error.slug if isinstance(error, errors.OsEventsError) else ""
    return await run_in_threadpool(_tell, request, status, problem, slug)


async def on_protocol(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses with a page."""
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    problem = PROTOCOL.get(HTTPStatus(error.status_code), "invalid")
    return await run_in_threadpool(_tell, request, error.status_code, problem, "")


def _tell_progress(request: Request, error: PastBeingDerivedError) -> Response:
    reader = anybody(request)
    speaker = reader.speaker(reader.parts.clock())
    done, total = error.done, error.total
    return show(reader, "figures/past.html", speaker, HTTPStatus.ACCEPTED, done=done, total=total)


def _tell(request: Request, status: int, problem: str, slug: str) -> Response:
    reader = anybody(request)
    speaker = reader.speaker(reader.parts.clock())
    return show(reader, "error.html", speaker, status, problem=problem, detail=slug)
