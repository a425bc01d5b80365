"""``os-events export order ORDER``: write a file that proves the history of an order.

Whoever has the log's key (`os-events status` shows it) checks the file with `os-events verify`,
offline. Personal values are not in it: it holds commitments to them.
"""

import argparse
from pathlib import Path

from os_events.bootstrap.installation import Installation
from os_events.cli.naming import order_id
from os_events.cli.output import note
from os_events.ledger.files import write_over
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events export order OS-2026-000001
  os-events export order OS-2026-000001 --output os-1.json --against checkpoint-of-last-year"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("order", metavar="ORDER", help="its number, or its id")
    parser.add_argument("--output", type=Path, metavar="FILE", help="by default ORDER.json")
    parser.add_argument(
        "--against", type=Path, metavar="CHECKPOINT", help="prove that the log has grown from it"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the file."""
    output = arguments.output or Path(f"{arguments.order}.json")
    against = arguments.against.read_bytes() if arguments.against else None
    with Installation(Settings()) as installation:
        which = order_id(installation, arguments.order)
        write_over(output.absolute(), installation.history_file(which, against))
        note(f"{output} written; to check it:")
        note(f"  os-events verify {output} --key '{installation.signer.verifier.vkey}'")
