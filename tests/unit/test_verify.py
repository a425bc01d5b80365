"""A history file is intact, or the verifier says what contradicts and what is absent."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.entry import Entry
from os_events.ledger.history import Growth, History
from os_events.ledger.note import SigningKey
from os_events.ledger.proof import Proof
from os_events.ledger.verdict import CODES, Outcome, Verdict
from os_events.ledger.verify import verify_history
from tests.ledgers import (
    KEY,
    NOON,
    ORIGIN,
    OURS,
    THEIRS,
    SmallLog,
    with_entry,
    with_event,
)

VKEY = KEY.verifier.vkey


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def first(data: bytes, against: bytes | None = None) -> tuple[Outcome, str]:
    verdict = verify_history(data, VKEY, against)
    return verdict.outcome, codes(verdict)[0]


def with_checkpoint(history: History, note: bytes) -> bytes:
    return replace(history, checkpoint=note.decode()).written()


def without(history: History, *places: int) -> bytes:
    events = [event for place, event in enumerate(history.events) if place not in places]
    return replace(history, events=events).written()


def test_an_untouched_history_is_intact_and_says_what_it_covers() -> None:
    log = SmallLog(9)

    verdict = verify_history(log.history().written(), VKEY)

    assert (verdict.outcome, verdict.findings) == (Outcome.INTACT, ())
    assert verdict.subject is not None
    assert verdict.subject._asdict() == {
        "aggregate": OURS,
        "events": 5,
        "first_recorded_at": NOON + timedelta(seconds=1),
        "last_recorded_at": NOON + timedelta(seconds=9),
        "checkpoint": Checkpoint(ORIGIN, 9, log.tree.root()),
        "against": None,
    }


def test_the_key_may_come_with_the_newline_of_its_file() -> None:
    assert verify_history(SmallLog(3).history().written(), VKEY + "\n").outcome == Outcome.INTACT


def test_a_changed_state_is_not_the_one_that_the_entry_fixes() -> None:
    file = with_event(SmallLog(9).history(), 2, state='{"parts":9}')

    assert first(file) == (Outcome.DIVERGENT, "state-commitment")


def test_bytes_cannot_move_from_nonce_to_state() -> None:
    history = SmallLog(9).history()
    event = history.events[2]
    file = with_event(history, 2, nonce=event.nonce[:15], state=chr(event.nonce[15]) + event.state)

    assert first(file) == (Outcome.UNREADABLE, "history-format")


def test_an_entry_rewritten_with_its_state_is_not_in_the_log() -> None:
    file = with_entry(SmallLog(9).history(), 4, lambda e: e._replace(event="service-order.closed"))

    assert first(file) == (Outcome.DIVERGENT, "inclusion")


def test_an_entry_of_another_form_is_refused() -> None:
    history = SmallLog(9).history()
    file = with_event(history, 2, entry=history.events[2].entry.replace(":", ": ", 1))

    assert first(file) == (Outcome.DIVERGENT, "entry-format")


def test_a_version_taken_out_leaves_a_gap() -> None:
    assert first(without(SmallLog(9).history(), 2)) == (Outcome.DIVERGENT, "version-gap")


def test_the_first_version_taken_out_leaves_a_gap() -> None:
    assert first(without(SmallLog(9).history(), 0)) == (Outcome.DIVERGENT, "version-gap")


def test_a_gap_closed_by_new_numbers_is_not_in_the_log() -> None:
    history = SmallLog(9).history()
    events = history.events[:3]
    shorter = replace(history, events=[events[0], events[2]])

    file = with_entry(shorter, 1, lambda entry: entry._replace(version=2))

    assert first(file) == (Outcome.DIVERGENT, "inclusion")


def test_the_last_versions_taken_out_are_not_missed_and_the_verdict_says_so() -> None:
    verdict = verify_history(without(SmallLog(9).history(), 3, 4), VKEY)

    assert verdict.outcome == Outcome.INTACT
    assert "que não haja versão depois da 3" in verdict.told("pt")
    assert "that no version follows 3" in verdict.told("en")


def test_a_version_twice_is_found() -> None:
    history = SmallLog(9).history()
    events = [*history.events[:3], *history.events[2:]]

    verdict = verify_history(replace(history, events=events).written(), VKEY)

    assert codes(verdict) == ["version-repeat", "position-order", "time-order"]


def test_an_event_of_another_order_is_found() -> None:
    log = SmallLog(9)
    history = log.history()
    events = [*history.events[:1], log.history(THEIRS).events[1], *history.events[2:]]

    verdict = verify_history(replace(history, events=events).written(), VKEY)

    assert "entry-place" in codes(verdict)


def rebuilt(history_of: SmallLog, place: int, entry: Entry) -> bytes:
    """Rewrite an entry where the operator himself builds the tree anew, and signs it."""
    history_of.events[place] = history_of.events[place]._replace(entry=entry)
    return history_of.history().written()


def test_an_entry_that_does_not_continue_the_one_before_is_found_in_a_signed_log() -> None:
    log = SmallLog(9)

    file = rebuilt(log, 4, log.events[4].entry._replace(previous=bytes(31) + b"1"))

    assert first(file) == (Outcome.DIVERGENT, "previous-leaf")


def test_a_clock_that_went_back_is_found_in_a_signed_log() -> None:
    log = SmallLog(9)

    file = rebuilt(log, 8, log.events[8].entry._replace(recorded_at=NOON))

    assert first(file) == (Outcome.DIVERGENT, "time-order")


def test_a_proof_of_another_position_is_found() -> None:
    log = SmallLog(9)
    file = with_event(log.history(), 1, proof=Proof(3, log.tree.inclusion(2, 9)).text())

    assert codes(verify_history(file, VKEY)) == ["index-position", "inclusion"]


def test_a_malformed_proof_is_found() -> None:
    file = with_event(SmallLog(9).history(), 1, proof="index 2\n")

    assert first(file) == (Outcome.DIVERGENT, "proof-format")


def test_a_checkpoint_of_another_size_does_not_hold_the_events() -> None:
    log = SmallLog(9)
    file = with_checkpoint(log.history(), log.checkpoint(8))

    assert first(file) == (Outcome.DIVERGENT, "inclusion")


def test_a_log_rebuilt_under_another_key_of_the_same_name_is_refused() -> None:
    log = SmallLog(9)
    forged = log.checkpoint(key=SigningKey(ORIGIN, bytes(32)))

    assert first(with_checkpoint(log.history(), forged)) == (Outcome.DIVERGENT, "log-signature")


def test_a_checkpoint_with_an_extension_is_refused_though_signed() -> None:
    log = SmallLog(9)
    text = Checkpoint(ORIGIN, 9, log.tree.root()).text() + b"more\n"

    file = with_checkpoint(log.history(), KEY.signed(text))

    assert first(file) == (Outcome.DIVERGENT, "checkpoint-format")


def test_a_checkpoint_of_another_log_is_refused_though_signed() -> None:
    log = SmallLog(9)
    text = Checkpoint("another/log", 9, log.tree.root()).text()

    file = with_checkpoint(log.history(), KEY.signed(text))

    assert first(file) == (Outcome.DIVERGENT, "origin-unknown")


def test_a_log_that_grew_from_the_kept_checkpoint_is_intact() -> None:
    log = SmallLog(9)

    verdict = verify_history(log.history(old=4).written(), VKEY, log.checkpoint(4))

    assert verdict.outcome == Outcome.INTACT
    assert "continuação do checkpoint de 4 registros" in verdict.told("pt")


def test_the_kept_checkpoint_may_be_that_of_the_file() -> None:
    log = SmallLog(9)

    assert verify_history(log.history().written(), VKEY, log.checkpoint()).outcome == Outcome.INTACT


def test_without_a_proof_of_growth_the_verdict_is_inconclusive_and_says_how_to_get_one() -> None:
    log = SmallLog(9)

    verdict = verify_history(log.history().written(), VKEY, log.checkpoint(4))

    assert (verdict.outcome, codes(verdict)) == (Outcome.INCONCLUSIVE, ["proof-missing"])
    assert "os-events export order ORDEM --against CHECKPOINT" in verdict.told("pt")
    assert "continuação do checkpoint" not in verdict.told("pt").partition("provado")[2]


def test_a_proof_of_growth_from_another_size_is_none() -> None:
    log = SmallLog(9)

    verdict = verify_history(log.history(old=4).written(), VKEY, log.checkpoint(5))

    assert (verdict.outcome, codes(verdict)) == (Outcome.INCONCLUSIVE, ["proof-missing"])


def test_a_file_older_than_the_kept_checkpoint_is_inconclusive() -> None:
    log = SmallLog(9)
    file = log.history().written()
    log.append(OURS, "{}")

    assert first(file, log.checkpoint()) == (Outcome.INCONCLUSIVE, "checkpoint-older")


def a_rewritten_log(size: int) -> SmallLog:
    log = SmallLog(0)
    log.append(OURS, '{"parts":"others"}')
    log.append(THEIRS, "{}")
    for _ in range(size - 2):
        log.append(OURS, "{}")
    return log


def test_a_rewritten_log_does_not_continue_the_kept_checkpoint() -> None:
    file = a_rewritten_log(9).history(old=4).written()

    assert verify_history(file, VKEY).outcome == Outcome.INTACT
    assert first(file, SmallLog(9).checkpoint(4)) == (Outcome.DIVERGENT, "consistency")


def test_two_logs_of_one_size_are_a_fork() -> None:
    file = a_rewritten_log(9).history().written()

    assert first(file, SmallLog(9).checkpoint()) == (Outcome.DIVERGENT, "consistency")


def test_a_contradiction_outweighs_what_is_absent() -> None:
    log = SmallLog(9)
    file = with_event(log.history(), 2, state="{}")

    verdict = verify_history(file, VKEY, log.checkpoint(4))

    assert codes(verdict) == ["state-commitment", "proof-missing"]
    assert verdict.outcome == Outcome.DIVERGENT


def test_a_kept_checkpoint_that_is_none_is_an_input_that_cannot_be_used() -> None:
    file = SmallLog(9).history().written()
    foreign = SmallLog(9).checkpoint(key=SigningKey(ORIGIN, bytes(32)))

    assert first(file, b"") == first(file, foreign) == (Outcome.UNREADABLE, "against-format")


def test_a_key_that_is_none_is_an_input_that_cannot_be_used() -> None:
    verdict = verify_history(SmallLog(9).history().written(), ORIGIN)

    assert (verdict.outcome, codes(verdict)) == (Outcome.UNREADABLE, ["key-format"])


FILE = SmallLog(3).history().written()
LINES = FILE.splitlines(keepends=True)
UNREADABLE = {
    "empty": b"",
    "no JSON": b"order 17\n",
    "a list": b"[]\n",
    "another format": FILE.replace(b"history/v1", b"history/v2"),
    "no events": b"".join([*LINES[:4], *LINES[-1:]]),
    "truncated": FILE[:-2],
    "reformatted": json.dumps(json.loads(FILE), indent=2).encode(),
    "a key twice": FILE.replace(b'"consistency":null,', b'"consistency":null,"consistency":null,'),
    "a key too many": FILE.replace(b'"consistency":null,', b'"consistency":null,"note":"",'),
    "a byte order mark": b"\xef\xbb\xbf" + FILE,
    "UTF-16": FILE.decode().encode("utf-16"),
    "Latin-1": FILE.replace("ã".encode(), "ã".encode("latin-1")),
    "a lone surrogate": FILE.replace("conexão".encode(), b"\\ud800"),
    "an escape for a letter": FILE.replace("conexão".encode(), b"conex\\u00e3o"),
    "an entry that is a number": FILE.replace(b'"entry":"', b'"entry":1,"was":"', 1),
    "a nonce in upper case": FILE.replace(b"0000000001", b"000000000A"),
    "a nonce of 15 bytes": FILE.replace(b'"nonce":"00', b'"nonce":"'),
    "a number of many digits": b'{"format":' + b"9" * 100_000 + b"}",
    "deep lists": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 200_000,
    "true for a size": FILE.replace(b"null", b'{"size":true,"hashes":[]}'),
    "a float for a size": FILE.replace(b"null", b'{"size":1.0,"hashes":[]}'),
    "a number for a hash": FILE.replace(b"null", b'{"size":1,"hashes":[1]}'),
}


@pytest.mark.parametrize("file", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_history_file_is_one_clear_error(file: bytes) -> None:
    verdict = verify_history(file, VKEY)

    assert (verdict.outcome, codes(verdict)) == (Outcome.UNREADABLE, ["history-format"])
    assert len(verdict.told("pt").splitlines()) == 2


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    large = verify_history(b" " * ((16 << 20) + 1), VKEY)

    assert "more than 16777216 bytes" in large.told("pt")


def test_a_file_is_read_as_it_was_written() -> None:
    history = SmallLog(9).history(old=4)

    assert History.of(history.written()) == history


def test_a_proof_of_growth_that_was_spoiled_contradicts() -> None:
    log = SmallLog(9)
    growth = Growth(4, [bytes(32)])

    file = replace(log.history(), growth=growth).written()

    assert first(file, log.checkpoint(4)) == (Outcome.DIVERGENT, "consistency")


def test_many_findings_are_told_up_to_twenty() -> None:
    history = SmallLog(60).history()
    spoiled = [event._replace(state="{}") for event in history.events]

    told = verify_history(replace(history, events=spoiled).written(), VKEY).told("en")

    assert "- event 20 of the file: " in told
    assert told.endswith("- … +10")


def test_every_code_is_in_the_reference() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "history-file.md").read_text()

    assert [code for code in CODES if f"`{code}`" not in page] == []
