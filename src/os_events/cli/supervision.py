"""A child of ``os-events up`` ends when its parent does, however that ended."""

import argparse
import os
import sys
from collections.abc import Callable
from threading import Thread
from time import sleep

GRACE = 15.0  # seconds until a child that does not stop is ended


def add_supervised(parser: argparse.ArgumentParser) -> None:
    """Declare the option that ``up`` gives to its children."""
    help_ = "stop when standard input ends: `os-events up` holds the other end"
    parser.add_argument("--supervised", action="store_true", help=help_)


def add_metrics_port(parser: argparse.ArgumentParser) -> None:
    """Declare the option that ``up`` gives to its children, a port to each."""
    parser.add_argument("--metrics-port", type=int, help="instead of OS_EVENTS_METRICS_PORT")


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
