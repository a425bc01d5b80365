"""Lookup: which people and orders a name, a phone, a document or a device's number is of.

Rows hold digests under a secret of the installation, never what was digested.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from pydantic_core import PydanticCustomError

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.person.history import PersonHistory
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.values import Asset
from os_events.eventlog.database import Pool
from os_events.followers.derivation import Derivation
from os_events.followers.positions import AsOf, least
from os_events.followers.read_model import ReadModel
from os_events.values.identifiers import IMEI, SERIAL, mac, phone
from os_events.values.personal import Erased, Sealed

TAILS = (8, 9)  # last digits of a phone, as people tell it in its own area
DIGITS_ONLY = re.compile(r"[0-9 ()./+-]+")
MOST_TERMS, MOST_FOUND = 12, 1000

Term = tuple[str, str]  # what kind, and its one normal form


@dataclass(frozen=True, slots=True)
class PersonDigest:
    """One thing by which a person is found."""

    person_id: UUID
    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class OrderDigest:
    """One number of the device by which an order is found."""

    order_id: UUID
    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """Who and what fits. ``more`` says that not everything is here: ask with another word."""

    persons: tuple[UUID, ...] = ()
    orders: tuple[UUID, ...] = ()
    more: bool = False


def digest(secret: bytes, term: Term) -> bytes:
    """Digest one term: without the secret, nobody can try out who is in the table."""
    return hmac.digest(secret, "\n".join(term).encode(), "sha256")


def words(text: str) -> list[str]:
    """Split a name into words without accents or case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def squeezed(text: str) -> str:
    """Write a document's number with letters and digits only."""
    return "".join(filter(str.isalnum, text)).upper()


def opened(value: Any) -> Any:
    """Give a personal value that can be read; None for one that was erased."""
    return None if isinstance(value, Erased | Sealed) else value


def terms_of_person(history: PersonHistory) -> Iterator[Term]:
    """Say by what a person is found: as known now, not as once was."""
    known = history.known
    if known is None:
        return
    for name in (known.name, known.trade_name):
        yield from (("name", word) for word in words(opened(name) or ""))
    for number in opened(known.phones) or ():
        yield from terms_of_phone(number.number)
    for document in opened(known.documents) or ():
        yield "document", squeezed(document.number)


def terms_of_phone(e164: str) -> Iterator[Term]:
    """Say by what a phone is found: all of it, or its end."""
    yield "phone", e164
    yield from (("phone_end", e164[-tail:]) for tail in TAILS)


def terms_of_order(history: OrderHistory) -> Iterator[Term]:
    """Say by what an order is found: the numbers of every device that it was ever about."""
    for _, event in history.events:
        if isinstance(event, Opened | DeviceReceived) and event.asset:
            yield from terms_of_asset(event.asset)


def terms_of_asset(asset: Asset) -> Iterator[Term]:
    """Say by what a device is found."""
    if serial := opened(asset.serial):
        yield "serial", serial
    if address := opened(asset.mac):
        yield "mac", address
    yield from (("imei", imei) for imei in opened(asset.imeis) or ())


def person_rows(secret: bytes, history: PersonHistory) -> Iterator[PersonDigest]:
    """Give a row for each thing by which a person is found."""
    for term in sorted(set(terms_of_person(history))):
        yield PersonDigest(history.events[0][1].aggregate_id, term[0], digest(secret, term))


def order_rows(secret: bytes, history: OrderHistory) -> Iterator[OrderDigest]:
    """Give a row for each number by which an order is found."""
    for term in sorted(set(terms_of_order(history))):
        yield OrderDigest(history.events[0][1].aggregate_id, term[0], digest(secret, term))


DDL = """CREATE TABLE {table} (
        %s uuid NOT NULL, kind text NOT NULL, digest bytea NOT NULL, PRIMARY KEY (%s, digest));
    CREATE INDEX ON {table} (digest)"""


def person_lookup(secret: bytes) -> Derivation[PersonDigest]:
    """Say how people are found."""
    return Derivation(
        name="person_lookup_1",
        of=PersonHistory,
        row=PersonDigest,
        rows=partial(person_rows, secret),
        ddl=DDL.replace("%s", "person_id"),
        opened=True,
    )


def order_lookup(secret: bytes) -> Derivation[OrderDigest]:
    """Say how orders are found."""
    return Derivation(
        name="order_lookup_1",
        of=OrderHistory,
        row=OrderDigest,
        rows=partial(order_rows, secret),
        ddl=DDL.replace("%s", "order_id"),
        topics=(Opened.TOPIC, DeviceReceived.TOPIC),
        opened=True,
    )


def asked(text: str) -> list[set[Term]]:
    """Say what somebody may mean: each term one way or another, and all of the terms."""
    if DIGITS_ONLY.fullmatch(text) and squeezed(text):
        return [set(meanings(text))]
    parts = [part for part in text.split() if squeezed(part)][:MOST_TERMS]
    return [{*meanings(part), *(("name", word) for word in words(part))} for part in parts]


def meanings(text: str) -> Iterator[Term]:
    """Say which numbers a text may be."""
    yield "document", squeezed(text)
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) in TAILS:
        yield "phone_end", digits
    forms: dict[str, Callable[[str], str]] = {
        "phone": phone,
        "imei": IMEI.normal,
        "mac": mac,
        "serial": SERIAL.normal,
    }
    for kind, normal in forms.items():
        try:
            yield kind, normal(text.strip())
        except PydanticCustomError:
            continue


class Digests(ReadModel[Any]):
    """One of the two tables."""

    def __init__(self, derivation: Derivation[Any], pool: Pool, wait_seconds: float) -> None:
        super().__init__(pool, wait_seconds)
        self.derivation = derivation

    def having(self, terms: Sequence[Collection[bytes]]) -> list[UUID]:
        """Name those that have a digest of each term; at most one more than are shown."""
        if not terms:
            return []
        numbers = [number for number, term in enumerate(terms) for _ in term]
        digests = [one for term in terms for one in term]
        query = f"""SELECT {self.key} FROM {self.table}
            JOIN unnest(%s::int[], %s::bytea[]) AS asked (term, digest) USING (digest)
            GROUP BY 1 HAVING count(DISTINCT term) = %s ORDER BY 1 LIMIT %s"""  # noqa: S608 - only our words
        found = self.records(query, numbers, digests, len(terms), MOST_FOUND + 1)
        return [id_ for (id_,) in found]


class Lookup:
    """Finds people and orders. Every question raises UnavailableError."""

    def __init__(self, pool: Pool, secret: bytes, wait_seconds: float = 2.0) -> None:
        self.secret = secret
        self.persons = Digests(person_lookup(secret), pool, wait_seconds)
        self.orders = Digests(order_lookup(secret), pool, wait_seconds)

    def search(self, text: str) -> Found:
        """Find whom or what a text names; each of several words must fit.

        Shape: whole words of a name, in any order; or all of a phone, or its last 8 or 9 digits; a
        document; a serial number, an IMEI, a MAC.
        """
        terms = [[digest(self.secret, one) for one in term] for term in asked(text)]
        persons, orders = self.persons.having(terms), self.orders.having(terms)
        more = max(len(persons), len(orders)) > MOST_FOUND
        return Found(tuple(persons[:MOST_FOUND]), tuple(orders[:MOST_FOUND]), more)

    def as_of(self) -> AsOf:
        """Say what an answer reflects at least."""
        return least(self.persons.as_of(), self.orders.as_of())

    def reach(self, position: int) -> None:
        """Wait until answers reflect ``position``. Raises ReadModelBehindError."""
        self.persons.reach(position)
        self.orders.reach(position)
