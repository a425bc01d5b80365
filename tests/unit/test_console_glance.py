"""An order at a glance, then and now."""

from os_events.console.formats import Speaker
from os_events.console.glance import differences, glance, waits_for
from os_events.console.moments import Clocks
from tests.support import NOON, SAO_PAULO, a_triage, an_order, ask, later
from tests.views import a_life, history

SPEAKER = Speaker("pt", NOON, SAO_PAULO)


def test_before_it_began_there_is_nothing_to_see() -> None:
    seen = glance(Clocks(as_of=later(-1)).view(history(an_order(NOON))))

    assert seen is None


def test_what_is_not_as_it_was_is_said_in_words() -> None:
    order = history(ask(an_order(NOON), a_triage(), later(1)))
    before, after = glance(Clocks(as_of=NOON).view(order)), glance(order)

    found = {one.name: (one.before, one.after) for one in differences(SPEAKER, before, after)}

    assert found["status"] == ("Aberta", "Na fila")
    assert "promise" not in found


def test_from_nothing_everything_that_there_is_differs() -> None:
    after = glance(history(a_life()))

    found = differences(SPEAKER, None, after)

    assert {one.before for one in found} == {""}
    assert "balance" in {one.name for one in found}


def test_nothing_differs_from_itself() -> None:
    seen = glance(history(a_life()))

    assert differences(SPEAKER, seen, seen) == []


def test_an_order_that_waits_says_for_whom() -> None:
    told = {
        waits_for(SPEAKER, row)
        for at in range(30)
        if (row := glance(Clocks(as_of=later(at)).view(history(a_life()))))
    }

    assert {"", "cliente", "peças"} <= told
