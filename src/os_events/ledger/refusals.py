"""Why the log may not go on: what is there is not what was signed."""

from os_events.errors import UnavailableError


class LedgerRefusalError(UnavailableError):
    """Nothing is recorded until somebody has looked. The slug says at what."""

    slug = "ledger-refusal"


class LogShorterThanSignedError(LedgerRefusalError):
    """The log ends before what was signed: an older backup, or rows deleted. Recover the rest."""

    slug = "log-shorter-than-signed"


class LogDiffersFromSignedError(LedgerRefusalError):
    """The log is not the one that was signed. Run ``os-events audit``; recover the true rows."""

    slug = "log-differs-from-signed"


class CheckpointStoreLostError(LedgerRefusalError):
    """The checkpoint store is empty or behind what was published. Put its folder back.

    Without a copy of it, begin it anew: ``os-events ledger adopt FILE``.
    """

    slug = "checkpoint-store-lost"


class OriginOrKeyError(LedgerRefusalError):
    """The signing key is not that of this log. Put the right ``log.skey`` back."""

    slug = "origin-or-key"


class RowLeafError(LedgerRefusalError):
    """A row is not as it was recorded. Run ``os-events audit``; recover the true row."""

    slug = "row-leaf"


KINDS: list[type[LedgerRefusalError]] = [
    LogShorterThanSignedError,
    LogDiffersFromSignedError,
    CheckpointStoreLostError,
    OriginOrKeyError,
    RowLeafError,
]
BY_SLUG = {kind.slug: kind for kind in KINDS}
