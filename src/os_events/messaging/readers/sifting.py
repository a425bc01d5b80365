"""Which records of a batch are the next rows of their histories: chained to what was received."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from os_events.ledger.entry import FORM, NO_PREVIOUS, Entry, leaf_hash, state_commitment
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.cloudevents import source_of
from os_events.messaging.readers.carried import Carried, NotCarriedError, carried_by
from os_events.messaging.readers.received import Heads, Leaves
from os_events.messaging.records import Incoming
from os_events.values.scalars import Code


class Refused(Code):
    """Why a record is passed over."""

    NO_ROW = "no-row", "não traz um evento do registro"
    OTHER_SOURCE = "other-source", "de outra origem"
    OTHER_EPOCH = "other-epoch", "de antes de uma restauração"
    OTHER_LEAF = "other-leaf", "não confere com a sua folha"
    CONTRADICTION = "contradiction", "contradiz o que já foi recebido"


class Standstill(Code):
    """Why a partition stands still. All but the first want the reader to be filled anew."""

    UNREADABLE = "event-unreadable", "evento desconhecido desta versão"
    GAP = "version-gap", "falta um evento"
    EPOCH = "epoch-changed", "o registro foi restaurado"
    ERASED = "records-erased", "registros apagados do tópico"
    LOST = "topic-lost-records", "o tópico perdeu registros"


class Sound(Enum):
    """What a row is that belongs to us."""

    NEXT = auto()
    REPEATED = auto()


class Known(NamedTuple):
    """What is known of the histories in a batch.

    Shape: ``leaves`` are those of versions that came before; ``taken`` the positions of rows.
    """

    chronicle: Chronicle
    heads: Heads
    leaves: Leaves
    taken: set[int]

    def learn(self, row: Carried) -> None:
        """Know a row that was taken."""
        self.heads[row.aggregate_id] = (row.version, row.leaf)
        self.leaves[row.aggregate_id, row.version] = row.leaf
        self.taken.add(row.position)


@dataclass
class Sifted:
    """What a batch comes to. Shape: it ends before the offset ``upto``."""

    upto: int
    rows: list[Carried] = field(default_factory=list)
    refused: Counter[Refused] = field(default_factory=Counter)
    repeated: int = 0
    standstill: Standstill | None = None  # for the record at ``upto``


def read_all(records: Iterable[Incoming]) -> list[tuple[int, Carried | None]]:
    """Read records: each offset, and the row at it, if it carries one."""
    return [(record.offset, _row(record)) for record in records]


def _row(record: Incoming) -> Carried | None:
    try:
        return carried_by(record)
    except NotCarriedError:
        return None


def sift(told: list[tuple[int, Carried | None]], known: Known) -> Sifted:
    """Take rows as long as each is the next of its history.

    A forged or foreign record is passed over. Where versions are missing the batch ends.
    """
    found = Sifted(told[-1][0] + 1)
    for offset, row in told:
        verdict = judge(row, known) if row else Refused.NO_ROW
        if isinstance(verdict, Standstill):
            found.upto, found.standstill = offset, verdict
            return found
        if isinstance(verdict, Refused):
            found.refused[verdict] += 1
        elif row and verdict is Sound.NEXT:
            known.learn(row)
            found.rows.append(row)
        else:
            found.repeated += 1
    return found


def judge(row: Carried, known: Known) -> Sound | Refused | Standstill:
    """Say what a row is to what is known."""
    version, previous = known.heads.get(row.aggregate_id, (0, NO_PREVIOUS))
    if strange := origin_fault(row, known.chronicle):
        return strange
    if row.version <= version:
        same = known.leaves.get((row.aggregate_id, row.version)) == row.leaf
        return Sound.REPEATED if same else Refused.CONTRADICTION
    if row.version > version + 1:
        return Standstill.GAP
    if leaf_of(row, previous) != row.leaf:
        return Refused.OTHER_LEAF
    return Refused.CONTRADICTION if row.position in known.taken else Sound.NEXT


def origin_fault(row: Carried, chronicle: Chronicle) -> Refused | Standstill | None:
    """Say what is wrong with where a row comes from."""
    if row.epoch > len(chronicle.names):
        return Standstill.EPOCH
    if not row.epoch or row.source != source_of(chronicle.names[row.epoch - 1]):
        return Refused.OTHER_SOURCE
    return None if row.epoch == chronicle.epoch(row.position) else Refused.OTHER_EPOCH


def leaf_of(row: Carried, previous: bytes) -> bytes | None:
    """Derive the leaf that the ledger has for a row; None for a row that cannot have one."""
    entry = Entry(
        aggregate=row.aggregate_id,
        event=row.event,
        position=row.position,
        previous=previous,
        recorded_at=row.recorded_at,
        state=state_commitment(row.nonce, row.state),
        version=row.version,
    )
    try:
        text = entry.text()
    except UnicodeEncodeError:
        return None
    return leaf_hash(text) if FORM.fullmatch(text) else None
