"""The outermost layer, pages included: bounds, headers that keep browsers careful, a last word."""

from http import HTTPStatus
from uuid import UUID

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from os_events.api.problems import answer, protocol_problem
from os_events.errors import frames

LARGEST_BODY = 256 * 1024  # bytes
MANY_DIGITS = 20
CAREFUL = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

log = structlog.get_logger()


class Edge:
    """Wraps the application; nothing that it answers, or fails to answer, goes around it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def careful(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                add_headers(MutableHeaders(scope=message))
            await send(message)

        try:
            await self.app(scope, bounded(scope, receive), careful)
        except ClientDisconnect:  # nobody is there to be answered
            return
        except Exception as error:  # noqa: BLE001 - the last resort: whoever asks gets an answer
            # no traceback: its message may hold what people typed
            kind, order = type(error).__name__, order_of(scope)
            log.error("unexpected error", kind=kind, at=frames(error), order=order)  # noqa: TRY400 - see above
            if not started:
                problem = protocol_problem(HTTPStatus.INTERNAL_SERVER_ERROR)
                await answer(problem)(scope, receive, careful)


def bounded(scope: Scope, receive: Receive) -> Receive:
    """Refuse a body that is, or says it is, too large, however it comes."""
    said = Headers(scope=scope).get("content-length", "")
    too_large = said.isdecimal() and (len(said) > MANY_DIGITS or int(said) > LARGEST_BODY)
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = {"type": ""} if too_large else await receive()
        taken += len(message.get("body", b""))
        if too_large or taken > LARGEST_BODY:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return limited


def order_of(scope: Scope) -> str | None:
    """Name the order that a request is about, if its address names one."""
    try:
        return str(UUID(str(scope.get("path_params", {}).get("order_id"))))
    except ValueError:  # whatever was typed there, it is no order's
        return None


def add_headers(headers: MutableHeaders) -> None:
    """Add what is missing; nothing is kept by caches unless an answer says that it may."""
    headers.setdefault("Cache-Control", "no-store")
    for name, value in CAREFUL.items():
        headers.setdefault(name, value)
