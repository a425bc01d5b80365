"""``os-events asyncapi export``: write the AsyncAPI document of the topics that others may use.

A running program answers it at `/asyncapi.json`, and shows it to people at `/docs/events`.
"""

import argparse
from pathlib import Path

from os_events.cli.output import say
from os_events.messaging.asyncapi import document
from os_events.messaging.public.schemas import as_text

EXAMPLES = """examples:
  os-events asyncapi export
  os-events asyncapi export --to asyncapi.json"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with it."""
    kinds = parser.add_subparsers(metavar="WHAT", required=True, title="what")
    export = kinds.add_parser(
        "export", help="write it", formatter_class=parser.formatter_class, epilog=EXAMPLES
    )
    export.add_argument("--to", type=Path, metavar="FILE", help="by default standard output")
    export.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write it."""
    text = as_text(document())
    if arguments.to:
        arguments.to.write_text(text, "utf-8")
    else:
        say(text.removesuffix("\n"))
