"""A note has one form, and counts only under a key that one knows."""

from base64 import b64encode

import pytest

from os_events.ledger.encoding import FormatError
from os_events.ledger.note import Note, SignatureError, SigningKey, VerifierKey, opened
from tests.ledgers import KEY, ORIGIN, vectors

EXAMPLES = vectors("notes.json")
TEXT = b"um texto\nde duas linhas\n"
STRANGER = SigningKey("somebody-else", bytes(32))


def line_of(key: SigningKey, text: bytes = TEXT) -> bytes:
    return key.signed(text).removeprefix(text + b"\n")


def test_the_example_of_the_specification_is_read() -> None:
    example = EXAMPLES["c2sp_example"]

    text = opened(example["note"].encode(), VerifierKey.of(example["vkey"]))

    assert text == b"This is an example message.\n"


def test_a_key_made_of_its_seed_is_the_published_one() -> None:
    seed = bytes.fromhex(EXAMPLES["log_seed_hex"])

    key = SigningKey("log.osevents.example/prod", seed)

    assert key.verifier.vkey == EXAMPLES["log_vkey"]


def test_a_key_is_read_as_it_was_written() -> None:
    key = SigningKey.of(KEY.skey)

    assert (key.skey, key.verifier.vkey) == (KEY.skey, KEY.verifier.vkey)


def test_the_signature_over_a_published_text_is_the_published_one() -> None:
    example = EXAMPLES["ct8_checkpoint"]
    key = SigningKey("log.osevents.example/prod", bytes.fromhex(EXAMPLES["log_seed_hex"]))

    signed = key.signed(Note.of(example.encode()).text)

    assert example.encode().startswith(signed)


def test_lines_of_strangers_are_ignored() -> None:
    note = TEXT + b"\n" + line_of(STRANGER) + line_of(KEY)

    assert opened(note, KEY.verifier) == TEXT


def test_a_note_of_strangers_alone_is_refused() -> None:
    with pytest.raises(SignatureError, match="but by somebody-else"):
        opened(STRANGER.signed(TEXT), KEY.verifier)


def test_a_false_line_of_a_known_key_spoils_the_whole_note() -> None:
    note = TEXT + b"\n" + line_of(KEY) + line_of(KEY, b"another text\n")

    with pytest.raises(SignatureError, match="does not verify"):
        opened(note, KEY.verifier)


def test_another_key_of_the_same_name_is_a_stranger() -> None:
    with pytest.raises(SignatureError):
        opened(SigningKey(ORIGIN, bytes(32)).signed(TEXT), KEY.verifier)


def test_a_text_may_hold_empty_lines_since_the_last_one_ends_it() -> None:
    text = b"one\n\n\ntwo\n"

    assert opened(KEY.signed(text), KEY.verifier) == text


def encoded(data: bytes) -> bytes:
    return "\u2014 ".encode() + ORIGIN.encode() + b" " + b64encode(data) + b"\n"


MALFORMED = {
    "no signature": TEXT,
    "no empty line": TEXT + line_of(KEY),
    "no newline at the end": KEY.signed(TEXT)[:-1],
    "an empty line at the end": KEY.signed(TEXT) + b"\n",
    "an empty text": b"\n" + line_of(KEY),
    "a hyphen for a dash": KEY.signed(TEXT).replace("\u2014".encode(), b"-"),
    "a name with a plus": KEY.signed(TEXT).replace(ORIGIN.encode(), b"os+events"),
    "no name": KEY.signed(TEXT).replace(ORIGIN.encode() + b" ", b" "),
    "a control character": KEY.signed(b"a\ttab\n"),
    "a carriage return": KEY.signed(b"a\r\n"),
    "a C1 control character": KEY.signed("a\u0085b\n".encode()),
    "not UTF-8": KEY.signed(b"\xff\n"),
    "base64 without padding": KEY.signed(TEXT).replace(b"=", b""),
    "base64 of other bits": KEY.signed(TEXT)[:-3] + b"B=\n",
    "a line with a key id alone": TEXT + b"\n" + encoded(b"abcd"),
    "65 lines": TEXT + b"\n" + line_of(KEY) * 65,
    "2 MiB": KEY.signed(b"a" * (2 << 20) + b"\n"),
}


@pytest.mark.parametrize("note", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_note_is_refused(note: bytes) -> None:
    with pytest.raises(FormatError):
        Note.of(note)


def test_sixty_four_lines_are_read() -> None:
    assert len(Note.of(TEXT + b"\n" + line_of(KEY) * 64).lines) == 64


VKEY = KEY.verifier.vkey
BAD_KEYS = {
    "nothing": "",
    "a name alone": ORIGIN,
    "another name": VKEY.replace("0123", "1234"),
    "an id in upper case": VKEY.replace(KEY.verifier.key_id.hex(), "ABCDEF01"),
    "another id": VKEY.replace(KEY.verifier.key_id.hex(), "abcdef01"),
    "a cosigner's type": "witness.example/w1+468d99bb+BHm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk",
    "a short key": VKEY[:-4],
    "a name with a space": VKEY.replace("/", " "),
}


@pytest.mark.parametrize("vkey", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_a_malformed_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(FormatError):
        VerifierKey.of(vkey)


def test_a_signing_key_of_another_name_is_refused() -> None:
    with pytest.raises(FormatError, match="key id"):
        SigningKey.of(KEY.skey.replace("0123", "1234"))


def test_a_verifier_key_is_no_signing_key() -> None:
    with pytest.raises(FormatError, match="PRIVATE"):
        SigningKey.of(VKEY)
