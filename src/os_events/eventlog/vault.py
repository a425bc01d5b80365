"""Personal values: a salted commitment stays in the log, the value goes encrypted into the vault.

Formats: commitment = SHA-256(tag, salt, value); sealed = nonce[12], then AES-256-GCM of salt[32]
and value, bound to its place, its key and its commitment.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json

from os_events.aggregates.base import DomainEvent, Owner
from os_events.errors import TamperedError
from os_events.eventlog.keys import DataKey, Scope
from os_events.values.personal import Erased, Found, Sealed, personal_fields

TAG = b"os_events/personal/v1\n"
SALT = 32  # bytes
NONCE = 12
PLACEHOLDER = {"$commitment", "$key"}

Random = Callable[[int], bytes]  # gives as many bytes as it is asked for


class VaultRow(NamedTuple):
    """One value as it is kept. Shape: pointer is an RFC 6901 pointer into the state."""

    pointer: str
    key_id: UUID
    sealed: bytes


class Place(NamedTuple):
    """Which field of which event: bound into the ciphertext, so that it opens nowhere else."""

    aggregate_id: UUID
    version: int
    pointer: str

    def bound(self, key_id: UUID, commitment: str) -> bytes:
        """Give the associated data of the encryption."""
        return "\n".join(map(str, (*self, key_id, commitment))).encode()


class Kept(NamedTuple):
    """A placeholder in a state: where it is, and what it says."""

    path: tuple[str | int, ...]
    commitment: str
    key_id: UUID

    @property
    def pointer(self) -> str:
        """Give the RFC 6901 pointer to it."""
        return "".join(f"/{step}" for step in self.path)


def commit(salt: bytes, value: bytes) -> str:
    """Fix a value without showing it."""
    return sha256(TAG + salt + value).hexdigest()


def scope_of(found: Found, owner: Owner) -> Scope:
    """Say which key a personal field is sealed with. A key ends with a year, or with an aggregate.

    Whom it is about is said by the field that its mark names, or else by the aggregate.
    """
    mark = found.mark
    subject = getattr(found.holder, mark.subject) if mark.subject else owner.subject
    one = mark.retention.ends_with_the_aggregate
    return Scope(
        subject or owner.subject,
        mark.retention.value,
        str(owner.aggregate_id if one else owner.year),
    )


def scopes(events: Sequence[DomainEvent], owner: Owner) -> set[Scope]:
    """Name the keys that sealing the personal values of ``events`` takes."""
    return {scope_of(found, owner) for event in events for found in personal_fields(event)}


def seal(
    place: Place, key: DataKey, value: bytes, random: Random
) -> tuple[dict[str, str], VaultRow]:
    """Give what the log holds instead of ``value``, and what the vault holds."""
    salt, nonce = random(SALT), random(NONCE)
    commitment = commit(salt, value)
    sealed = nonce + key.cipher.encrypt(nonce, salt + value, place.bound(key.key_id, commitment))
    placeholder = {"$commitment": commitment, "$key": str(key.key_id)}
    return placeholder, VaultRow(place.pointer, key.key_id, sealed)


def unseal(place: Place, kept: Kept, sealed: bytes, cipher: AESGCM) -> Any:
    """Open a value. Raises TamperedError if it is not the one that was recorded."""
    bound = place.bound(kept.key_id, kept.commitment)
    try:
        opened = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise TamperedError(f"the vault's value for {place} does not open") from error
    salt, value = opened[:SALT], opened[SALT:]
    if commit(salt, value) != kept.commitment:
        raise TamperedError(f"the vault's value for {place} is not the recorded one")
    return from_json(value)


def new_values(event: DomainEvent) -> Iterator[Found]:
    """Find the personal values of an event that is to be stored.

    Raises: ValueError if one is a placeholder: it would open nowhere but where it was recorded.
    """
    for found in personal_fields(event):
        if isinstance(found.value, Sealed | Erased):
            repeated = f"{event}{found.pointer} repeats a placeholder, not a value"
            raise ValueError(repeated)  # noqa: TRY004 - the type is allowed, in what is read
        yield found


def placeholders(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Kept]:
    """Find every placeholder in a state, however deep."""
    if isinstance(value, dict):
        if value.keys() == PLACEHOLDER:
            yield Kept(path, value["$commitment"], UUID(value["$key"]))
        else:
            for name, part in value.items():
                yield from placeholders(part, (*path, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from placeholders(part, (*path, index))


def way_to(state: Any, path: Sequence[str | int]) -> tuple[Any, str | int]:
    """Give the part of a state that holds what stands at ``path``, and by which key."""
    *way, last = path
    for step in way:
        state = state[step]
    return state, last
