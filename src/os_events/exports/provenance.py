"""What an export was made of. It stands in every file."""

from typing import NamedTuple


class Provenance(NamedTuple):
    """Which log, up to which position, and the root of its tree there, in Base64.

    A checkpoint of that log and that size has the same root.
    """

    log: str
    position: int
    root: str
