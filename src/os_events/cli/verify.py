"""``os-events verify FILE``: check a file of an order's history, offline, by the log's key alone.

Take the key from whoever runs the log, by another way than the file: a key that came with the file
proves nothing. With `--against`, a checkpoint that you kept, it also checks that the log has only
grown since. Exit status 0 intact, 3 something could not be checked, 9 it diverges, 2 unreadable.
"""

import argparse
import sys
from pathlib import Path

from os_events.cli.output import say
from os_events.ledger.verdict import Outcome
from os_events.ledger.verify import verify_history

EXAMPLES = """examples:
  os-events verify OS-2026-000001.json --key 'os-events/…+…+…'
  os-events verify OS-2026-000001.json --key "$(cat log.vkey)" --against checkpoint-of-last-year"""
STATUS = {
    Outcome.INTACT: 0,
    Outcome.INCONCLUSIVE: 3,
    Outcome.DIVERGENT: 9,
    Outcome.UNREADABLE: 2,
}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--key", required=True, metavar="VKEY", help="the log's key, as published")
    parser.add_argument("--against", type=Path, metavar="CHECKPOINT", help="one that you kept")
    parser.add_argument("--language", choices=("pt", "en"), default="pt", help="by default pt")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Check, and say what is proved and what is not."""
    against = arguments.against.read_bytes() if arguments.against else None
    verdict = verify_history(arguments.file.read_bytes(), arguments.key, against)
    say(verdict.told(arguments.language))
    sys.exit(STATUS[verdict.outcome])
