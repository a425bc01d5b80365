"""``os-events up``: run everything on this machine, from an empty folder, until Ctrl-C.

One parent runs the embedded database (or uses yours), the API with its pages, the followers, and a
publisher of each topic where OS_EVENTS_KAFKA_BROKERS is set, and starts again what dies. On an
empty log it plays a sample: a repair shop's fortnight of some fifteen made-up orders. Everything is
kept in OS_EVENTS_DATA_DIRECTORY, and is there again at the next start.
"""

import argparse
import signal
import socket
from contextlib import ExitStack, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from threading import Event as Flag
from time import monotonic

from os_events.bootstrap.databases import reached
from os_events.cli.children import Child
from os_events.cli.logs import configure_logs
from os_events.cli.output import note
from os_events.errors import ConflictError, UnavailableError
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events up
  os-events up --empty
  OS_EVENTS_DATA_DIRECTORY=~/shop OS_EVENTS_PORT=8080 os-events up"""
BUSY = 20.0  # seconds: what a killed program leaves behind ends by itself before
START = 120.0  # seconds until the API answers: after a crash the database first repairs itself
LOOK = 0.5  # seconds


class AlreadyRunningError(ConflictError):
    """Another os-events uses this data directory. Stop it, or set OS_EVENTS_DATA_DIRECTORY."""

    slug = "already-running"


class PortTakenError(UnavailableError):
    """Another program listens there. Stop it, or set OS_EVENTS_PORT."""

    slug = "port-taken"


class NotStartedError(UnavailableError):
    """A part did not start. Its own message says why; ``os-events doctor`` looks at the rest."""

    slug = "not-started"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("--empty", action="store_true", help="leave the sample out")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Run everything until stopped."""
    settings, stop = Settings(), Flag()
    configure_logs()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, lambda *_: stop.set())
    port = free_port(settings, stop)
    with ExitStack() as running:
        server = reached(settings, None, running).server
        if server and not server.started_here:
            raise AlreadyRunningError(str(settings.data_directory))
        children = [
            running.enter_context(Child(*command, *metrics_port(settings, place)))
            for place, command in enumerate(commands(port))
        ]
        from os_events.cli.welcome import welcome  # noqa: PLC0415 - loaded while they start

        await_answer(settings.host, port, children, stop)
        if not stop.is_set():
            welcome(settings, port, with_sample=not arguments.empty)
            children += [
                running.enter_context(Child(*command, *metrics_port(settings, place)))
                for place, command in enumerate(messengers(settings), len(children))
            ]
        while not stop.wait(LOOK):
            if server:
                server.revive()
            for child in children:
                child.look()
        note("parando… / stopping…")


def commands(port: int) -> list[tuple[str, ...]]:
    """Say what runs beside the database: each a child, with its options."""
    return [("follow",), ("serve", "--port", str(port))]


def messengers(settings: Settings) -> list[tuple[str, ...]]:
    """Say what runs once the API answers: it waits for no broker."""
    if not settings.kafka_brokers:
        return []
    publishers = [("publish", topic) for topic in settings.kafka_topics]
    intake = ("intake", "--instance", f"up-{socket.gethostname()}")
    return [*publishers, *([intake] if settings.intake_file else [])]


def metrics_port(settings: Settings, place: int) -> tuple[str, ...]:
    """Give each child a port of its own where it tells how it is: the setting's is the first."""
    first = settings.metrics_port
    return () if first is None else ("--metrics-port", str(first + place if first else 0))


def free_port(settings: Settings, stop: Flag) -> int:
    """Choose the port; one that is taken may become free in a moment. Raises PortTakenError."""
    until = monotonic() + BUSY
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
            return int(probe.getsockname()[1])
        if monotonic() > until or stop.wait(LOOK):
            raise PortTakenError(f"port {settings.port} of {settings.host}")


def await_answer(host: str, port: int, children: list[Child], stop: Flag) -> None:
    """Wait until the API answers. Raises NotStartedError."""
    until = monotonic() + START
    while not stop.is_set() and not answers(host, port):
        for child in children:
            if child.status is not None:
                raise NotStartedError(f"os-events {child.name} ended with {child.status}")
        if monotonic() > until:
            raise NotStartedError(f"nothing answers at {host}:{port}")
        stop.wait(0.05)


def answers(host: str, port: int) -> bool:
    """Say whether the API is there."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
