"""``os-events audit``: derive every leaf of the log anew, and compare every checkpoint kept.

Exit status 9, and the first position that is not as it was recorded, if there is one.
"""

import argparse

from os_events.bootstrap.installation import Installation
from os_events.cli.output import progress, say
from os_events.eventlog.database import AUDITOR
from os_events.ledger.audit import audited
from os_events.ledger.names import names
from os_events.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Check the log."""
    with Installation(Settings()) as installation, progress("audit") as tell:
        found = installation
        key, folder = found.signer.verifier, found.settings.ledger
        checked = None
        for checked in audited(found.databases.log, folder, found.store, key):
            tell(checked.position, checked.last)
        known = names(found.databases.log, AUDITOR)
    if checked:
        say(
            f"{checked.position} events, each as it was recorded;"
            f" {checked.checkpoints} checkpoints agree"
        )
    for name in known[:-1]:
        signed = "more" if name.signed is None else name.signed
        say(f"{name.origin} has ended: {name.left} of {signed} signed events are left. {name.why}")
    if known[1:]:
        say(f"{known[-1].origin} goes on since position {known[-1].position}")
