"""Data keys: one for each person, class and cohort; and the file that wraps them."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest

from os_events.errors import TamperedError
from os_events.eventlog.kek import Kek, KekMissingError, WrongKekError, open_kek, write_kek
from os_events.eventlog.keys import KeyRing, Scope
from tests.logs import SOON


def a_scope() -> Scope:
    return Scope(uuid4(), "order_evidence", "2026")


def key_id(ring: KeyRing, scope: Scope) -> UUID:
    return ring.fetch({scope})[scope].key_id


def test_two_processes_make_one_key(database_url: str) -> None:
    scope, together = a_scope(), Barrier(2)

    def make(ring: KeyRing) -> UUID:
        together.wait(SOON)
        return key_id(ring, scope)

    with (
        closing(KeyRing(database_url, Kek(bytes(32)))) as one,
        closing(KeyRing(database_url, Kek(bytes(32)))) as other,
        ThreadPoolExecutor(2) as threads,
    ):
        made = list(threads.map(make, (one, other)))

    assert made[0] == made[1]


def test_a_scope_of_another_person_class_or_cohort_has_another_key(keys: KeyRing) -> None:
    scope = a_scope()
    others = {
        scope,
        scope._replace(subject=uuid4()),
        scope._replace(retention="contact"),
        scope._replace(cohort="2027"),
    }

    made = keys.fetch(others)

    assert len({key.key_id for key in made.values()}) == 4


def test_a_key_is_asked_for_again_after_a_minute(database_url: str) -> None:
    now = [0.0]
    scope = a_scope()
    with closing(KeyRing(database_url, Kek(bytes(32)), clock=lambda: now[0])) as ring:
        first = key_id(ring, scope)
        now[0] = 59.0
        remembered = ring.at_hand({scope})
        now[0] = 61.0

        assert remembered is not None
        assert remembered[scope].key_id == first
        assert ring.at_hand({scope}) is None
        assert key_id(ring, scope) == first


def test_a_key_that_was_destroyed_is_let_go_after_a_minute(
    database_url: str, admin_url: str
) -> None:
    now = [0.0]
    scope = a_scope()
    with closing(KeyRing(database_url, Kek(bytes(32)), clock=lambda: now[0])) as ring:
        made = key_id(ring, scope)
        assert made in ring.by_id([made])
        with psycopg.connect(admin_url) as eraser:
            eraser.execute("DELETE FROM keys.data_keys")

        now[0] = 61.0

        assert ring.by_id([made]) == {}


def test_no_more_keys_are_remembered_than_fit(
    keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST", 2)
    first = {a_scope() for _ in range(3)}
    keys.fetch(first)

    keys.fetch({a_scope()})

    assert keys.at_hand(first) is None


def test_a_wrapped_key_moved_to_another_person_does_not_open(keys: KeyRing, admin_url: str) -> None:
    mine, yours = a_scope(), a_scope()
    keys.fetch({mine, yours})
    keys.forget()
    with psycopg.connect(admin_url) as superuser:
        superuser.execute(
            """UPDATE keys.data_keys SET wrapped = (SELECT wrapped FROM keys.data_keys
            WHERE subject = %s) WHERE subject = %s""",
            (yours.subject, mine.subject),
        )

    with pytest.raises(TamperedError):
        keys.fetch({mine})


def test_the_kek_is_made_at_the_first_start_and_only_its_owner_reads_it(
    directory: Path, database_url: str
) -> None:
    path = directory / "keys" / "kek"

    first, again = (open_kek(path, database_url) for _ in range(2))

    assert first.id == again.id
    assert path.stat().st_mode & 0o777 == 0o400
    assert [file.name for file in path.parent.iterdir()] == ["kek"]


def test_no_second_kek_is_made_where_data_keys_exist(directory: Path, database_url: str) -> None:
    path = directory / "kek"
    with closing(KeyRing(database_url, open_kek(path, database_url))) as ring:
        ring.fetch({a_scope()})
    path.unlink()

    with pytest.raises(KekMissingError, match=str(path)):
        open_kek(path, database_url)
    assert not path.exists()


def test_another_kek_than_the_one_in_use_is_refused(directory: Path, database_url: str) -> None:
    with closing(KeyRing(database_url, Kek(bytes(32)))) as ring:
        ring.fetch({a_scope()})
    path = directory / "kek"
    write_kek(path, b"x" * 32)

    with pytest.raises(WrongKekError, match=str(path)):
        open_kek(path, database_url)


def test_a_kek_of_another_length_is_refused(directory: Path, database_url: str) -> None:
    path = directory / "kek"
    path.write_bytes(b"short")

    with pytest.raises(WrongKekError, match="32 bytes"):
        open_kek(path, database_url)


def test_whoever_comes_second_keeps_the_first_kek(directory: Path) -> None:
    path = directory / "kek"

    write_kek(path, b"a" * 32)
    write_kek(path, b"b" * 32)

    assert path.read_bytes() == b"a" * 32
