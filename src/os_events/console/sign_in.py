"""Signing in and out, and the choice of language."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from os_events.access.tokens import UnauthenticatedError, id_of
from os_events.console.reader import (
    LANGUAGE,
    SESSION,
    Anybody,
    Reader,
    Sender,
    cookie_name,
    keep,
    sender,
    show,
)
from os_events.values.words import Language

router = APIRouter()
YEAR = 365 * 24 * 3600  # seconds
SEE_OTHER = 303


@router.get("/entrar")
def enter(
    reader: Anybody,
    link: Annotated[str, Query(max_length=200)] = "",
    over: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Response:
    """Sign in by a link that works once; without one, say how to get it."""
    if not link:
        return _ask(reader, "sign_in.session_over" if over else None)
    try:
        return _let_in(reader, reader.parts.sessions.sign_in(link))
    except UnauthenticatedError:
        return _ask(reader, "sign_in.link_spent")


@router.post("/entrar")
def enter_by_key(reader: Sender, key: Annotated[str, Form(max_length=200)]) -> Response:
    """Begin a session by an API key."""
    sessions = reader.parts.sessions
    try:
        reader.parts.keys.check(key.strip())
        return _let_in(reader, sessions.sign_in(sessions.new_link(id_of(key.strip()))))
    except UnauthenticatedError:
        return _ask(reader, "sign_in.key_unknown")


@router.post("/sair")
def leave(request: Request, reader: Sender) -> Response:
    """End the session."""
    name = cookie_name(SESSION, secure=reader.secure)
    if token := request.cookies.get(name):
        reader.parts.sessions.end(token)
    answer = RedirectResponse("/entrar", SEE_OTHER)
    answer.delete_cookie(name, httponly=True, secure=reader.secure)
    return answer


@router.post("/idioma", dependencies=[Depends(sender)])
def speak(
    language: Annotated[Language, Form()],
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Remember the language, and go back to where the reader was."""
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = RedirectResponse(back if own else "/", SEE_OTHER)
    answer.set_cookie(LANGUAGE, language, max_age=YEAR, httponly=True, samesite="lax")
    return answer


def _let_in(reader: Reader, token: str) -> Response:
    answer = RedirectResponse("/", SEE_OTHER)
    keep(answer, SESSION, token, secure=reader.secure)
    return answer


def _ask(reader: Reader, failed: str | None) -> Response:
    speaker = reader.speaker(reader.parts.clock())
    return show(reader, "sign_in.html", speaker, 403 if failed else 200, failed=failed)
