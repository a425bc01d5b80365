"""What a process tells whoever watches it: metrics and health on a port of its own, and traces."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from importlib.metadata import version
from socketserver import ThreadingTCPServer
from threading import Lock, Thread
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import structlog
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from os_events.bootstrap.traces import traces_sent
from os_events.errors import OsEventsError, UnavailableError
from os_events.metrics import BUILD_INFO, REGISTRY, Look
from os_events.settings import Settings

BUDGET = 2.0  # seconds after which no further look of a scrape is begun: Prometheus gives it ten
PATIENCE = 5.0  # seconds that a connection may keep silent, and a scrape wait for another one

log = structlog.get_logger()


class MetricsPortTakenError(UnavailableError):
    """Another program listens there. Stop it, or set OS_EVENTS_METRICS_PORT."""

    slug = "metrics-port-taken"


def nothing_to_say() -> None:
    """Find nothing wrong."""


@dataclass(frozen=True)
class Watched:
    """What a process tells of itself.

    Shape: ``looks`` are read at each scrape; ``live`` raises when only a restart helps, ``ready``
    while it cannot do its work, an ``OsEventsError`` each.
    """

    process: str
    looks: Sequence[Look] = ()
    ready: Callable[[], None] = nothing_to_say
    live: Callable[[], None] = nothing_to_say
    scraping: Lock = field(default_factory=Lock)

    def answer(self, path: str) -> "Answer":
        """Answer a request for a path."""
        checks = {
            "/health/live": self.live,
            "/health/startup": nothing_to_say,  # the port is opened when all else is
            "/health/ready": self.ready,
        }
        if path == "/metrics":
            return self.metrics()
        return health(checks[path]) if path in checks else nowhere()

    def metrics(self) -> "Answer":
        """Look, and tell all metrics; one at a time, each look with the bound of its database."""
        if not self.scraping.acquire(timeout=PATIENCE):
            return told(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "another scrape is under way"})
        try:
            until = monotonic() + BUDGET
            for look in self.looks:
                if monotonic() < until:
                    read(look)
                else:
                    look.forget()
            return Answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(REGISTRY))
        finally:
            self.scraping.release()


class Answer(NamedTuple):
    """What is sent back."""

    status: HTTPStatus
    media_type: str
    body: bytes


def told(status: HTTPStatus, words: dict[str, str]) -> Answer:
    """Make an answer of a few words."""
    return Answer(status, "application/json", json.dumps(words).encode())


def nowhere() -> Answer:
    """Say what there is."""
    return told(HTTPStatus.NOT_FOUND, {"status": "/metrics, /health/live, /health/ready"})


def health(check: Callable[[], None]) -> Answer:
    """Say whether a check finds nothing wrong; if it does, what."""
    try:
        check()
    except OsEventsError as error:
        return told(HTTPStatus.SERVICE_UNAVAILABLE, {"status": error.slug})
    return told(HTTPStatus.OK, {"status": "ok"})


def read(look: Look) -> None:
    """Look; where that fails, its gauges are not told until it succeeds again."""
    look.forget()
    try:
        look.read()
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are told
        look.forget()
        log.warning("not seen", error=type(error).__name__)


@contextmanager
def observed(settings: Settings, watched: Watched, port: int | None = None) -> Iterator[int]:
    """Tell while the process does its work; give the port, 0 where none is set.

    Shape: ``port`` is used instead of the setting's.
    Raises: MetricsPortTakenError, SettingMissingError.
    """
    wanted = settings.metrics_port if port is None else port
    with traces_sent(settings, watched.process):
        if wanted is None:
            yield 0
        else:
            with metrics_served(settings.metrics_host, wanted, watched) as found:
                yield found


@contextmanager
def metrics_served(host: str, port: int, watched: Watched) -> Iterator[int]:
    """Serve metrics and health; give the port. Raises MetricsPortTakenError."""
    BUILD_INFO.labels(version("os-events"), watched.process).set(1)
    with listening(host, port, watched) as server:
        thread = Thread(target=server.serve_forever, args=(0.1,), name="metrics", daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


class Server(ThreadingTCPServer):
    """Answers each request in a thread that hinders nobody's end."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say that somebody went away before the answer, without a traceback."""
        del request, client_address
        log.warning("not answered", kind=type(sys.exception()).__name__)


def listening(host: str, port: int, watched: Watched) -> Server:
    """Open the port. Raises MetricsPortTakenError."""

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            status, media_type, body = watched.answer(urlsplit(self.path).path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing of those who look."""

    try:
        return Server((host, port), Handler)
    except OSError as error:
        raise MetricsPortTakenError(f"port {port} of {host}: {error.strerror}") from error
