"""The embedded database goes over from PostgreSQL 16 to 18, and holds what it held."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from os_events.bootstrap.installation import Installation
from os_events.eventlog import upgrade
from os_events.eventlog.cluster import EmbeddedServerError
from os_events.eventlog.upgrade import NotTheSameError, Upgrade
from os_events.ledger.audit import Progress, audited
from tests.publishing import some_orders
from tests.upgrades import Held, copied, held, of_16, opened, upgraded


def audit(found: Installation) -> Progress:
    settings, key = found.settings, found.signer.verifier
    return list(audited(found.fit.log, settings.ledger, found.store, key))[-1]


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Path, Held]]:
    with of_16() as given:
        yield given


@pytest.fixture
def folder(made: tuple[Path, Held], directory: Path) -> Path:
    """The same, to be upgraded."""
    return copied(made[0], directory / "data")


def test_everything_is_there_as_it_was_and_the_program_goes_on(
    made: tuple[Path, Held], folder: Path
) -> None:
    done = Upgrade(folder, allow_root=True).run()

    with opened(folder) as found:
        after = held(found)
        some_orders(found.log, 3)
        found.publisher.step()
        checked = audit(found)
        with psycopg.connect(found.databases.superuser.log) as superuser:
            version = superuser.info.server_version // 10_000
    assert done
    assert (done.old, done.kept) == ("16", folder / "postgres.16")
    assert after == made[1]
    assert (version, checked.position) == (18, len(after.rows) + 3)


def test_a_try_changes_nothing(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())

    tried = Upgrade(folder, allow_root=True).run(only_try=True)

    assert tried
    assert tried.kept is None
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (folder / "postgres" / "PG_VERSION").read_text() == "16\n"


def test_killed_anywhere_it_is_done_again_and_then_there_is_nothing_to_do(
    made: tuple[Path, Held], folder: Path
) -> None:
    points = ("upgrade.copied", "upgrade.renamed")
    deaths = [upgraded(folder, f"{point}=kill") for point in points]
    with pytest.raises(EmbeddedServerError, match="interrupted"), opened(folder) as found:
        _ = found.databases

    endings = [upgraded(folder), upgraded(folder)]

    with opened(folder) as found:
        after = held(found)
    assert (deaths, endings) == ([-9, -9], [0, 0])
    assert after == made[1]


def test_what_is_not_the_same_is_not_switched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents, answers = upgrade.contents, iter([{}, {"os_events.log.events": (1, 1)}])
    monkeypatch.setattr(upgrade, "contents", lambda url: contents(url) | next(answers))

    with pytest.raises(NotTheSameError, match=r"log\.events"):
        Upgrade(folder, allow_root=True).run()

    assert (folder / "postgres" / "PG_VERSION").read_text() == "16\n"


def of_version(folder: Path, version: str) -> Path:
    """Make what looks like the files of a version."""
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text(f"{version}\n")
    return folder


def test_the_old_files_are_kept_while_they_are_the_present_ones(directory: Path) -> None:
    of_version(directory / "postgres", "16")

    with pytest.raises(EmbeddedServerError, match="not upgraded yet"):
        Upgrade(directory, allow_root=True).remove_old()


def test_the_old_files_are_removed_when_asked(directory: Path) -> None:
    present = of_version(directory / "postgres", "18")
    old = of_version(directory / "postgres.16", "16")

    removed = Upgrade(directory, allow_root=True).remove_old()

    assert removed == [old]
    assert (old.exists(), present.exists()) == (False, True)


def test_a_directory_in_use_is_left_alone(folder: Path) -> None:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(EmbeddedServerError, match="stop os-events"):
            Upgrade(folder, allow_root=True).run()
