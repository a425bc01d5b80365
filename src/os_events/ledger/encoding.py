"""What the ledger's texts are made of: base64, numbers, hashes; one way to write each."""

import re
from base64 import b64decode, b64encode

HASH_BYTES = 32
LARGEST_NUMBER = 2**53 - 1
NUMBER = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


class FormatError(ValueError):
    """A text is not written as its specification demands. Ask for it as it was made."""


def to_base64(data: bytes) -> str:
    """Write bytes in standard base64, with padding."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read what ``to_base64`` writes. Raises FormatError for any other way to say the same."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError("not base64") from error
    if to_base64(data) != text:
        raise FormatError("not the one base64 of its bytes")
    return data


def hash_from_base64(text: str) -> bytes:
    """Read a SHA-256 hash. Raises FormatError."""
    data = from_base64(text)
    if len(data) != HASH_BYTES:
        raise FormatError(f"a hash of {len(data)} bytes, not {HASH_BYTES}")
    return data


def number(text: str) -> int:
    """Read a decimal number from 0 to 2^53 - 1, without leading zeros. Raises FormatError."""
    if not NUMBER.fullmatch(text) or int(text) > LARGEST_NUMBER:
        raise FormatError("not a number from 0 to 2^53 - 1")
    return int(text)
