"""Who asks, and how what they claim becomes an act."""

from typing import Any
from uuid import uuid4

import pytest

from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.work import StartWork
from os_events.commands.caller import (
    Caller,
    ReservedChannelError,
    StaleVersionError,
    request_key,
    trace_of,
)
from os_events.errors import ForbiddenError
from os_events.eventlog.submission import RequestKey
from os_events.values.acts import Actor, Channel, Role
from os_events.values.principal import Principal
from tests.support import NOON, OTHER_SYSTEM, UNIT, a_company, an_order, later

ANA = Principal(Actor(id=str(uuid4()), role=Role.MANAGER))
DESK = Principal(Actor(id="integration:old-desk", role=Role.INTEGRATION))
START = StartWork(lines=("screen",), technician_id=uuid4())


def a_caller(principal: Principal = ANA, **fields: Any) -> Caller:
    given: dict[str, Any] = {
        "principal": principal,
        "request": RequestKey.new(),
        "asked_at": NOON,
        "new_id": uuid4(),
        "company": a_company(),
    }
    return Caller(**given | fields)


def test_an_act_is_by_the_caller_now_and_over_the_api() -> None:
    act = a_caller().act(START)

    assert (act.actor, act.channel, act.occurred_at) == (ANA.actor, Channel.API, NOON)
    assert act.rule_ids == StartWork.RULES


def test_a_claim_is_believed_where_anybody_may_make_it() -> None:
    note = AddNote(text="Ligou.", channel=Channel.PHONE, occurred_at=later(-1))

    act = a_caller().act(note)

    assert (act.channel, act.occurred_at, act.asked_at) == (Channel.PHONE, later(-1), NOON)


def test_an_import_says_so_may_tell_everything_and_was_decided_under_no_rule() -> None:
    act = a_caller(DESK, channel=Channel.IMPORT).act(
        START.model_copy(update={"source": OTHER_SYSTEM})
    )

    assert (act.imported, act.rule_ids) == (True, ())


@pytest.mark.parametrize(
    ("own", "claims"),
    [
        (Channel.API, {"channel": Channel.IMPORT, "source": OTHER_SYSTEM}),
        (Channel.API, {"channel": Channel.SYSTEM}),
        (Channel.API, {"source": OTHER_SYSTEM}),
        (Channel.IMPORT, {}),
        (Channel.IMPORT, {"channel": Channel.PHONE, "source": OTHER_SYSTEM}),
        (Channel.SYSTEM, {"channel": Channel.IMPORT, "source": OTHER_SYSTEM}),
    ],
)
def test_what_is_reserved_is_not_claimed(own: Channel, claims: dict[str, Any]) -> None:
    with pytest.raises(ReservedChannelError):
        a_caller(channel=own).act(START.model_copy(update=claims))


def test_an_integration_that_imports_nothing_has_the_rights_of_its_line() -> None:
    with pytest.raises(ForbiddenError):
        a_caller(DESK).act(START)


def test_a_role_reaches_its_units_and_an_import_all() -> None:
    local = Principal(ANA.actor, frozenset({uuid4()}))

    a_caller(local, channel=Channel.IMPORT).check_reach(START, UNIT)
    with pytest.raises(ForbiddenError):
        a_caller(local).check_reach(START, UNIT)


def test_a_role_holds_in_one_unit_at_least() -> None:
    with pytest.raises(ValueError, match="one unit"):
        Principal(ANA.actor, frozenset())


@pytest.mark.parametrize("version", [0, 2, 99])
def test_another_version_than_the_one_that_was_seen_is_stale(version: int) -> None:
    with pytest.raises(StaleVersionError):
        a_caller(expected_version=version).check_version(an_order())


@pytest.mark.parametrize("version", [None, 1])
def test_the_version_that_was_seen_is_not_stale(version: int | None) -> None:
    caller = a_caller(expected_version=version)

    assert caller.check_version(an_order()) is None  # type: ignore[func-returns-value]  # it raises, or not


def test_what_is_new_has_no_version() -> None:
    a_caller().check_new()
    with pytest.raises(StaleVersionError):
        a_caller(expected_version=1).check_new()


def test_a_word_is_another_key_for_another_caller_and_the_same_for_the_same() -> None:
    keys = [request_key(who, "1", b"said").key for who in (ANA, ANA, DESK)]

    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (trace := f"00-{'a' * 32}-{'b' * 16}-01", trace),
        (trace.upper(), None),
        (f"{trace}-more", None),
        ("", None),
        (None, None),
    ],
)
def test_a_trace_context_is_kept_if_it_is_one(told: str | None, kept: str | None) -> None:
    assert trace_of(told) == kept
