"""Signed notes (c2sp.org/signed-note) with Ed25519: a text, and lines that sign it."""

import re
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from os_events.ledger.encoding import FormatError, from_base64, to_base64

LARGEST_NOTE = 1 << 20  # bytes
MOST_LINES = 64
DASH = "\u2014 "  # em dash
ED25519 = b"\x01"
KEY_BYTES = 32
ID_BYTES = 4
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
KEY_ID = re.compile("[0-9a-f]{8}")
SECRET = "PRIVATE+KEY+"  # noqa: S105 - the form's first words, no secret


class SignatureError(ValueError):
    """A note is not signed by the key that was asked for. Ask its sender for one that is."""


class SignatureLine(NamedTuple):
    """Who signed, by which key, and how."""

    name: str
    key_id: bytes
    signature: bytes

    def text(self) -> str:
        """Write it, with its newline."""
        return f"{DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


class Note(NamedTuple):
    """A text that ends in a newline, and the lines below it."""

    text: bytes
    lines: list[SignatureLine]

    @classmethod
    def of(cls, data: bytes) -> "Note":
        """Read a note; nothing is verified yet. Raises FormatError."""
        if len(data) > LARGEST_NOTE:
            raise FormatError(f"a note of more than {LARGEST_NOTE} bytes")
        try:
            whole = data.decode()
        except UnicodeDecodeError as error:
            raise FormatError("a note that is not UTF-8") from error
        if CONTROL.search(whole):
            raise FormatError("a note with a control character")
        text, gap, below = whole.rpartition("\n\n")
        if not gap or not below.endswith("\n"):
            raise FormatError("a note without a text, an empty line and signatures")
        lines = below[:-1].split("\n")
        if len(lines) > MOST_LINES:
            raise FormatError(f"a note with more than {MOST_LINES} signatures")
        return cls(f"{text}\n".encode(), [_line(line) for line in lines])


class VerifierKey:
    """What a signature is checked with: ``vkey`` is its text, to be published."""

    def __init__(self, name: str, public: bytes) -> None:
        check_name(name)
        self.name = name
        self.public = public
        self.key_id = key_id(name, public)
        self.vkey = f"{name}+{self.key_id.hex()}+{to_base64(ED25519 + public)}"

    @classmethod
    def of(cls, vkey: str) -> "VerifierKey":
        """Read a vkey. Raises FormatError."""
        name, stated, public = _fields(vkey)
        key = cls(name, public)
        if key.key_id != stated:
            raise FormatError("the key id is not that of this key")
        return key

    def opens(self, note: Note) -> bool:
        """Tell whether this key signed. Raises SignatureError if a line says so falsely.

        Lines of other keys are ignored: they say nothing to whoever does not know them.
        """
        ours = [line for line in note.lines if (line.name, line.key_id) == (self.name, self.key_id)]
        key = Ed25519PublicKey.from_public_bytes(self.public)
        for line in ours:
            try:
                key.verify(line.signature, note.text)
            except InvalidSignature as error:
                raise SignatureError(f"the signature of {self.name} does not verify") from error
        return bool(ours)


class SigningKey:
    """What signs. ``skey`` is its secret text, in the form of Go's sumdb."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())
        self.skey = f"{SECRET}{name}+{self.verifier.key_id.hex()}+{to_base64(ED25519 + seed)}"

    @classmethod
    def of(cls, skey: str) -> "SigningKey":
        """Read an skey. Raises FormatError."""
        if not skey.startswith(SECRET):
            raise FormatError(f"a signing key begins with {SECRET}")
        name, stated, seed = _fields(skey.removeprefix(SECRET))
        key = cls(name, seed)
        if key.verifier.key_id != stated:
            raise FormatError("the key id is not that of this key")
        return key

    def signed(self, text: bytes) -> bytes:
        """Give the note of ``text`` with this key's line. The same text gives the same bytes."""
        verifier = self.verifier
        line = SignatureLine(verifier.name, verifier.key_id, self._private.sign(text))
        return text + b"\n" + line.text().encode()


def opened(data: bytes, key: VerifierKey) -> bytes:
    """Give the text that ``key`` signed. Raises FormatError, SignatureError."""
    note = Note.of(data)
    if not key.opens(note):
        signers = ", ".join(sorted({line.name for line in note.lines}))
        raise SignatureError(f"not signed by {key.vkey}, but by {signers}")
    return note.text


def key_id(name: str, public: bytes) -> bytes:
    """Derive the four bytes that point at a key."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_BYTES]


def check_name(name: str) -> None:
    """Refuse what cannot be a key's name. Raises FormatError."""
    if not name or "+" in name or any(letter.isspace() for letter in name) or CONTROL.search(name):
        raise FormatError("a key's name has no space, no plus and no control character")


def _line(text: str) -> SignatureLine:
    name, _, encoded = text.removeprefix(DASH).partition(" ")
    if not text.startswith(DASH):
        raise FormatError("a signature line begins with a dash and a space")
    check_name(name)
    data = from_base64(encoded)
    if len(data) <= ID_BYTES:
        raise FormatError("a signature line without a signature")
    return SignatureLine(name, data[:ID_BYTES], data[ID_BYTES:])


def _fields(text: str) -> tuple[str, bytes, bytes]:
    """Split ``name+id+key``: give the name, the id as stated, and the key's bytes."""
    name, _, rest = text.partition("+")
    stated, _, encoded = rest.partition("+")
    if not KEY_ID.fullmatch(stated):
        raise FormatError("a key id is eight hexadecimal digits")
    key = from_base64(encoded)
    if key[:1] != ED25519 or len(key) != 1 + KEY_BYTES:
        raise FormatError("not an Ed25519 key")
    return name, bytes.fromhex(stated), key[1:]
