"""Who is asking: keys and sessions are told from secrets that are stored nowhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from os_events.access.keys import KeyNotPossibleError, Keys, UnknownKeyError
from os_events.access.sessions import Sessions
from os_events.access.tokens import Pepper, UnauthenticatedError, id_of
from os_events.eventlog.database import ACCESS, Pool, connect, open_pool
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal
from tests.support import NOON, UNIT

PEPPER = Pepper(bytes(32))
WHO = "91ef253b-3f1f-42b6-ac13-0e21ec11adde"
EVA = Principal(Actor(id=WHO, role=Role.ATTENDANT), frozenset({UNIT}))
EVERYTHING = [b"TABLE access.keys", b"TABLE access.links", b"TABLE access.sessions"]
SHOP = Principal(Actor(id="integration:shop", role=Role.INTEGRATION))


class Clock:
    """A clock that stands still until a test moves it."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: int) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access_pool(database_url: str) -> Iterator[Pool]:
    with open_pool(database_url, ACCESS, 2) as connections:
        yield connections


@pytest.fixture
def api_keys(access_pool: Pool, clock: Clock) -> Keys:
    return Keys(access_pool, PEPPER, clock)


@pytest.fixture
def sessions(access_pool: Pool, clock: Clock) -> Sessions:
    return Sessions(access_pool, PEPPER, clock)


def elsewhere(access_pool: Pool, clock: Clock) -> Keys:
    """Given: another process, with nothing in its memory."""
    return Keys(access_pool, PEPPER, clock)


@pytest.mark.parametrize("holder", [EVA, SHOP])
def test_a_key_says_whose_it_is(
    api_keys: Keys, access_pool: Pool, clock: Clock, holder: Principal
) -> None:
    text = api_keys.new("counter", holder)

    assert elsewhere(access_pool, clock).check(text) == holder


def test_no_secret_is_stored(api_keys: Keys, sessions: Sessions, admin_url: str) -> None:
    text = api_keys.new("counter", EVA)
    link = sessions.new_link(id_of(text))
    token = sessions.sign_in(sessions.new_link(id_of(text)))

    with psycopg.connect(admin_url) as connection:
        tables = [str(connection.execute(query).fetchall()) for query in EVERYTHING]

    secret = text.split("_")[3]
    assert id_of(text) in tables[0]
    assert not [1 for stored in tables for told in (secret, link, token) if told in stored]


@pytest.mark.parametrize(
    "spoilt", ["", "{0}0", " {0}", "{0}\n", "{1}", "x{0}", "{0}é", "{2}"], ids=ascii
)
def test_what_is_not_a_key_is_told_without_looking(
    api_keys: Keys, access_pool: Pool, spoilt: str
) -> None:
    text = api_keys.new("counter", EVA)
    other_crc = f"{text[:-1]}{(int(text[-1], 16) + 1) % 16:x}"
    access_pool.close()

    with pytest.raises(UnauthenticatedError):
        api_keys.check(spoilt.format(text, text.upper(), other_crc))


def test_a_key_of_the_right_form_that_nobody_was_given_opens_nothing(
    api_keys: Keys, database_url: str, clock: Clock
) -> None:
    with open_pool(database_url, ACCESS, 1) as other_pool:
        other_installation = Keys(other_pool, Pepper(b"another" * 8), clock)
        text = other_installation.new("theirs", EVA)

        with pytest.raises(UnauthenticatedError):
            api_keys.check(text)


def test_a_check_is_believed_for_ten_seconds_and_no_longer(
    api_keys: Keys, access_pool: Pool, clock: Clock
) -> None:
    text = api_keys.new("counter", EVA)
    api_keys.check(text)
    elsewhere(access_pool, clock).revoke(id_of(text))

    clock.pass_by(seconds=9)
    before = api_keys.remembered(text)
    clock.pass_by(seconds=2)

    assert (before, api_keys.remembered(text)) == (EVA, None)
    with pytest.raises(UnauthenticatedError):
        api_keys.check(text)


def test_who_revokes_a_key_here_is_obeyed_at_once(api_keys: Keys) -> None:
    text = api_keys.new("counter", EVA)
    api_keys.check(text)

    api_keys.revoke(id_of(text))

    assert api_keys.remembered(text) is None
    with pytest.raises(UnauthenticatedError):
        api_keys.check(text)


def test_a_key_ends_by_itself(api_keys: Keys, clock: Clock) -> None:
    text = api_keys.new("counter", EVA, timedelta(days=30))

    clock.pass_by(days=30)

    with pytest.raises(UnauthenticatedError):
        api_keys.check(text)


