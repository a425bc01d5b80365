"""``os-events export xes``: write all orders as a log for process mining, in XES (IEEE 1849).

A trace is an order, an event a fact, in the order in which they happened. The activity is the
event's name (docs/reference/events.md), its time is when it happened. What each attribute means
is in docs/how-to/export-for-analysts.md.
"""

import argparse

from os_events.cli.exporting import add_file, export
from os_events.exports import xes

EXAMPLES = """examples:
  os-events export xes
  os-events export xes orders.xes --position 120000
  os-events export xes - | gzip > orders.xes.gz"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    add_file(parser, "xes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the file."""
    export(arguments, lambda orders, made_of, _: xes.document(orders, made_of), "xes")
