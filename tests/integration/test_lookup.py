"""Finding people and orders by what only digests of are kept."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.person.changing import ChangePersonDetails
from os_events.eventlog.database import READER, Pool, open_pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.history_tables import grouped
from os_events.followers.read_model import ReadModelBehindError
from os_events.projections import lookup
from os_events.projections.lookup import Found, Lookup
from tests.support import a_phone, an_order, ask, later
from tests.views import DERIVATIONS, SECRET, a_person, deliver


@pytest.fixture
def followers(log: EventLog, pool: Pool) -> list[Follower]:
    return [Follower(log, pool, group) for group in grouped(log, DERIVATIONS)]


@pytest.fixture
def look(database_url: str) -> Iterator[Lookup]:
    with open_pool(database_url, READER, 2) as connections:
        yield Lookup(connections, SECRET, wait_seconds=0.05)


@pytest.fixture
def joao(log: EventLog, followers: list[Follower]) -> UUID:
    """Given: João da Silva, with phone and CPF, and Maria da Silva without."""
    person = a_person("João da Silva")
    log.record_now(person)
    log.record_now(a_person("Maria da Silva", phones=(), documents=()))
    deliver(*followers)
    return person.id


@pytest.mark.parametrize(
    "text",
    [
        "joão",
        "JOAO SILVA",
        "silva, joao",
        "(11) 98765-4321",
        "+5511987654321",
        "98765-4321",
        "8765 4321",
        "111.444.777-35",
        "11144477735",
    ],
)
def test_a_person_is_found_by(look: Lookup, joao: UUID, text: str) -> None:
    assert look.search(text).persons == (joao,)


@pytest.mark.usefixtures("joao")
@pytest.mark.parametrize("text", ["João Souza", "Jo", "silv", "98765", "", "-", "joao maria"])
def test_nobody_is_found_by(look: Lookup, text: str) -> None:
    assert look.search(text) == Found()


@pytest.mark.usefixtures("joao")
def test_a_common_name_finds_everybody_who_has_it(look: Lookup) -> None:
    assert len(look.search("da silva").persons) == 2


@pytest.mark.usefixtures("joao")
def test_where_not_all_are_shown_the_answer_says_so(
    look: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST_FOUND", 1)

    found = look.search("silva")

    assert (len(found.persons), found.more) == (1, True)


@pytest.mark.parametrize("text", ["zy22g8kxlm", "ZY22G8KXLM", "490154203237518", "001A2B3C4D5E"])
def test_an_order_is_found_by_its_device(
    log: EventLog, look: Lookup, followers: list[Follower], text: str
) -> None:
    numbers: dict[str, Any] = {
        "serial": "ZY22G8KXLM",
        "imeis": ("490154203237518",),
        "mac": "00:1a:2b:3c:4d:5e",
    }
    order = an_order(asset=a_phone(**numbers))
    log.record_now(order)
    log.record_now(an_order(asset=a_phone(serial="ZY22G8KXLN")))
    deliver(*followers)

    assert look.search(text).orders == (order.id,)


def test_a_new_name_takes_the_place_of_the_old_one(
    log: EventLog, look: Lookup, followers: list[Follower]
) -> None:
    person = a_person("João da Silva")
    log.record_now(person)
    deliver(*followers)
    log.record_now(ask(person, ChangePersonDetails(name="João Souza"), later(1)))

    deliver(*followers)

    assert look.search("silva") == Found()
    assert look.search("souza").persons == (person.id,)


@pytest.mark.usefixtures("joao")
def test_another_secret_finds_nobody(look: Lookup) -> None:
    assert Lookup(look.persons.pool, bytes(32)).search("joao") == Found()


@pytest.mark.usefixtures("joao")
def test_nothing_of_what_was_digested_is_in_the_tables(pool: Pool) -> None:
    query = "SELECT string_agg(t::text, ' ') FROM read.person_lookup_1 AS t"
    with pool.connection() as connection:
        [text] = connection.execute(query).fetchone() or [""]

    assert "joao" not in text
    assert "87654321" not in text
    assert "11144477735" not in text


def test_who_has_just_written_may_wait(
    log: EventLog, look: Lookup, followers: list[Follower]
) -> None:
    recorded = log.record_now(a_person())

    with pytest.raises(ReadModelBehindError):
        look.reach(recorded.position)
    deliver(*followers)
    look.reach(recorded.position)

    assert look.as_of().position == recorded.position
