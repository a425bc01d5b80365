"""Every proof verifies, every flipped bit fails, and a tree that forgets proves the same."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from os_events.ledger.merkle import EMPTY_ROOT, Tree, extends, includes, node

Sizes = tuple[int, int]


def leaves(size: int) -> list[bytes]:
    return [sha256(bytes([number % 256, number // 256])).digest() for number in range(size)]


def a_tree(size: int) -> Tree:
    return Tree(b"".join(leaves(size)))


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(by_definition(hashes[:k]), by_definition(hashes[k:]))


def flipped(data: list[bytes], bit: int) -> list[bytes]:
    """Flip one bit of a list of hashes."""
    whole = bytearray(b"".join(data))
    at = bit % (8 * len(whole))
    whole[at // 8] ^= 1 << at % 8
    return [bytes(whole[n : n + 32]) for n in range(0, len(whole), 32)]


pairs = st.integers(1, 600).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))
bits = st.integers(0, 2**20)


@given(size=st.integers(0, 300))
def test_a_root_is_the_one_of_the_definition(size: int) -> None:
    assert a_tree(size).root() == by_definition(leaves(size))


@given(pair=pairs, more=st.integers(0, 300))
def test_every_inclusion_verifies_in_its_tree_and_in_a_larger_one(pair: Sizes, more: int) -> None:
    index, size = pair
    tree = a_tree(size + more)

    path = tree.inclusion(index, size)

    assert includes(tree.root(size), size, index, leaves(size)[index], path)


@given(pair=pairs, bit=bits)
def test_no_flipped_bit_of_an_inclusion_verifies(pair: Sizes, bit: int) -> None:
    index, size = pair
    tree = a_tree(size)
    proof = [leaves(size)[index], tree.root(), *tree.inclusion(index, size)]

    leaf, root, *path = flipped(proof, bit)

    assert not includes(root, size, index, leaf, path)


@given(pair=pairs, other=st.integers(0, 599))
def test_no_other_leaf_verifies_in_its_place(pair: Sizes, other: int) -> None:
    index, size = pair
    tree = a_tree(size)

    proves = includes(tree.root(), size, index, leaves(600)[other], tree.inclusion(index, size))

    assert proves == (other == index)


@given(pair=pairs)
def test_every_growth_verifies(pair: Sizes) -> None:
    old, size = pair
    tree = a_tree(size)

    proof = tree.consistency(old, size)

    assert extends(old, tree.root(old), size, tree.root(), proof)


@given(pair=pairs.filter(lambda pair: pair[0] > 0), bit=bits)
def test_no_flipped_bit_of_a_growth_verifies(pair: Sizes, bit: int) -> None:
    old, size = pair
    tree = a_tree(size)
    proof = [tree.root(old), tree.root(), *tree.consistency(old, size)]

    old_root, root, *path = flipped(proof, bit)

    assert not extends(old, old_root, size, root, path)


@given(pair=pairs.filter(lambda pair: pair[0] > 0), hashes=st.integers(1, 12))
def test_no_shortened_growth_verifies(pair: Sizes, hashes: int) -> None:
    old, size = pair
    tree = a_tree(size)

    proof = tree.consistency(old, size)[:-hashes]

    assert not extends(old, tree.root(old), size, tree.root(), proof)


@given(batches=st.lists(st.integers(0, 90), max_size=8))
def test_a_tree_that_forgets_after_each_batch_proves_its_growth(batches: list[int]) -> None:
    whole = a_tree(sum(batches))
    tree = Tree()
    steps = [(size := sum(batches[:n]), size + more) for n, more in enumerate(batches)]

    proofs = [step_of(tree, whole, old, new) for old, new in steps]

    assert proofs == [(whole.root(new), whole.consistency(old, new)) for old, new in steps]


def step_of(tree: Tree, whole: Tree, old: int, new: int) -> tuple[bytes, list[bytes]]:
    """Forget, grow, and prove the growth."""
    tree.forget()
    tree.extend(b"".join(leaves(whole.size)[old:new]))
    return tree.root(), tree.consistency(old, new)


@given(size=st.integers(0, 2000))
def test_a_tree_that_forgot_holds_a_hash_for_each_bit_of_its_size(size: int) -> None:
    tree = a_tree(size)

    tree.forget()

    assert sum(map(len, tree._levels)) == 32 * size.bit_count()
    assert tree.root() == a_tree(size).root()
