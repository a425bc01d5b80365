from uuid import UUID

import pytest

from os_events.aggregates.service_order.checks import (
    DuplicateIdError,
)
from os_events.aggregates.service_order.notes import AddNote, NoteAdded
from tests.support import (
    an_order,
    ask,
    cancelled,
    new_kinds,
    news,
    past,
)

IMEI = "490154203237518"


def test_a_note_is_kept_as_typed() -> None:
    order = past(an_order())

    ask(order, AddNote(text="Cliente viaja dia 10.\nLigar antes."))

    [(kind, fields)] = news(order)
    assert kind is NoteAdded
    assert fields["text"] == "Cliente viaja dia 10.\nLigar antes."


def test_a_note_is_added_after_the_end_too() -> None:
    order = past(cancelled(an_order()))

    ask(order, AddNote(text="Cliente agradeceu."))

    assert new_kinds(order) == [NoteAdded]


def test_an_id_is_used_once_in_an_order() -> None:
    order = ask(an_order(), AddNote(note_id=UUID(int=50), text="Um."))

    with pytest.raises(DuplicateIdError):
        ask(order, AddNote(note_id=UUID(int=50), text="Dois."))
