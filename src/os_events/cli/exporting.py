"""What the exports for analysts share."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from os_events.bootstrap.exporting import provenance
from os_events.bootstrap.installation import Installation
from os_events.cli.output import note, progress
from os_events.exports.orders import Orders
from os_events.exports.provenance import Provenance
from os_events.ledger.files import writing_over
from os_events.settings import Settings

PRIVATE = 0o600  # a whole business is in it, as in a backup
STANDARD_OUTPUT = Path("-")
Document = Callable[[Orders, Provenance, Path | None], Iterator[str]]


def add_position(parser: argparse.ArgumentParser) -> None:
    """Declare which position."""
    explained = "as the log was there; by default at its end"
    parser.add_argument("--position", type=int, metavar="N", help=explained)


def add_file(parser: argparse.ArgumentParser, ending: str) -> None:
    """Declare where to write to, and which position."""
    by_default = f"by default os-events-POSITION.{ending}; - is standard output"
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=by_default)
    add_position(parser)


def made_of(installation: Installation, arguments: argparse.Namespace) -> Provenance:
    """Find out what an export is made of."""
    with progress("ledger") as tell:
        return provenance(installation, arguments.position, tell)


def export(arguments: argparse.Namespace, document: Document, ending: str) -> None:
    """Write a log for process mining as it is read, and say how much it is."""
    with Installation(Settings()) as installation:
        origin = made_of(installation, arguments)
        file = arguments.file or Path(f"os-events-{origin.position}.{ending}")
        beside = None if file == STANDARD_OUTPUT else file.absolute().parent
        with progress("export") as tell, opened(file) as target:
            orders = Orders(installation.log, origin.position, tell)
            for piece in document(orders, origin, beside):
                target.write(piece.encode())
        note(f"{len(orders.ids)} orders at position {origin.position} written to {where(file)}")


def where(file: Path) -> str:
    """Say where something was written to."""
    return "standard output" if file == STANDARD_OUTPUT else str(file)


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Give where to write to: a file that is there whole or not at all, or standard output."""
    if file == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with writing_over(file.absolute(), PRIVATE) as target:
            yield target
