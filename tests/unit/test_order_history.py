"""Facts as people read them."""

from datetime import timedelta
from uuid import UUID

from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.projections.order_history import FactRow, Teller
from os_events.values.acts import Actor, Channel, Device, Reason, Role, Source, SourceKind
from os_events.values.words import Listener
from tests.support import (
    ANA,
    CUSTOMER,
    NOON,
    SAO_PAULO,
    an_act,
    an_opening,
    an_order,
    ask,
    imported,
    later,
)
from tests.views import a_life, history

QUARTER = timedelta(minutes=15)
NAMES = {UUID(ANA.id): "Ana Lima", CUSTOMER: "João da Silva"}
TELLER = Teller(Listener("pt", SAO_PAULO, NAMES), late_after=QUARTER)
PLACED = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS)
BY_PAPER = Source(kind=SourceKind.PAPER, reference="ficha 17")


def told(order: ServiceOrder) -> list[FactRow]:
    return list(TELLER.facts(history(order)))


def held(**of_the_act: object) -> FactRow:
    reason = Reason(code="no-part", note="esperando a tela")
    order = ask(an_order(), PLACED, later(1), reason=reason, **of_the_act)
    return told(order)[-1]


def test_a_life_is_told_in_order_with_who_did_it() -> None:
    facts = told(a_life())

    assert facts[0].words.startswith("OS-2026-000001 aberta")
    assert {fact.who for fact in facts} == {"Ana Lima"}
    assert [fact.happened_at for fact in facts] == sorted(fact.happened_at for fact in facts)


def test_a_fact_has_both_clocks_its_reason_and_its_source() -> None:
    fact = held(channel=Channel.PAPER, source=BY_PAPER, device=Device(offline=True))

    assert (fact.occurred_at, fact.recorded_at) == (later(1), NOON + timedelta(days=9, seconds=2))
    assert (fact.reason, fact.reason_note) == ("no-part", "esperando a tela")
    assert (fact.channel, fact.source, fact.offline) == ("paper", "ficha 17", True)


def test_what_is_told_long_after_is_late() -> None:
    order = history(an_order())
    [(at, event)] = order.events
    then = event.model_copy(update={"recorded_at": at + QUARTER})
    after = event.model_copy(update={"recorded_at": at + QUARTER + timedelta(microseconds=1)})

    in_time, late = (type(order)(((at, one),)) for one in (then, after))

    assert [fact.late for one in (in_time, late) for fact in TELLER.facts(one)] == [False, True]


def test_a_part_is_called_by_its_name_also_when_a_fact_names_its_request_only() -> None:
    [arrived] = [fact.words for fact in told(a_life()) if "part-supply-updated" in fact.topic]

    assert arrived.startswith("Peça recebida: Tela")


def test_what_another_system_had_on_record_is_not_late() -> None:
    order = an_opening(channel="import").begin(an_act(**imported()), "INC0000045")

    [fact] = told(order)

    assert (fact.imported, fact.late, fact.source) == (True, False, "old-desk INC0000045")


def test_a_policy_is_called_by_its_own_name() -> None:
    fact = held(actor=Actor(id="policy:reminders", role=Role.POLICY))

    assert (fact.who, fact.role) == ("policy:reminders", "policy")


def test_whose_hand_it_was_is_told_beside_for_whom() -> None:
    fact = held(on_behalf_of=CUSTOMER)

    assert (fact.who, fact.on_behalf_of) == ("Ana Lima", "João da Silva")


def test_what_happened_before_the_beginning_is_told_with_it() -> None:
    order = ask(an_order(), PLACED, later(-1), reason=Reason(code="no-part"))

    fact = told(order)[-1]

    assert (fact.happened_at, fact.occurred_at) == (NOON, later(-1))


def test_what_was_told_since_is_what_was_not_known_before() -> None:
    whole = history(ask(an_order(), PLACED, later(1), reason=Reason(code="no-part")))
    before = whole.until(known_at=whole.events[0][1].recorded_at)

    since = [fact.topic for fact in TELLER.told_since(before, whole)]

    assert since == ["service-order.hold-placed"]
    assert list(TELLER.told_since(whole, whole)) == []
