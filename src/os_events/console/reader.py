"""Who reads a page: session, language, and the token that their forms bring back."""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from os_events.access.sessions import Session
from os_events.access.tokens import UnauthenticatedError
from os_events.commands.rights import Question, may
from os_events.console.formats import Speaker
from os_events.console.naming import ids_in
from os_events.console.parts import Parts
from os_events.console.rendering import Frame, page
from os_events.errors import ForbiddenError
from os_events.values.company import Unit
from os_events.values.words import Language

LANGUAGE = "os_events_language"
SESSION = "os_events_session"
VISIT = "os_events_visit"  # what the forms of somebody who is not signed in are bound to
NOBODY = UUID(int=0)
OWN_SITE = {"same-origin", "none", None}  # None: browsers that do not tell


class NotSignedInError(ForbiddenError):
    """The pages are for those who are signed in. Use the link that ``os-events up`` prints."""

    slug = "not-signed-in"


class StaleFormError(ForbiddenError):
    """The form was not made for this session. Load the page again, and send it again."""

    slug = "stale-form"


@dataclass(frozen=True)
class Reader:
    """Somebody before a page. Shape: ``visit`` is a new cookie's value, where one is needed."""

    parts: Parts
    language: Language
    here: str
    token: str
    secure: bool
    session: Session | None = None
    visit: str | None = None

    @property
    def signed_in(self) -> Session:
        """Give the session. Raises NotSignedInError."""
        if self.session is None:
            raise NotSignedInError
        return self.session

    @property
    def person_id(self) -> UUID | None:
        """Give the person who is signed in; None if it is an integration, or nobody."""
        found = ids_in([self.session.principal.actor.id]) if self.session else set()
        return next(iter(found), None)

    @property
    def units(self) -> list[Unit]:
        """Give the units in which they have a role."""
        theirs = self.signed_in.principal.units
        return [one for one in self.parts.company.units if theirs is None or one.id in theirs]

    def speaker(self, now: datetime, zone: str = "UTC", people: Iterable[UUID] = ()) -> Speaker:
        """Say how to speak to them, by the clock of a place, of people whom they may know."""
        ids = {*people, self.person_id or NOBODY} if people else set()
        names = self.parts.names.of(ids, self.language) if ids else {}
        return Speaker(self.language, now, zone, names)

    def frame(self, speaker: Speaker, search: str) -> Frame:
        """Say what stands around their pages."""
        company = self.parts.company
        frame = Frame(company.trade_name or company.legal_name, self.here, self.token)
        if self.session is None:
            return frame
        name = speaker.names.get(self.person_id or NOBODY, self.session.label)
        principal, refusal = self.session.principal, self.parts.log.refusal
        sees_webhooks = may(principal, Question.WEBHOOKS)
        return replace(
            frame,
            person=name,
            role=speaker.name(principal.actor.role),
            search=search,
            refusal=refusal.slug if refusal else "",
            sees_figures=may(principal, Question.FIGURE_ORDERS),
            sees_webhooks=sees_webhooks,
            webhooks_still=self.parts.endpoints.standing_still() if sees_webhooks else 0,
        )


def parts_of(request: Request) -> Parts:
    """Give what the console was given."""
    return cast("Parts", request.app.state.parts)


def is_secure(request: Request) -> bool:
    """Say whether the connection is encrypted; on this machine alone it need not be."""
    return request.url.scheme == "https"


def cookie_name(name: str, *, secure: bool) -> str:
    """Name a cookie so that browsers keep it to this host, where the connection is encrypted."""
    return f"__Host-{name}" if secure else name


def keep(answer: Response, name: str, value: str, *, secure: bool) -> None:
    """Give the browser a cookie that no script reads and no other site sends."""
    name = cookie_name(name, secure=secure)
    answer.set_cookie(name, value, httponly=True, secure=secure, samesite="lax")


def show(
    reader: Reader, template: str, speaker: Speaker, status: int = 200, **values: Any
) -> Response:
    """Answer a reader with a page."""
    frame = reader.frame(speaker, values.pop("search", ""))
    answer = page(template, speaker, frame, status, **values)
    if reader.visit:
        keep(answer, VISIT, reader.visit, secure=reader.secure)
    return answer


def anybody(request: Request) -> Reader:
    """Say who reads, signed in or not."""
    parts, secure = parts_of(request), is_secure(request)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    language: Language = "en" if request.cookies.get(LANGUAGE) == "en" else "pt"
    if session := _session(request, parts):
        return Reader(parts, language, here, session.csrf, secure, session)
    known = request.cookies.get(cookie_name(VISIT, secure=secure))
    visit = known or secrets.token_urlsafe(32)
    token = sha256(f"os_events/form/v1\n{visit}".encode()).hexdigest()
    return Reader(parts, language, here, token, secure, visit=None if known else visit)


def somebody(reader: Annotated[Reader, Depends(anybody)]) -> Reader:
    """Say who is signed in. Raises NotSignedInError."""
    _ = reader.signed_in
    return reader


def sender(
    request: Request,
    reader: Annotated[Reader, Depends(anybody)],
    token: Annotated[str, Form(max_length=200)] = "",
) -> Reader:
    """Say who sent a form, if it is one of their own. Raises StaleFormError."""
    own = request.headers.get("sec-fetch-site") in OWN_SITE
    if not own or not hmac.compare_digest(token.encode(), reader.token.encode()):
        raise StaleFormError
    return reader


def _session(request: Request, parts: Parts) -> Session | None:
    token = request.cookies.get(cookie_name(SESSION, secure=is_secure(request)))
    if not token:
        return None
    try:
        return parts.sessions.check(token)
    except UnauthenticatedError:
        return None


Anybody = Annotated[Reader, Depends(anybody)]
SignedIn = Annotated[Reader, Depends(somebody)]
Sender = Annotated[Reader, Depends(sender)]
