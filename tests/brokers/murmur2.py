"""Which partition a key goes to, by the description of the hash: all clients must agree."""

SEED, MULTIPLIER, SHIFT = 0x9747B28C, 0x5BD1E995, 24
WORD = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """MurmurHash2, 32 bits, of the seed that Kafka's own clients use."""
    whole = len(data) & ~3
    value = SEED ^ len(data)
    for at in range(0, whole, 4):
        part = int.from_bytes(data[at : at + 4], "little") * MULTIPLIER & WORD
        part = (part ^ part >> SHIFT) * MULTIPLIER & WORD
        value = value * MULTIPLIER & WORD ^ part
    if rest := data[whole:]:
        value = (value ^ int.from_bytes(rest, "little")) * MULTIPLIER & WORD
    value = (value ^ value >> 13) * MULTIPLIER & WORD
    return value ^ value >> 15


def partition_of(key: bytes, partitions: int) -> int:
    return (murmur2(key) & 0x7FFFFFFF) % partitions
