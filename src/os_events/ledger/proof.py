"""Proofs of inclusion as text (c2sp.org/tlog-proof), less the checkpoint that they end in.

The whole is the proof, an empty line and the checkpoint: many proofs under one say it once.
"""

from dataclasses import dataclass

from os_events.ledger.encoding import FormatError, hash_from_base64, number, to_base64

HEADER = "c2sp.org/tlog-proof@v1"
EXTRA = "extra "
INDEX = "index "
MOST_HASHES = 64


@dataclass(frozen=True)
class Proof:
    """Where a leaf is, and the hashes that lead from it to the root."""

    index: int
    hashes: list[bytes]

    def text(self) -> str:
        """Write it."""
        lines = [HEADER, f"{INDEX}{self.index}", *map(to_base64, self.hashes)]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def of(cls, text: str) -> "Proof":
        """Read a proof. Raises FormatError. An ``extra`` line is not authenticated, and ignored."""
        header, *lines = text.split("\n")
        if header != HEADER or not lines or lines.pop():
            raise FormatError(f"a proof begins with {HEADER} and ends with a newline")
        if lines and lines[0].startswith(EXTRA):
            lines = lines[1:]
        if not lines or not lines[0].startswith(INDEX):
            raise FormatError("a proof without an index")
        if len(lines) > 1 + MOST_HASHES:
            raise FormatError(f"a proof of more than {MOST_HASHES} hashes")
        index, *hashes = lines
        return cls(number(index.removeprefix(INDEX)), [hash_from_base64(one) for one in hashes])
