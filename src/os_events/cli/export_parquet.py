"""``os-events export parquet``: write the tables that figures are made of, each as a Parquet file.

Rows are derived from the log anew, not copied from the views. It needs pyarrow, which is not
installed by default: `pip install "os-events[export]"`.
"""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from os_events.bootstrap.installation import Installation
from os_events.cli.exporting import PRIVATE, add_position, made_of
from os_events.cli.output import note, progress
from os_events.errors import UnavailableError
from os_events.ledger.files import make_folder, writing_over
from os_events.projections.facts import FACTS
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events export parquet tables
  os-events export parquet tables-of-march --position 120000"""


class ParquetMissingError(UnavailableError):
    """Parquet files are written by pyarrow. To install it: ``pip install "os-events[export]"``."""

    slug = "parquet-missing"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("directory", type=Path, metavar="DIRECTORY", help="made if it is missing")
    add_position(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the files: all of them, or none."""
    write, folder = writer(), arguments.directory
    with Installation(Settings()) as installation:
        origin = made_of(installation, arguments)
        make_folder(folder.absolute())
        with progress("export") as tell, ExitStack() as writing:
            files = {
                one.name: writing.enter_context(
                    writing_over(folder.absolute() / f"{one.name}.parquet", PRIVATE)
                )
                for one in FACTS
            }
            write(installation.log, files, FACTS, origin, tell)
    note(*(f"{folder / name}.parquet" for name in files))
    note(f"at position {origin.position}")


def writer() -> Callable[..., Any]:
    """Find what writes them. Raises ParquetMissingError."""
    try:
        from os_events.exports.parquet import write  # noqa: PLC0415 - its library is an extra
    except ModuleNotFoundError as error:
        raise ParquetMissingError(f"{error.name} is not installed") from error
    return write
