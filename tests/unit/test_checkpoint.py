"""A checkpoint is three lines under the key of its log; a proof ends in one."""

from base64 import b64encode

import pytest

from os_events.ledger.checkpoint import Checkpoint, OriginError
from os_events.ledger.encoding import FormatError
from os_events.ledger.merkle import includes
from os_events.ledger.note import SigningKey, VerifierKey
from os_events.ledger.proof import Proof
from tests.ledgers import KEY, ORIGIN, VECTORS, vectors

LOG = VerifierKey.of((VECTORS / "log.vkey").read_text().strip())
LEAVES = [bytes.fromhex(example["leaf"]) for example in vectors("entries.json")["valid"]]
ROOT = b64encode(bytes(32)).decode()
EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_published_checkpoint_is_read_and_written_again(size: int) -> None:
    published = (VECTORS / f"checkpoint.{size}").read_bytes()

    checkpoint = Checkpoint.opened(published, LOG)

    assert (checkpoint.origin, checkpoint.size) == (LOG.name, size)
    assert published.startswith(checkpoint.text() + b"\n")


@pytest.mark.parametrize("position", [2, 3])
def test_a_published_proof_leads_to_its_checkpoint(position: int) -> None:
    published = (VECTORS / f"{position:06}.tlog-proof").read_text()
    proof_text, _, signed = published.partition("\n\n")

    proof = Proof.of(proof_text + "\n")
    checkpoint = Checkpoint.opened(signed.encode(), LOG)

    assert proof.text() == proof_text + "\n"
    assert proof.index == position - 1
    leaf = LEAVES[position - 1]
    assert includes(checkpoint.root, checkpoint.size, proof.index, leaf, proof.hashes)


def test_a_checkpoint_of_nothing_has_the_empty_root() -> None:
    checkpoint = Checkpoint.of(f"{ORIGIN}\n0\n{EMPTY}\n".encode())

    assert checkpoint.size == 0


def test_a_key_that_signs_for_another_log_is_refused() -> None:
    note = KEY.signed(f"another/log\n0\n{EMPTY}\n".encode())

    with pytest.raises(OriginError, match="another/log"):
        Checkpoint.opened(note, KEY.verifier)


MALFORMED = {
    "nothing": "",
    "two lines": f"{ORIGIN}\n1\n",
    "no newline": f"{ORIGIN}\n1\n{ROOT}",
    "an extension": f"{ORIGIN}\n1\n{ROOT}\nmore\n",
    "no origin": f"\n1\n{ROOT}\n",
    "an origin with a space": f"os events\n1\n{ROOT}\n",
    "an origin beyond ASCII": f"ordem-de-serviço\n1\n{ROOT}\n",
    "an origin of 64 characters": f"{'a' * 64}\n1\n{ROOT}\n",
    "a leading zero": f"{ORIGIN}\n01\n{ROOT}\n",
    "a sign": f"{ORIGIN}\n+1\n{ROOT}\n",
    "digits of another script": f"{ORIGIN}\n\u0661\n{ROOT}\n",
    "a size above 2^53 - 1": f"{ORIGIN}\n{2**53}\n{ROOT}\n",
    "a short root": f"{ORIGIN}\n1\n{b64encode(bytes(31)).decode()}\n",
    "a root that is not canonical": f"{ORIGIN}\n1\n{ROOT[:-2]}B=\n",
    "nothing with a root": f"{ORIGIN}\n0\n{ROOT}\n",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        Checkpoint.of(text.encode())


def test_the_same_text_is_always_signed_with_the_same_bytes() -> None:
    text = Checkpoint(ORIGIN, 1, bytes(32)).text()

    assert KEY.signed(text) == SigningKey.of(KEY.skey).signed(text)


HEAD = "c2sp.org/tlog-proof@v1\n"
BAD_PROOFS = {
    "nothing": "",
    "no index": HEAD,
    "another version": f"c2sp.org/tlog-proof@v2\nindex 1\n{ROOT}\n",
    "no newline": f"{HEAD}index 1\n{ROOT}",
    "an empty line": f"{HEAD}index 1\n{ROOT}\n\n",
    "a leading zero": f"{HEAD}index 01\n{ROOT}\n",
    "a short hash": f"{HEAD}index 1\nAAAA\n",
    "65 hashes": f"{HEAD}index 1\n" + f"{ROOT}\n" * 65,
}


@pytest.mark.parametrize("text", BAD_PROOFS.values(), ids=BAD_PROOFS.keys())
def test_a_malformed_proof_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        Proof.of(text)


def test_an_extra_line_of_a_proof_is_ignored() -> None:
    proof = Proof.of(f"{HEAD}extra AAAA\nindex 1\n{ROOT}\n")

    assert proof == Proof(1, [bytes(32)])
