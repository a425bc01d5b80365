"""Receivers of webhooks on this machine: good ones, and those that do everything wrong."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Event, Thread

PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Received:
    """One message as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Behave = Callable[[Received, BaseHTTPRequestHandler], None]


@dataclass
class Receiver:
    """What came in so far, and how it answers. Shape: ``behave`` may be changed at any time."""

    behave: Behave
    port: int = 0
    received: list[Received] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.received]


def says(status: int, **headers: str) -> Behave:
    """Answer with a status, and headers."""

    def behave(_: Received, to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.send_header("Content-Length", "0")
        to.end_headers()

    return behave


def hangs(receiver: Receiver) -> Behave:
    """Take the message, and say nothing until the test is over."""

    def behave(_: Received, _to: BaseHTTPRequestHandler) -> None:
        receiver.over.wait(PATIENCE)

    return behave


def vanishes(_: Received, to: BaseHTTPRequestHandler) -> None:
    """Go away without a word."""
    to.connection.shutdown(SHUT_RDWR)


def drips(head: bytes) -> Behave:
    """Begin with these bytes, and go on byte by byte for ever."""

    def behave(_: Received, to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(head)
        pause = Event()
        while not pause.wait(0.02):
            to.wfile.write(b"x")

    return behave


def pours(_: Received, to: BaseHTTPRequestHandler) -> None:
    """Take it, and answer with a body that never ends."""
    to.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        to.wfile.write(b"x" * 65536)


@contextmanager
def receiving(
    behave: Behave | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Listen on a free port of this machine; take everything, unless told otherwise."""
    receiver = Receiver(behave or says(200))

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = Received(self.path, headers, body)
            receiver.received.append(message)
            with suppress(OSError):  # whoever sent it has gone
                receiver.behave(message, self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever sends does not trust us, or has gone: that is what is tested."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        receiver.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.over.set()
            server.shutdown()
            thread.join(PATIENCE)
