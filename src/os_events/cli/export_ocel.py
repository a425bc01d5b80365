"""``os-events export ocel``: write all orders as an object-centric log, in OCEL 2.0 (JSON).

Objects are orders, items of equipment, technicians, quotes and parts; each event names those that
it touches, and how. What each attribute means is in docs/how-to/export-for-analysts.md.
"""

import argparse

from os_events.cli.exporting import add_file, export
from os_events.exports import ocel

EXAMPLES = """examples:
  os-events export ocel
  os-events export ocel orders.json --position 120000"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    add_file(parser, "ocel.json")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the file."""
    export(arguments, ocel.document, "ocel.json")
