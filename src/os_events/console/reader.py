"""Who reads a page: session, language, and the token that their forms bring back."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from os_events.access.sessions import Session
from os_events.access.tokens import UnauthenticatedError
from os_events.console.formats import Speaker
from os_events.console.parts import Parts
from os_events.console.rendering import Frame, page
from os_events.errors import ForbiddenError
from os_events.values.words import Language

LANGUAGE = "os_events_language"
SESSION = "os_events_session"
VISIT = "os_events_visit"  # what the forms of somebody who is not signed in are bound to
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

    def speaker(
        self, now: datetime, zone: str = "UTC", names: Mapping[UUID, str] | None = None
    ) -> Speaker:
        """Say how to speak to them about what has its place in ``zone``."""
        return Speaker(self.language, now, zone, names or {})

    def frame(self, search: str = "") -> Frame:
        """Say what stands around their pages."""
        role = self.session.principal.actor.role if self.session else None
        return Frame(
            company=self.parts.company.trade_name or self.parts.company.legal_name,
            here=self.here,
            token=self.token,
            person=self.session.label if self.session else "",
            role=(role.pt if self.language == "pt" else role.en) if role else "",
            search=search,
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
    answer = page(template, speaker, reader.frame(values.pop("search", "")), status, **values)
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
