"""``os-events import FILE``: take over orders from another system's file, by a mapping.

Every record is rehearsed first: one that breaks a rule is not imported at all, and is named with
its line and the reason in the report. What is interrupted is just run again; a second run adds
nothing. docs/how-to/import.md shows how a mapping is written.
"""

import argparse
import asyncio
import csv
import sys
from pathlib import Path

from pydantic import ValidationError

from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.running import collect_seldom
from os_events.cli.output import note, progress, say
from os_events.cli.usage import UsageError
from os_events.commands.importing.importer import Importer
from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.preparing import Preparer
from os_events.commands.importing.report import Report
from os_events.commands.importing.rows import read_file
from os_events.commands.importing.steps import Reject
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events import ordens.csv --mapping examples/import/oficina.toml --dry-run
  os-events import ordens.csv --mapping examples/import/oficina.toml"""
SOME_REJECTED = 5


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--mapping", type=Path, required=True, metavar="TOML", help="what it means")
    parser.add_argument("--dry-run", action="store_true", help="rehearse only, record nothing")
    parser.add_argument(
        "--rejects", type=Path, metavar="CSV", help="by default FILE's name, .rejects.csv, here"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Import, report, and exit with 5 if something was rejected."""
    mapping = mapping_of(arguments.mapping)
    collect_seldom()
    file = read_file(arguments.file, mapping.source.encoding, mapping.source.delimiter)
    with Installation(Settings()) as installation, progress("import") as tell:
        done = 0

        def finished(rows: int) -> None:
            nonlocal done
            done += rows
            tell(done, len(file.rows))

        preparer = Preparer(mapping, file.sha256, installation.company, edge_clock())
        importer = Importer(preparer, file, finished)
        ready = importer.rehearsed()
        if not arguments.dry_run:
            asyncio.run(importer.record(ready, installation.log))
    report = importer.report
    rejects = arguments.rejects or Path(f"{arguments.file.stem}.rejects.csv")
    write_rejects(rejects, report.rejects)
    tell_report(report, rejects)
    if report.rejects:
        sys.exit(SOME_REJECTED)


def mapping_of(path: Path) -> Mapping:
    """Read a mapping. Raises UsageError that names what does not fit."""
    try:
        return Mapping.of_toml(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        told = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
        raise UsageError(f"{path}: {'; '.join(told)}") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from error


def write_rejects(path: Path, rejects: list[Reject]) -> None:
    """Write a line for each record that is not imported; only the header when there is none."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(Reject._fields)
        table.writerows(rejects)


def tell_report(report: Report, rejects: Path) -> None:
    """Account for every row."""
    say(
        f"{report.rows} rows: {report.told} told facts, {report.silent} changed none that is kept,"
        f" {report.rejected} rejected",
        f"{report.records} records: {report.recorded} commands recorded now,"
        f" {report.known_before} known before; {report.people} people registered now",
    )
    for column, times in sorted(report.unrecorded.items()):
        say(f"{column}: {times} changes make no fact here")
    for line, column in report.left_out:
        note(f"line {line}, {column}: not a valid identifier, left out")
    if report.rejects:
        say(f"{len(report.rejects)} records rejected: {rejects}")
