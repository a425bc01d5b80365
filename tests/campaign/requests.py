"""Ten thousand messages of other systems: which they are, and what must become of each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from os_events.messaging.records import Outgoing
from tests.e2e.kafka import CENTRO
from tests.messages import a_customer, a_request, sent

INVALID, REPEATED = 0.1, 0.1  # shares
CUSTOMERS = 0.2  # of each request, on average
LARGE = "x" * 300_000


class Fate(StrEnum):
    """What must become of a message: it is accepted, refused, or put aside for this reason."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    MALFORMED = "malformed"
    OVERSIZED = "oversized"
    UNKNOWN_SOURCE = "unknown-source"
    UNKNOWN_TYPE = "unknown-type"
    OTHER_BODY = "id-with-another-body"


WRONG = [fate for fate in Fate if fate is not Fate.ACCEPTED]


@dataclass(frozen=True)
class Planned:
    """A message, whose customer it names, and what must become of it."""

    id: str
    reference: str
    fate: Fate
    record: Outgoing


def planned(count: int, chance: Random) -> list[Planned]:
    """Plan so many messages, in the order in which they are sent.

    What repeats another, or has its id with another body, comes behind it, and under its key.
    """
    said: list[Planned] = []
    fresh: list[Planned] = []  # valid ones
    for number in range(count):
        drawn = chance.random()
        if drawn < REPEATED and fresh:
            said.append(chance.choice(fresh))
        elif drawn < REPEATED + INVALID:
            said.append(wrong(f"m-{number}", chance.choice(WRONG), fresh, chance))
        else:
            fresh.append(right(f"m-{number}", f"c-{chance.randrange(int(count * CUSTOMERS) + 1)}"))
            said.append(fresh[-1])
    return said


def right(name: str, reference: str) -> Planned:
    data = a_request(unit_id=CENTRO, customer=a_customer(reference=reference))
    return Planned(name, reference, Fate.ACCEPTED, sent(name, data, key=reference.encode()))


def wrong(name: str, fate: Fate, fresh: list[Planned], chance: Random) -> Planned:
    """Make a message that must not become an order."""
    one = right(name, f"nobody-{name}")
    if fate is Fate.OTHER_BODY and fresh:
        known = chance.choice(fresh)
        data = json.loads(known.record.value or b"") | {"priority": "urgent"}
        return replace(known, fate=fate, record=sent(known.id, data, key=known.record.key))
    record = dict(variants(name, one.record)).get(fate)
    return (
        replace(one, fate=fate, record=record) if record else wrong(name, Fate.REFUSED, [], chance)
    )


def variants(name: str, record: Outgoing) -> Iterator[tuple[Fate, Outgoing]]:
    """Give a message that meets each fate; another body takes another message."""
    data = json.loads(record.value or b"")
    contract = data | {"basis": "contract"}  # rule Q1: no contract is named
    yield Fate.REFUSED, sent(name, contract, key=record.key)
    yield Fate.MALFORMED, replace(record, value=(record.value or b"")[:-20])
    yield Fate.OVERSIZED, sent(name, data | {"reported_problem": LARGE}, key=record.key)
    yield Fate.UNKNOWN_SOURCE, sent(name, data, key=record.key, source="/somebody")
    yield Fate.UNKNOWN_TYPE, sent(name, data, key=record.key, type="crm.lead.open.v1")
