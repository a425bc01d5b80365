"""What runs: the web application, and the followers, each in a thread of its own."""

import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import structlog
from fastapi import FastAPI
from structlog.contextvars import bind_contextvars

from os_events.api.app import create_app
from os_events.api.parts import Parts
from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.console import parts as console
from os_events.console.app import create_console
from os_events.errors import UnavailableError, frames
from os_events.eventlog.database import FOLLOWER, MESSENGER, connect
from os_events.followers.histories import Histories
from os_events.followers.rebuild import Source
from os_events.followers.runner import Runner
from os_events.projections.names import Names
from os_events.projections.order_board.board import OrderBoard
from os_events.settings import Settings

LOOK = 10.0  # seconds between two looks at what the log stands by

log = structlog.get_logger()


def collect_seldom() -> None:
    """Let Python look for cycles seldom: the aggregates and histories that we keep have none."""
    gc.set_threshold(100_000, 50, 1_000)


def web_app(found: Installation) -> FastAPI:
    """Build the API with its pages; while it runs, it looks whether the log may go on."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = Flag()
        watch = Thread(target=partial(watch_standing, found, stop), name="standing")
        watch.start()
        yield
        stop.set()
        watch.join()

    return create_app(api_parts(found), lifespan, create_console(page_parts(found)))


def api_parts(found: Installation) -> Parts:
    """Put together what the API is made of."""
    keys, _ = found.access
    return Parts(
        log=found.log,
        keys=keys,
        company=found.company,
        views=found.views,
        histories=Histories(found.log),
        names=Names(found.log),
        lookup=found.lookup,
        figures=found.figures,
        past=found.past,
        followers=found.follower_states,
        checkpoint=found.checkpoint,
        history_file=found.history_file,
        clock=edge_clock,
        new_id=uuid4,
    )


def page_parts(found: Installation) -> console.Parts:
    """Put together what the pages are made of."""
    keys, sessions = found.access
    board = found.views[OrderBoard]
    assert isinstance(board, OrderBoard)  # noqa: S101 - for the type checker
    return console.Parts(
        company=found.company,
        keys=keys,
        sessions=sessions,
        log=found.log,
        board=board,
        histories=Histories(found.log),
        names=Names(found.log),
        lookup=found.lookup,
        figures=found.figures,
        past=found.past,
        endpoints=found.webhooks.endpoints,
        deliveries=found.webhooks.deliveries,
        history_file=found.history_file,
        clock=edge_clock,
    )


def watch_standing(installation: Installation, stop: Flag) -> None:
    """Look every few seconds whether the log is still what was signed, until ``stop``."""
    while not stop.wait(LOOK):
        look_at_standing(installation)


def look_at_standing(installation: Installation) -> None:
    """Let the log record, or say why it may not."""
    try:
        refusal = installation.refusal()
    except (UnavailableError, OSError) as error:  # the store's disk may come back as well
        log.warning("standing unknown", reason=str(error))
        return
    if refusal and installation.log.refusal is None:
        log.error("nothing is recorded any more", slug=refusal.slug, reason=str(refusal))
    installation.log.refusal = refusal


def follow(installation: Installation, stop: Flag) -> None:
    """Run followers, webhooks and the ledger's publisher until ``stop``.

    Raises: what ends one of them.
    """
    url, failed = installation.fit.log, list[BaseException]()
    connection = partial(connect, url, FOLLOWER)
    interval = installation.settings.ledger_interval_seconds
    work: dict[str, Callable[[], None]] = {
        follower.effect.name: partial(Runner(follower, connection).run, stop)
        for follower in installation.followers()
    }
    listening = partial(connect, url, MESSENGER)
    work["webhooks"] = partial(installation.webhooks.dispatcher(listening).run, stop)
    work["ledger"] = partial(installation.publisher.run, stop, interval)

    def one(name: str) -> None:
        bind_contextvars(follower=name)  # in the lines of libraries too
        try:
            work[name]()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised below
            kind = type(error).__name__
            log.error("follower ended", follower=name, kind=kind, at=frames(error))  # noqa: TRY400 - messages hold values
            failed.append(error)
            stop.set()

    threads = [Thread(target=one, args=(name,), name=name) for name in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in failed:
        raise error


@contextmanager
def reached(settings: Settings) -> Iterator[Source]:
    """Open what a rebuild reads and writes."""
    with Installation(settings) as installation:
        yield Source(installation.log, installation.following)
