"""Other people's test data, read from the folder that ``--data`` names: nothing of it is ours.

The folder holds ``testdata`` of transparency-dev/merkle and transparency-dev/tessera, each in a
folder named after its repository with a hyphen for the slash.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.entry import leaf_hash
from os_events.ledger.merkle import Tree, extends, includes
from os_events.ledger.note import VerifierKey

VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
ACCEPTED = [  # the empty tree is the beginning of every tree: witnesses demand it, that library not
    "size1-is-zero-and-does-not-equal-size2.json",
    "size1-is-zero-and-size2-is-not-zero.json",
    "sizes-are-equal-zero-and-proof-is-empty.json",
]


@pytest.fixture
def data(request: pytest.FixtureRequest) -> Path:
    """The folder with the data."""
    folder: Path | None = request.config.getoption("data")
    if folder is None:
        pytest.fail("say where the data is: --data DIR")
    return folder


def cases(folder: Path, kind: str) -> dict[Path, dict[str, Any]]:
    found = sorted((folder / "transparency-dev-merkle" / "testdata" / kind).rglob("*.json"))
    return {path: json.loads(path.read_text()) for path in found}


def hashes(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(one) for one in case["proof"] or []]


def is_included(case: dict[str, Any]) -> bool:
    root, leaf = b64decode(case["root"] or ""), b64decode(case["leafHash"] or "")
    return includes(root, case["treeSize"], case["leafIdx"], leaf, hashes(case))


def has_grown(case: dict[str, Any]) -> bool:
    old_root, root = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
    return extends(case["size1"], old_root, case["size2"], root, hashes(case))


def test_all_inclusion_cases_agree(data: Path) -> None:
    found = cases(data, "inclusion")

    agreeing = [path for path, case in found.items() if is_included(case) != case["wantErr"]]

    assert (len(agreeing), len(found)) == (98, 98)


def test_all_consistency_cases_agree_but_the_three_of_the_empty_tree(data: Path) -> None:
    found = cases(data, "consistency")

    differing = [path for path, case in found.items() if has_grown(case) == case["wantErr"]]

    assert len(found) == 98
    assert [path.name for path in differing] == ACCEPTED


def entries(bundle: bytes) -> list[bytes]:
    """Split an entry bundle: each entry after its length, two bytes."""
    found = []
    while bundle:
        end = 2 + int.from_bytes(bundle[:2], "big")
        found.append(bundle[2:end])
        bundle = bundle[end:]
    return found


@pytest.mark.parametrize("size", range(16))
def test_the_checkpoints_of_another_program_are_those_of_its_entries(data: Path, size: int) -> None:
    log = data / "transparency-dev-tessera" / "testdata" / "log"
    words = entries((log / "tile/entries/000.p/15").read_bytes())
    tree = Tree(b"".join(map(leaf_hash, words[:size])))

    checkpoint = Checkpoint.opened((log / f"checkpoint.{size}").read_bytes(), VerifierKey.of(VKEY))

    assert (checkpoint.size, checkpoint.root) == (size, tree.root())
