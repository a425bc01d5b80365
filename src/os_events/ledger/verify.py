"""The verifier of a history file: pure, offline, and it trusts the key in its argument alone."""

from collections.abc import Iterator
from hmac import compare_digest
from itertools import pairwise

from os_events.ledger.checkpoint import Checkpoint, OriginError
from os_events.ledger.encoding import FormatError
from os_events.ledger.entry import NO_PREVIOUS, Entry, leaf_hash, state_commitment
from os_events.ledger.history import Growth, History, ProvedEvent
from os_events.ledger.merkle import extends, includes
from os_events.ledger.note import SignatureError, VerifierKey
from os_events.ledger.proof import Proof
from os_events.ledger.verdict import Finding, Outcome, Subject, Verdict

ABSENT = {"proof-missing", "checkpoint-older"}


def verify_history(data: bytes, vkey: str, against: bytes | None = None) -> Verdict:
    """Tell whether a history file holds what the log of ``vkey`` recorded. Never raises.

    ``against`` is a checkpoint that the reader kept: the log must be its continuation.
    """
    # 1. The key is the reader's: nothing in the file says whom to trust.
    try:
        key = VerifierKey.of(vkey.strip())
    except FormatError as error:
        return _unreadable("key-format", error)
    # 2. The checkpoint that the reader kept is signed by that key.
    try:
        kept = None if against is None else Checkpoint.opened(against, key)
    except (FormatError, SignatureError) as error:
        return _unreadable("against-format", error)
    # 3. The file has its one form.
    try:
        ours = History.of(data)
    except FormatError as error:
        return _unreadable("history-format", error)
    # 4. Its checkpoint is signed by the key, and names the key's log.
    signed = _signed(ours, key)
    if isinstance(signed, Finding):
        return Verdict(Outcome.DIVERGENT, (signed,))
    return _judged(ours, signed, kept)


def _judged(ours: History, signed: Checkpoint, kept: Checkpoint | None) -> Verdict:
    findings = []
    entries = []
    for place, event in enumerate(ours.events, start=1):
        try:
            entry = Entry.of(event.entry.encode())
        except FormatError as error:
            findings.append(Finding("entry-format", place, str(error)))
        else:
            entries.append((place, entry))
            codes = _of_event(event, entry, signed)
            findings += [Finding(code, place) for code in codes]
    findings += [*_versions(ours, entries), *_order(entries)]
    # 7. The log has only grown since the checkpoint that the reader kept.
    if kept is not None:
        findings += [Finding(code) for code in _growth(ours.growth, kept, signed)]
    if any(finding.code not in ABSENT for finding in findings):
        return Verdict(Outcome.DIVERGENT, tuple(findings))
    last = entries[-1][1]
    subject = Subject(
        aggregate=last.aggregate,
        events=len(entries),
        first_recorded_at=entries[0][1].recorded_at,
        last_recorded_at=last.recorded_at,
        checkpoint=signed,
        against=kept.size if kept and not findings else None,
    )
    outcome = Outcome.INCONCLUSIVE if findings else Outcome.INTACT
    return Verdict(outcome, tuple(findings), subject)


def _signed(ours: History, key: VerifierKey) -> Checkpoint | Finding:
    try:
        return Checkpoint.opened(ours.checkpoint.encode(), key)
    except SignatureError as error:
        return Finding("log-signature", detail=str(error))
    except OriginError as error:
        return Finding("origin-unknown", detail=str(error))
    except FormatError as error:
        return Finding("checkpoint-format", detail=str(error))


def _of_event(event: ProvedEvent, entry: Entry, signed: Checkpoint) -> Iterator[str]:
    """Check one event by itself; give the code of whatever contradicts."""
    # 5a. The stored bytes are those that the entry fixes.
    if not compare_digest(state_commitment(event.nonce, event.state.encode()), entry.state):
        yield "state-commitment"
    # 5b. The proof is that of the entry's position, which is one more than its index.
    try:
        way = Proof.of(event.proof)
    except FormatError:
        yield "proof-format"
        return
    if way.index != entry.position - 1:
        yield "index-position"
    # 5c. It leads from the entry's leaf to the root that the log signed.
    leaf = leaf_hash(event.entry.encode())
    if not includes(signed.root, signed.size, way.index, leaf, way.hashes):
        yield "inclusion"


def _versions(ours: History, entries: list[tuple[int, Entry]]) -> Iterator[Finding]:
    """Check that the entries are one history from its first version on, without a hole."""
    previous, version = NO_PREVIOUS, 0
    for place, entry in entries:
        # 6a. Versions are dense from 1.
        if entry.version > version + 1:
            yield Finding("version-gap", place)
        elif entry.version <= version:
            yield Finding("version-repeat", place)
        # 6b. Each names the leaf of the version before.
        elif not compare_digest(entry.previous, previous):
            yield Finding("previous-leaf", place)
        previous, version = leaf_hash(ours.events[place - 1].entry.encode()), entry.version


def _order(entries: list[tuple[int, Entry]]) -> Iterator[Finding]:
    """Check that the entries are of one aggregate, in the order in which they were recorded."""
    for (_, before), (place, entry) in pairwise(entries):
        # 6c. Aggregate, position and time.
        if entry.aggregate != before.aggregate:
            yield Finding("entry-place", place)
        if entry.position <= before.position:
            yield Finding("position-order", place)
        if entry.recorded_at <= before.recorded_at:
            yield Finding("time-order", place)


def _growth(growth: Growth | None, kept: Checkpoint, signed: Checkpoint) -> Iterator[str]:
    if kept.size > signed.size:
        yield "checkpoint-older"
        return
    hashes = growth.hashes if growth and growth.size == kept.size else []
    if not hashes and 0 < kept.size < signed.size:
        yield "proof-missing"
    elif not extends(kept.size, kept.root, signed.size, signed.root, hashes):
        yield "consistency"


def _unreadable(code: str, error: Exception) -> Verdict:
    return Verdict(Outcome.UNREADABLE, (Finding(code, detail=str(error)),))
