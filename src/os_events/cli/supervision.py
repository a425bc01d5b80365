"""Processes that stay: until a signal; a child of ``os-events up``, no longer than its parent."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from time import sleep

from os_events.bootstrap.running import collect_seldom
from os_events.cli.logs import configure_logs

GRACE = 15.0  # seconds until a child that does not stop is ended


def add_supervised(parser: argparse.ArgumentParser) -> None:
    """Declare the option that ``up`` gives to its children."""
    help_ = "stop when standard input ends: `os-events up` holds the other end"
    parser.add_argument("--supervised", action="store_true", help=help_)


def add_metrics_port(parser: argparse.ArgumentParser) -> None:
    """Declare the option that ``up`` gives to its children, a port to each."""
    parser.add_argument("--metrics-port", type=int, help="instead of OS_EVENTS_METRICS_PORT")


def until_stopped() -> Flag:
    """Prepare a process that stays; give the flag that Ctrl-C and SIGTERM set."""
    configure_logs()
    collect_seldom()
    stop = Flag()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    return stop


def when_parent_ends(arguments: argparse.Namespace, stop: Callable[[], None]) -> None:
    """Call ``stop`` when the parent is gone, and end after a while whatever it does."""
    if arguments.supervised:
        Thread(target=_watch, args=(stop,), name="supervision", daemon=True).start()


def _watch(stop: Callable[[], None]) -> None:
    while os.read(sys.stdin.fileno(), 1):  # a buffer would be locked when the program ends
        pass
    stop()
    sleep(GRACE)
    os._exit(1)
