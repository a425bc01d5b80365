"""A log that lost what was signed goes on under another name, and only when somebody says so."""

from pathlib import Path
from random import Random

import pytest

from os_events import failpoints
from os_events.aggregates.log import Log
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.new_epoch import NothingLostError, TooLittleLeftError
from os_events.errors import TamperedError
from os_events.eventlog.database import LEDGER
from os_events.eventlog.rows import rows_at
from os_events.failpoints import Failpoints
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.names import names
from os_events.ledger.note import VerifierKey
from os_events.ledger.signing import NEXT, signing_key, successor
from os_events.ledger.verdict import Outcome
from os_events.ledger.verify import verify_history
from tests.publishing import tamper
from tests.restores import Drilled, House, drill


@pytest.fixture
def house(installation: Installation) -> House:
    """A log of five events, signed; then of eight, signed as well."""
    assert installation.admin
    house = House(installation.settings, installation.admin)
    house.grow(3)
    house.grow(3)
    return house


def old_key(house: House) -> VerifierKey:
    return VerifierKey.of((house.settings.ledger / "log.vkey").read_text().strip())


def test_a_log_that_lost_nothing_has_no_new_epoch(house: House) -> None:
    with pytest.raises(NothingLostError, match="whole"):
        house.new_epoch()


def test_a_log_whose_rows_differ_has_no_new_epoch(house: House) -> None:
    tamper(house.admin.log, "UPDATE log.events SET leaf = sha256(leaf) WHERE position = 8")

    with pytest.raises(NothingLostError, match="log-differs-from-signed"):
        house.new_epoch()


def test_a_log_without_its_beginning_has_no_new_epoch(house: House) -> None:
    house.go_back(1)

    with pytest.raises(TooLittleLeftError):
        house.new_epoch()


def test_a_log_that_lost_its_end_is_refused_until_a_new_epoch_and_then_goes_on(
    house: House,
) -> None:
    house.go_back(5)
    refused = house.refusal()

    vkey = house.new_epoch()
    house.grow(2)

    assert refused == "log-shorter-than-signed"
    assert house.refusal() is None
    assert house.audit().position == 8
    assert vkey == old_key(house).vkey


def test_the_log_tells_what_was_lost_and_who_said_so(house: House) -> None:
    former = old_key(house)
    house.go_back(5)

    vkey = house.new_epoch()

    with house.started() as found:
        first = rows_at(found.fit.log, LEDGER, [1])[1]
        told = list(found.log.read(5, 6))
        log = found.log.load(Log, first.aggregate_id)
        manager = found.manager.actor
    restored = told[0]
    assert (log.origin, log.keys) == (VerifierKey.of(vkey).name, (vkey,))
    assert (restored.TOPIC, restored.position, restored.actor) == ("log.restored", 6, manager)
    assert (restored.loss.former_origin, restored.loss.former_keys) == (former.name, (former.vkey,))  # type: ignore[attr-defined] # it is that event
    assert (restored.loss.restored_size, restored.loss.signed_size) == (5, 8)  # type: ignore[attr-defined] # as above


def test_the_former_key_is_refused_once_the_log_has_another_name(house: House) -> None:
    keys = house.settings.ledger / "keys"
    house.go_back(5)
    house.new_epoch()
    (former,) = keys.glob("former-*")

    (keys / "log.skey").unlink()
    former.rename(keys / "log.skey")

    with house.started() as found, pytest.raises(Exception, match="is the key of"):
        found.refusal()


def test_what_was_signed_before_stays_and_verifies_with_the_former_key(house: House) -> None:
    former = old_key(house)
    before = (house.settings.ledger / "log" / "checkpoint").read_bytes()
    house.go_back(5)

    house.new_epoch()
    house.grow(1)

    frozen = house.settings.ledger / "former" / former.key_id.hex()
    assert (frozen / "log" / "checkpoint").read_bytes() == before
    assert Checkpoint.opened(before, VerifierKey.of((frozen / "log.vkey").read_text().strip()))
    assert Checkpoint.opened(before, former).size == 8


def test_a_history_verifies_with_the_new_key_and_not_with_the_former(house: House) -> None:
    former = old_key(house)
    house.go_back(5)
    vkey = house.new_epoch()
    (order,) = house.grow(1)

    with house.started() as found:
        file = found.history_file(order)

    assert verify_history(file, vkey).outcome == Outcome.INTACT
    assert verify_history(file, former.vkey).outcome == Outcome.DIVERGENT


@pytest.mark.parametrize("death", ["epoch.recorded", "epoch.frozen", "epoch.swapped"])
def test_a_death_in_between_is_made_good_by_the_next_try(
    house: House, monkeypatch: pytest.MonkeyPatch, death: str
) -> None:
    house.go_back(5)
    armed = house._replace(settings=house.settings.model_copy(update={"development": True}))
    with monkeypatch.context() as patched:
        patched.setattr(failpoints, "_armed", Failpoints(f"{death}=raise"))
        with pytest.raises(RuntimeError, match="failpoint"):
            armed.new_epoch()

    house.new_epoch()
    house.grow(1)

    assert house.refusal() is None
    assert house.audit().position == 7


def test_a_key_that_was_made_and_never_used_changes_nothing(house: House) -> None:
    successor(house.settings.ledger)

    house.grow(1)

    assert house.refusal() is None
    assert (house.settings.ledger / NEXT).exists()


def test_what_is_left_is_not_signed_if_it_is_not_what_was_signed(house: House) -> None:
    tamper(house.admin.log, "UPDATE log.events SET state = state || ' ' WHERE position = 3")
    house.go_back(5)

    with pytest.raises(TamperedError, match="position 3"):
        house.new_epoch()

    assert house.refusal() == "log-shorter-than-signed"


def test_a_second_loss_may_take_the_first_declaration_with_it(house: House) -> None:
    house.go_back(5)
    house.new_epoch()
    house.grow(4)
    house.go_back(5)
    refused = house.refusal()

    house.new_epoch()
    house.grow(1)

    assert refused == "log-shorter-than-signed"
    assert house.refusal() is None
    assert house.audit().position == 7


def test_a_second_loss_may_leave_the_first_declaration(house: House) -> None:
    house.go_back(5)
    house.new_epoch()
    house.grow(4)
    house.go_back(7)

    house.new_epoch()

    with house.started() as found:
        known = names(found.fit.log, LEDGER)
    assert [(name.left, name.signed) for name in known] == [(5, 8), (7, 10), (None, None)]
    assert house.audit().position == 8


def test_more_than_the_log_says_was_signed_is_found(house: House) -> None:
    house.go_back(5)
    house.new_epoch()
    (frozen,) = (house.settings.ledger / "former").iterdir()
    (key,) = (house.settings.ledger / "keys").glob("former-*")
    sign_more(frozen, key)

    with pytest.raises(TamperedError, match="not what the log says was signed"):
        house.audit()


def sign_more(frozen: Path, key: Path) -> None:
    """Let a former key sign what it never did."""
    signing = signing_key(key)
    note = signing.signed(Checkpoint(signing.verifier.name, 9, bytes(32)).text())
    (frozen / "log" / "checkpoint").write_bytes(note)


def test_one_restore_after_the_other_is_refused_and_made_good(house: House) -> None:
    chance = Random(1)  # noqa: S311 - repeatable

    rounds = [drill(house, chance) for _ in range(4)]

    assert rounds == [Drilled("log-shorter-than-signed", None, audited=True)] * 4
