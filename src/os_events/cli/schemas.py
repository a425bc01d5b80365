"""``os-events schemas export``: write the JSON Schemas of the public events, with samples.

A schema that was published keeps what it promises: nothing is written that would break it.
"""

import argparse
from pathlib import Path

from os_events.cli.output import say
from os_events.messaging.public import schemas

EXAMPLES = """examples:
  os-events schemas export
  os-events schemas export --to /srv/contracts
  os-events schemas export --check"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with them."""
    kinds = parser.add_subparsers(metavar="WHAT", required=True, title="what")
    export = kinds.add_parser(
        "export",
        help="write them, one file a type and revision",
        formatter_class=parser.formatter_class,
        epilog=EXAMPLES,
    )
    add = export.add_argument
    add("--to", type=Path, default=Path("schemas"), metavar="FOLDER", help="by default schemas")
    add("--check", action="store_true", help="write nothing; fail where a file differs")
    export.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write, or compare."""
    if arguments.check:
        schemas.check(arguments.to)
        return
    for path in schemas.export(arguments.to):
        say(str(arguments.to / path))
