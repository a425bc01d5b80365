"""The Merkle tree of RFC 6962: root, inclusion, consistency; proofs are checked as RFC 9162 does.

A proof is a list of hashes, leaf side first.
"""

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest

from os_events.ledger.encoding import HASH_BYTES

EMPTY_ROOT = sha256(b"").digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf, and keeps the complete subtrees it is not told to forget.

    Shape: level 0 is the leaves, level k the roots of each 2^k of them, packed, less those that
    were forgotten. With ``forget`` after each batch it holds one hash for each bit of its size.
    """

    def __init__(self, leaves: bytes = b"") -> None:
        self.size = 0
        self._levels: list[bytearray] = []
        self._forgotten: list[int] = []
        self.extend(leaves)

    def extend(self, leaves: bytes) -> None:
        """Append packed leaf hashes."""
        for at in range(0, len(leaves), HASH_BYTES):
            self.append(leaves[at : at + HASH_BYTES])

    def append(self, leaf: bytes) -> None:
        """Append one leaf hash, and every subtree that it completes."""
        subtree, place, level = leaf, self.size, 0
        self.size += 1
        while True:
            if level == len(self._levels):
                self._levels.append(bytearray())
                self._forgotten.append(0)
            kept = self._levels[level]
            kept += subtree
            if place % 2 == 0:
                return
            subtree = node(bytes(kept[-2 * HASH_BYTES : -HASH_BYTES]), subtree)
            place, level = place // 2, level + 1

    def forget(self) -> None:
        """Keep only what later roots, and proofs from this size on, are made of."""
        for level, kept in enumerate(self._levels):
            needed = (self.size >> level) % 2
            gone = len(kept) // HASH_BYTES - needed
            del kept[: gone * HASH_BYTES]
            self._forgotten[level] += gone

    def copy(self) -> "Tree":
        """Give a tree that grows by itself."""
        twin = Tree()
        twin.size = self.size
        twin._levels = [bytearray(kept) for kept in self._levels]
        twin._forgotten = list(self._forgotten)
        return twin

    def root(self, size: int | None = None) -> bytes:
        """Give the root of the first ``size`` leaves, or of all."""
        size = self.size if size is None else size
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Prove that leaf ``index`` is in the tree of ``size`` (RFC 6962, section 2.1.1)."""
        if not 0 <= index < size <= self.size:
            raise ValueError(f"no leaf {index} in a tree of {size}")
        path = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Prove that the tree of ``old`` is the beginning of that of ``size`` (section 2.1.2)."""
        if not 0 <= old <= size <= self.size:
            raise ValueError(f"a tree of {old} is no beginning of one of {size}")
        if old in {0, size}:
            return []
        proof = []
        low, high = 0, size
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                proof.append(self._subtree(middle, high))
                high = middle
            else:
                proof.append(self._subtree(low, middle))
                low = middle
        if low:
            proof.append(self._subtree(low, high))
        return proof[::-1]

    def _subtree(self, low: int, high: int) -> bytes:
        """Give the root over the leaves low <= n < high, where low is a multiple of its width."""
        width = high - low
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            at = ((low >> level) - self._forgotten[level]) * HASH_BYTES
            if at < 0:
                raise ValueError(f"the subtree of leaves {low} to {high} was forgotten")
            return bytes(self._levels[level][at : at + HASH_BYTES])
        middle = low + _split(width)
        return node(self._subtree(low, middle), self._subtree(middle, high))


def _split(width: int) -> int:
    """Give the largest power of two below ``width``."""
    return 1 << ((width - 1).bit_length() - 1)


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether ``path`` proves that ``leaf`` has its place in the tree.

    Source: RFC 9162, section 2.1.3.2, whose steps are numbered here.
    """
    if not 0 <= index < size or not _are_hashes(root, leaf, *path):  # 1
        return False
    first, last, ours = index, size - 1, leaf  # 2, 3
    for sibling in path:  # 4
        if last == 0:  # 4.1
            return False
        if first % 2 or first == last:  # 4.2
            ours = node(sibling, ours)
            while first and first % 2 == 0:
                first, last = first >> 1, last >> 1
        else:  # 4.3
            ours = node(ours, sibling)
        first, last = first >> 1, last >> 1  # 4.4
    return last == 0 and compare_digest(ours, root)  # 5


def extends(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether ``proof`` shows that the tree of ``old`` is the beginning of that of ``size``.

    The empty tree is the beginning of every tree, with an empty proof, as witnesses demand.
    """
    if not 0 <= old <= size:
        return False
    if old == size:
        return not proof and compare_digest(old_root, root)
    if old == 0:
        return not proof
    return (
        bool(proof)
        and _are_hashes(old_root, root, *proof)
        and _walked(old, old_root, size, root, proof)
    )


def _walked(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Derive both roots from the proof.

    Source: RFC 9162, section 2.1.4.2, whose steps are numbered here.
    """
    is_complete = old & (old - 1) == 0
    start, *rest = [old_root, *proof] if is_complete else proof  # 1, 2
    first, last = old - 1, size - 1  # 3
    while first % 2:  # 4
        first, last = first >> 1, last >> 1
    old_ours = ours = start  # 5
    for sibling in rest:  # 6
        if last == 0:  # 6.1
            return False
        if first % 2 or first == last:  # 6.2
            old_ours, ours = node(sibling, old_ours), node(sibling, ours)
            while first and first % 2 == 0:
                first, last = first >> 1, last >> 1
        else:  # 6.3
            ours = node(ours, sibling)
        first, last = first >> 1, last >> 1  # 6.4
    return last == 0 and compare_digest(old_ours, old_root) and compare_digest(ours, root)  # 7


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in hashes)
