"""``os-events export WHAT``: write a file for somebody else.

`order` proves the history of one order to whoever has the log's key. The others are for analysts:
all orders as they were on record at a position of the log; the same position gives the same bytes.
No personal value is in any of them.
"""

import argparse

from os_events.cli import export_ocel, export_order, export_parquet, export_xes

KINDS = {
    "order": ("write a file that proves the history of an order", export_order),
    "xes": ("write all orders as a log for process mining", export_xes),
    "ocel": ("write all orders as an object-centric log", export_ocel),
    "parquet": ("write the tables that figures are made of", export_parquet),
}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare what can be exported."""
    kinds = parser.add_subparsers(metavar="WHAT", required=True, title="what")
    for name, (summary, module) in KINDS.items():
        one = kinds.add_parser(name, help=summary, formatter_class=parser.formatter_class)
        one.description = (module.__doc__ or "").partition(": ")[2]
        module.add_to(one)
