"""Roots and proofs are the published ones."""

from hashlib import sha256
from typing import Any

import pytest

from os_events.ledger.entry import leaf_hash
from os_events.ledger.merkle import EMPTY_ROOT, Tree, extends, includes, node
from tests.ledgers import vectors

EXAMPLES = vectors("merkle.json")
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in EXAMPLES["leaves_hex"]]
ROOTS = [bytes.fromhex(root) for root in EXAMPLES["roots"]]
OTHER = sha256(b"another").digest()


def hashes(example: dict[str, Any], name: str) -> list[bytes]:
    return [bytes.fromhex(one) for one in example[name]]


def a_tree(size: int = 8) -> Tree:
    return Tree(b"".join(LEAVES[:size]))


def test_a_node_is_hashed_apart_from_a_leaf() -> None:
    published = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"

    assert node(b"N123", b"N456").hex() == published


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_each_size_is_the_published_one(size: int) -> None:
    assert a_tree(size).root() == a_tree().root(size) == ROOTS[size]


@pytest.mark.parametrize("example", EXAMPLES["inclusion"], ids=str)
def test_every_inclusion_path_is_the_published_one_and_verifies(example: dict[str, Any]) -> None:
    index, size = example["index"], example["size"]

    path = a_tree().inclusion(index, size)

    assert path == hashes(example, "path")
    assert includes(ROOTS[size], size, index, LEAVES[index], path)


@pytest.mark.parametrize("example", EXAMPLES["consistency"], ids=str)
def test_every_consistency_proof_is_the_published_one_and_verifies(example: dict[str, Any]) -> None:
    old, new = example["old"], example["new"]

    proof = a_tree().consistency(old, new)

    assert proof == hashes(example, "proof")
    assert extends(old, ROOTS[old], new, ROOTS[new], proof)


def test_every_tree_extends_the_empty_one_without_a_proof() -> None:
    assert extends(0, EMPTY_ROOT, 8, ROOTS[8], [])
    assert not extends(0, EMPTY_ROOT, 8, ROOTS[8], [OTHER])


def test_a_tree_extends_itself_only_without_a_proof() -> None:
    assert extends(8, ROOTS[8], 8, ROOTS[8], [])
    assert not extends(8, ROOTS[8], 8, ROOTS[8], [OTHER])
    assert not extends(8, ROOTS[8], 8, OTHER, [])


def test_a_larger_tree_is_no_beginning_of_a_smaller_one() -> None:
    both = node(LEAVES[0], LEAVES[1])

    assert not extends(8, ROOTS[8], 7, ROOTS[7], [])
    assert not extends(3, LEAVES[0], 2, both, LEAVES[:2])


def test_a_leaf_beyond_the_tree_is_not_in_it() -> None:
    path = a_tree().inclusion(5, 8)

    assert not includes(ROOTS[8], 8, 8, LEAVES[5], path)
    assert not includes(ROOTS[8], 8, -1, LEAVES[5], path)
    assert not includes(ROOTS[1], 1, 1, LEAVES[0], [])


def test_a_path_of_another_size_proves_nothing() -> None:
    first, last = a_tree().inclusion(0, 8), a_tree().inclusion(7, 8)

    assert not includes(ROOTS[8], 16, 0, LEAVES[0], first)
    assert not includes(ROOTS[8], 4, 3, LEAVES[7], last)


def test_a_path_that_is_too_long_proves_nothing() -> None:
    path = a_tree().inclusion(5, 8)

    assert not includes(ROOTS[8], 8, 5, LEAVES[5], [*path, OTHER])


def test_what_is_not_a_hash_proves_nothing() -> None:
    path = a_tree().inclusion(5, 8)
    proof = a_tree().consistency(5, 8)

    assert not includes(ROOTS[8], 8, 5, LEAVES[5], [path[0][:31], *path[1:]])
    assert not extends(5, ROOTS[5], 8, ROOTS[8], [proof[0][:31], *proof[1:]])


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 9)])
def test_no_proof_is_made_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        a_tree().inclusion(index, size)


def test_a_tree_that_forgot_says_so_rather_than_something_false() -> None:
    tree = a_tree()
    tree.forget()

    with pytest.raises(ValueError, match="forgotten"):
        tree.inclusion(0, 8)


def test_a_copy_grows_by_itself() -> None:
    tree = a_tree(5)

    tree.copy().append(LEAVES[5])

    assert tree.root() == ROOTS[5]
