"""``os-events ledger new-epoch | adopt``: go on after a loss, of events or of the checkpoint store.

Stop `up` first.

`new-epoch`, when signed events are gone: first try to get them back, from archived WAL, a standby,
a newer backup. If they are really gone, this checks every event that is left, records who declares
the loss and why, ends the name under which it was signed, and signs what is left under a new one.
What was signed before stays as it is, in the ledger's folder below `former`, and can be verified as
ever. It may be run again after a failure. Write no names of people into the reason: everybody may
read it.

`adopt`, when the checkpoint store is gone: give the newest checkpoint that anybody kept. The one
that was published last is `ledger/log/checkpoint`; ask also those who keep copies.
"""

import argparse
from pathlib import Path

from os_events.aggregates.log import LossCause
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.new_epoch import begin_epoch, finish_epoch, shortened
from os_events.cli.output import note, progress, say
from os_events.cli.usage import UsageError
from os_events.ledger.adoption import adopt
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events ledger new-epoch --reason "disk failed, last backup is of 02:00"
  os-events ledger new-epoch --reason "disk failed, last backup is of 02:00" --yes
  os-events ledger adopt /var/lib/os-events/ledger/log/checkpoint"""
LONGEST = 200
CAUSES = {cause.value: cause for cause in LossCause}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    acts = parser.add_subparsers(metavar="new-epoch|adopt", required=True)
    new = acts.add_parser("new-epoch", help="go on from what is left, under a new name")
    new.add_argument("--reason", required=True, metavar="TEXT", help="how the events were lost")
    new.add_argument("--cause", choices=CAUSES, default=LossCause.OLDER_BACKUP.value)
    new.add_argument("--yes", action="store_true", help="do it; without it, say what would be done")
    new.set_defaults(run=begin)
    lost = acts.add_parser("adopt", help="begin the checkpoint store anew")
    lost.add_argument("file", type=Path, metavar="FILE", help="the newest checkpoint there is")
    lost.set_defaults(run=stand_again)


def stand_again(arguments: argparse.Namespace) -> None:
    """Begin the checkpoint store anew."""
    note_of_old = arguments.file.read_bytes()
    with Installation(Settings()) as found:
        key, folder = found.signer.verifier, found.settings.ledger
        adopted = adopt(found.fit.log, folder, found.store, key, note_of_old)
        say(f"the log stands by its first {adopted.size} events again")


def begin(arguments: argparse.Namespace) -> None:
    """Say what is lost, and go on without it. Raises UsageError."""
    reason = arguments.reason.strip()
    if not 0 < len(reason) <= LONGEST:
        raise UsageError(f"--reason is a sentence of at most {LONGEST} characters")
    with Installation(Settings()) as installation:
        if left := shortened(installation):
            signed = left.signed
            say(
                f"{left.left} events are left; positions {left.left + 1} to {signed.size} were"
                f" signed as {signed.origin}, and are lost"
            )
            if not arguments.yes:
                raise UsageError("nothing was done; if they cannot be recovered, add --yes")
            with progress("audit") as tell:
                begin_epoch(installation, left, (CAUSES[arguments.cause], reason), tell)
        vkey = finish_epoch(installation)
    say(f"the log goes on; key {vkey}")
    note("publish that key where the former one is published, then start os-events again")
