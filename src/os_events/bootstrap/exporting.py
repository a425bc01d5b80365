"""What exports are made of: the log at a position, and the root of its tree there."""

from os_events.bootstrap.installation import Installation
from os_events.errors import NotFoundError
from os_events.eventlog.database import AUDITOR
from os_events.eventlog.rows import leaves
from os_events.exports.provenance import Provenance
from os_events.followers.rebuild import Progress, tell_nobody
from os_events.ledger.encoding import to_base64
from os_events.ledger.merkle import Tree


class BeyondTheLogError(NotFoundError):
    """The log does not reach so far. Leave the position out, or give one that was recorded."""

    slug = "position-beyond-log"


def provenance(
    installation: Installation, position: int | None, progress: Progress = tell_nobody
) -> Provenance:
    """Say what an export at a position is made of; without one, at the end of the log as it is now.

    Raises: BeyondTheLogError, TamperedError, UnavailableError.
    """
    head = installation.log.head()
    if position is not None and not 0 < position <= head:
        raise BeyondTheLogError(f"positions are 1 to {head}, not {position}")
    upto = position or head
    tree = Tree()
    for packed in leaves(installation.fit.log, AUDITOR, upto):
        tree.extend(packed)
        tree.forget()
        progress(tree.size, upto)
    return Provenance(installation.signer.verifier.name, upto, to_base64(tree.root()))
