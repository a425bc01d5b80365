"""Around every request: its span, its id in log lines and in the answer, its time and its end."""

from http import HTTPStatus
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from os_events import tracing
from os_events.metrics import HTTP_REQUEST_SECONDS, HTTP_REQUESTS

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOWHERE = "none"  # addresses that do not exist are without number


class Measured:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, request = perf_counter(), HTTPStatus.INTERNAL_SERVER_ERROR, uuid4().hex

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["Request-Id"] = request
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        asked = Headers(scope=scope).get("traceparent")
        with tracing.request_span(method, asked, {"http.request.method": method}) as span:
            try:
                with bound_contextvars(request=request, trace=tracing.trace_id()):
                    await self.app(scope, receive, noting)
            finally:
                route = template(scope)
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", int(status))
                HTTP_REQUESTS.labels(route, method, f"{status // 100}xx").inc()
                HTTP_REQUEST_SECONDS.labels(route, method).observe(perf_counter() - began)


def template(scope: Scope) -> str:
    """Give the address with the names of its parameters in the place of their values."""
    return getattr(scope.get("route"), "path", None) or NOWHERE
