"""All that one order is, now or at another instant; and its verifiable file."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from os_events.aggregates.history import OrderHistory
from os_events.commands.rights import Question, check_right, may
from os_events.console.formats import Speaker
from os_events.console.glance import glance, waits_for
from os_events.console.moments import Clocks, Moment, moment
from os_events.console.orders import history_of, may_read_file, order_in, speaker_about
from os_events.console.reader import Reader, SignedIn, show
from os_events.console.words import texts
from os_events.errors import NotFoundError
from os_events.projections.order_board.row import BoardRow
from os_events.projections.order_board.wanted import Named, Sort, Typed, Wanted
from os_events.projections.order_view.document import Ends, OrderDocument, Work, document
from os_events.projections.order_view.record import Record
from os_events.values.days import Deadline

router = APIRouter()


class NotYetError(NotFoundError):
    """The order had not begun, or nobody knew of it. Choose a later instant."""

    slug = "not-yet"


@router.get("/os/{order_id:uuid}")
def show_order(
    order_id: UUID,
    reader: SignedIn,
    as_of: Annotated[Moment, Query()] = "",
    known_at: Annotated[Moment, Query()] = "",
) -> Response:
    """Show all that an order is, as of any instant on either clock."""
    position = reader.parts.log.head()
    history = history_of(reader, Question.ORDER, order_id)
    order, speaker = order_in(history), speaker_about(reader, history)
    clocks = Clocks(moment(as_of, order.place_zone), moment(known_at, order.place_zone))
    row, shown = at(clocks, history)
    return show(
        reader,
        "order.html",
        speaker,
        position=position,
        order=shown,
        done=done(shown.work),
        custody=in_order(reception=shown.care.receptions, handover=shown.care.handovers),
        ends=ends(shown.ends),
        services={line.line_id: line.description for line in shown.lines},
        unit=unit_name(reader, shown.request.unit_id),
        late=row.is_overdue(clocks.as_of or speaker.now),
        waits_for=waits_for(speaker, row),
        deadline=lambda one: deadline(speaker, one),
        clocks=clocks,
        told_when=clocks.told(speaker),
        may_history=may(reader.signed_in.principal, Question.HISTORY, order.unit_id),
        may_file=may_read_file(reader, order),
    )


@router.get("/os/{order_id:uuid}/prova")
def hand_out_file(order_id: UUID, reader: SignedIn) -> Response:
    """Give the history in a file that can be verified without us."""
    order = order_in(history_of(reader, Question.HISTORY_FILE, order_id))
    name = f'attachment; filename="{order.order_number}.json"'
    content = reader.parts.history_file(order_id)
    return Response(content, 200, {"Content-Disposition": name}, "application/json")


@router.get("/os/{number}")
def find_order(number: Typed, reader: SignedIn) -> Response:
    """Lead from an order's number to its page. Raises NotFoundError."""
    check_right(reader.signed_in.principal, Question.ORDER)
    wanted, now = Wanted(sort=Sort.LATEST), reader.parts.clock()
    found = reader.parts.board.page(wanted, now, Named(number)).orders
    for row in found:
        if row.order_number == number.upper():
            return RedirectResponse(f"/os/{row.order_id}")
    raise NotFoundError(f"no order {number}")


def at(clocks: Clocks, history: OrderHistory) -> tuple[BoardRow, OrderDocument]:
    """Give what an order was. Raises NotYetError."""
    then = clocks.view(history)
    row, shown = glance(then), document(then, personal=True)
    if row is None or shown is None:
        raise NotYetError
    return row, shown


def in_order(**kinds: Iterable[Record]) -> list[tuple[str, Record]]:
    """Put facts of several kinds in the order in which they happened, each with its kind."""
    found = [(kind, one) for kind, facts in kinds.items() for one in facts]
    return sorted(found, key=lambda told: (told[1].at, told[1].position))


def done(work: Work) -> list[tuple[str, Record]]:
    """Say what was done, and when it stood still."""
    return in_order(
        start=work.starts,
        activity=work.activities,
        hold=work.holds,
        checklist=work.checklists,
        completion=work.completions,
    )


def ends(told: Ends) -> list[tuple[str, Record]]:
    """Say when it ended, and when it went on."""
    return in_order(
        closing=told.closings, cancellation=told.cancellations, reopening=told.reopenings
    )


def unit_name(reader: Reader, unit_id: UUID) -> str:
    """Say how a unit is called."""
    names = {unit.id: unit.name for unit in reader.parts.company.units}
    return names.get(unit_id, str(unit_id))


def deadline(speaker: Speaker, one: Deadline) -> str:
    """Say what a deadline is for; by its code where nobody has said it in words yet."""
    key = f"deadline.{one.code.lower().replace('-', '_')}"
    return speaker.text(key) if key in texts() else one.code