def test_a_list_of_keys_tells_when_each_was_used_and_ended(api_keys: Keys, clock: Clock) -> None:
    used, idle = api_keys.new("counter", EVA), api_keys.new("shop", SHOP)
    clock.pass_by(minutes=1)
    api_keys.check(used)
    api_keys.revoke(id_of(idle))

    listed = {
        key.label: (key.principal, key.last_used_at, key.revoked_at) for key in api_keys.list()
    }

    assert listed == {"counter": (EVA, clock.now, None), "shop": (SHOP, None, clock.now)}


def test_only_a_key_that_is_there_can_be_revoked(api_keys: Keys) -> None:
    with pytest.raises(UnknownKeyError):
        api_keys.revoke("0" * 12)


@pytest.mark.parametrize(
    ("actor", "role", "days"),
    [
        ("ana", Role.MANAGER, 1),
        (WHO.upper(), Role.MANAGER, 1),
        (WHO, Role.INTEGRATION, 1),
        ("integration:shop", Role.MANAGER, 1),
        ("integration:Shop", Role.INTEGRATION, 1),
        ("policy:setup", Role.POLICY, 1),
        (WHO, Role.CUSTOMER, 1),
        (WHO, Role.MANAGER, 0),
        (WHO, Role.MANAGER, 367),
    ],
)
def test_a_key_belongs_to_a_person_or_an_integration_for_a_year_at_most(
    api_keys: Keys, actor: str, role: Role, days: int
) -> None:
    holder = Principal(Actor(id=actor, role=role))

    with pytest.raises(KeyNotPossibleError):
        api_keys.new("label", holder, timedelta(days=days))


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE access.keys SET role = 'manager'",
        "UPDATE access.keys SET digest = digest",
        "DELETE FROM access.keys",
        "TRUNCATE access.keys CASCADE",
    ],
)
def test_what_a_key_may_do_is_changed_by_nobody(database_url: str, attempt: str) -> None:
    with (
        connect(database_url, ACCESS) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attempt.encode())


def test_a_link_signs_in_once(api_keys: Keys, sessions: Sessions) -> None:
    link = sessions.new_link(id_of(api_keys.new("Eva", EVA)))

    session = sessions.check(sessions.sign_in(link))

    assert (session.label, session.principal) == ("Eva", EVA)
    with pytest.raises(UnauthenticatedError):
        sessions.sign_in(link)


def test_a_link_lasts_a_quarter_of_an_hour(
    api_keys: Keys, sessions: Sessions, clock: Clock
) -> None:
    link = sessions.new_link(id_of(api_keys.new("Eva", EVA)))

    clock.pass_by(minutes=15)

    with pytest.raises(UnauthenticatedError):
        sessions.sign_in(link)


def test_a_session_ends_after_half_an_idle_hour(
    api_keys: Keys, sessions: Sessions, clock: Clock
) -> None:
    token = sessions.sign_in(sessions.new_link(id_of(api_keys.new("Eva", EVA))))
    clock.pass_by(minutes=29)
    sessions.check(token)
    clock.pass_by(minutes=29)
    sessions.check(token)

    clock.pass_by(minutes=31)

    with pytest.raises(UnauthenticatedError):
        sessions.check(token)


def stay_busy(sessions: Sessions, token: str, clock: Clock, minutes: int) -> None:
    """Given: somebody who asks every 20 minutes."""
    for _ in range(minutes // 20):
        clock.pass_by(minutes=20)
        sessions.check(token)


def test_a_busy_session_ends_after_twelve_hours(
    api_keys: Keys, sessions: Sessions, clock: Clock
) -> None:
    token = sessions.sign_in(sessions.new_link(id_of(api_keys.new("Eva", EVA))))
    stay_busy(sessions, token, clock, minutes=700)

    clock.pass_by(minutes=20)

    with pytest.raises(UnauthenticatedError):
        sessions.check(token)


def test_who_signs_out_is_out(api_keys: Keys, sessions: Sessions) -> None:
    token = sessions.sign_in(sessions.new_link(id_of(api_keys.new("Eva", EVA))))

    sessions.end(token)

    with pytest.raises(UnauthenticatedError):
        sessions.check(token)


def test_the_sessions_of_a_key_end_with_it(api_keys: Keys, sessions: Sessions) -> None:
    key_id = id_of(api_keys.new("Eva", EVA))
    token, link = sessions.sign_in(sessions.new_link(key_id)), sessions.new_link(key_id)

    api_keys.revoke(key_id)

    with pytest.raises(UnauthenticatedError):
        sessions.check(token)
    with pytest.raises(UnauthenticatedError):
        sessions.sign_in(link)
    with pytest.raises(UnknownKeyError):
        sessions.new_link(key_id)


def test_each_session_has_a_token_of_its_own_for_forms(api_keys: Keys, sessions: Sessions) -> None:
    key_id = id_of(api_keys.new("Eva", EVA))
    one, other = (sessions.sign_in(sessions.new_link(key_id)) for _ in range(2))

    tokens = [sessions.check(token).csrf for token in (one, one, other)]

    assert tokens[0] == tokens[1] != tokens[2]
