"""The history of an order in sentences, and travels in time."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from os_events.aggregates.history import OrderHistory
from os_events.commands.rights import Question
from os_events.console.formats import Speaker
from os_events.console.glance import Difference, differences, glance, waits_for
from os_events.console.moments import Clocks, Moment, moment
from os_events.console.orders import history_of, may_read_file, order_in, speaker_about
from os_events.console.reader import Reader, SignedIn, show
from os_events.projections.order_history import FactRow, Teller

router = APIRouter()


class Travel(BaseModel):
    """When somebody looks, and between which instants they compare, as their forms say it."""

    as_of: Moment = ""
    known_at: Moment = ""
    clock: Literal["occurred", "recorded"] = "occurred"
    since: Moment = ""
    until: Moment = ""

    def clocks(self, zone: str) -> Clocks:
        """Read when they look."""
        return Clocks(moment(self.as_of, zone), moment(self.known_at, zone))

    def ends(self, zone: str) -> tuple[Clocks, Clocks]:
        """Read what they compare."""
        since, until = moment(self.since, zone), moment(self.until, zone)
        if self.clock == "recorded":
            return Clocks(known_at=since), Clocks(known_at=until)
        return Clocks(as_of=since), Clocks(as_of=until)


class Changes(NamedTuple):
    """What changed from one instant to another: what one sees, and the facts behind it."""

    seen: list[Difference]
    days: list[tuple[str, list[FactRow]]]


@router.get("/os/{order_id:uuid}/historico")
def show_history(order_id: UUID, reader: SignedIn, travel: Annotated[Travel, Query()]) -> Response:
    """Tell what is on record about an order, as of any instant on either clock."""
    position = reader.parts.log.head()
    history = history_of(reader, Question.HISTORY, order_id)
    order, speaker = order_in(history), speaker_about(reader, history)
    clocks = travel.clocks(order.place_zone)
    then = clocks.view(history)
    return show(
        reader,
        "history.html",
        speaker,
        position=position,
        order=order,
        seen=glance(then),
        waits_for=lambda row: waits_for(speaker, row),
        may_file=may_read_file(reader, order),
        clocks=clocks,
        told_when=clocks.told(speaker),
        days=by_day(speaker, teller(reader, speaker).facts(then)),
        count=len(then.events),
        positions={event.event_id: event.position for _, event in history.events},
        travel=travel,
        ends=travel.ends(order.place_zone),
        changes=changes(reader, speaker, history, travel) if travel.since else None,
    )


def teller(reader: Reader, speaker: Speaker) -> Teller:
    """Say who tells, and what counts as late in this house."""
    late_after = timedelta(minutes=reader.parts.company.policies.late_entry_minutes)
    return Teller(speaker.listener, late_after)


def changes(reader: Reader, speaker: Speaker, history: OrderHistory, travel: Travel) -> Changes:
    """Compare two views of a history."""
    before, after = (one.view(history) for one in travel.ends(speaker.zone))
    facts = teller(reader, speaker).told_since(before, after)
    return Changes(differences(speaker, glance(before), glance(after)), by_day(speaker, facts))


def by_day(speaker: Speaker, facts: Iterable[FactRow]) -> list[tuple[str, list[FactRow]]]:
    """Put the facts of each day together."""
    days = groupby(facts, key=lambda fact: speaker.day(fact.happened_at))
    return [(day, list(told)) for day, told in days]
