"""XES: a trace an order, an event a fact."""

from uuid import UUID

from os_events.exports import xes
from tests.exports import XES, as_xes, attributes, misfits_xes
from tests.golden.lives import a_refused_quote, a_repaired_telephone
from tests.support import a_phone, a_triage, an_act, an_opening, an_order, ask, later
from tests.views import a_life, history

SMALL = """\
<trace>
<string key="concept:name" value="OS-2026-000001"/>
<id key="identity:id" value="00000000-0000-0000-0000-00000000002a"/>
<boolean key="imported" value="false"/>
<string key="unit_id" value="00000000-0000-0000-0000-000000000002"/>
<string key="profile" value="bench"/>
<string key="route" value="bench"/>
<string key="type" value="repair"/>
<string key="basis" value="out_of_warranty"/>
<string key="priority" value="normal"/>
<event>
<string key="concept:name" value="service-order.opened"/>
<date key="time:timestamp" value="2026-03-02T15:00:00.000000Z"/>
<string key="lifecycle:transition" value="complete"/>
<id key="identity:id" value="da07e2fc-94ed-5860-8e7e-a87849508294"/>
<date key="recorded_at" value="2026-03-11T15:00:01.000000Z"/>
<int key="position" value="1"/>
<int key="version" value="1"/>
<string key="org:resource" value="00000000-0000-0000-0000-000000000009"/>
<string key="org:role" value="manager"/>
<string key="channel" value="counter"/>
<boolean key="offline" value="false"/>
<string key="status" value="open"/>
<string key="profile" value="bench"/>
<string key="route" value="bench"/>
<string key="type" value="repair"/>
<string key="basis" value="out_of_warranty"/>
<string key="priority" value="normal"/>
<string key="contract_place" value="on_premises"/>
<string key="consumer_status" value="unknown"/>
<string key="regulatory_profile" value="repair_shop"/>
<boolean key="quality_test_required" value="false"/>
</event>
<event>
<string key="concept:name" value="service-order.triaged"/>
<date key="time:timestamp" value="2026-03-02T16:00:00.000000Z"/>
<string key="lifecycle:transition" value="complete"/>
<id key="identity:id" value="92be5638-7eb7-57ae-97bb-8003f389f637"/>
<date key="recorded_at" value="2026-03-11T15:00:02.000000Z"/>
<int key="position" value="2"/>
<int key="version" value="2"/>
<string key="org:resource" value="00000000-0000-0000-0000-000000000009"/>
<string key="org:role" value="manager"/>
<string key="channel" value="counter"/>
<boolean key="offline" value="false"/>
<string key="status" value="queued"/>
<string key="type" value="repair"/>
<string key="priority" value="normal"/>
<string key="route" value="bench"/>
<boolean key="remote_attempted" value="false"/>
</event>
</trace>
"""


def test_a_small_order_is_written_to_the_byte() -> None:
    order = an_opening(asset=None).begin(an_act(id=UUID(int=42)), "OS-2026-000001")
    ask(order, a_triage(), later(1))

    written = "".join(xes.trace(history(order)))

    assert written == SMALL


def test_what_is_written_is_as_the_standard_has_it() -> None:
    lives = [history(a_repaired_telephone()), history(a_refused_quote()), history(a_life())]

    found = as_xes(*lives)

    assert list(misfits_xes(found)) == []
    assert len(found.findall(f"{XES}trace")) == 3


def test_the_file_says_what_it_was_made_of() -> None:
    found = attributes(as_xes())

    assert (found["concept:name"], found["log_position"]) == ("log.example", "2")
    assert found["log_root"] == "A" * 43 + "="


def test_a_late_fact_stands_where_it_happened() -> None:
    order = ask(ask(an_order(), a_triage(), later(2)), a_triage(), later(1))

    found = as_xes(history(order))

    told = [attributes(one) for one in found.iter(f"{XES}event")]
    assert [one["position"] for one in told] == ["1", "3", "2"]
    assert [one["time:timestamp"][11:13] for one in told] == ["15", "16", "17"]


def test_facts_of_one_instant_stand_in_order_of_position() -> None:
    order = ask(ask(an_order(), a_triage(), later(1)), a_triage(), later(1))

    found = as_xes(history(order))

    told = [attributes(one)["position"] for one in found.iter(f"{XES}event")]
    assert told == ["1", "2", "3"]


def test_an_event_says_how_the_order_stood_after_it() -> None:
    found = as_xes(history(a_life()))

    told = [attributes(one) for one in found.iter(f"{XES}event")]
    stood = {one["concept:name"].partition(".")[2]: one["status"] for one in told}
    assert stood["opened"] == "open"
    assert stood["quote-delivered"] == "awaiting_approval"
    assert stood["work-started"] == "in_progress"
    assert stood["closed"] == "closed"


def test_signs_that_xml_uses_are_escaped() -> None:
    phone = a_phone(brand='A<b & "c"', model="d'e>")

    found = as_xes(history(an_order(asset=phone)))

    [trace] = found.iter(f"{XES}trace")
    assert attributes(trace)["asset_model"] == """A<b & "c" d'e>"""
