"""One order for a page: its whole history, if the reader may see it, and how to speak of it."""

from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.commands.rights import Question, check_right, may
from os_events.console.formats import Speaker
from os_events.console.reader import Reader
from os_events.errors import NotFoundError
from os_events.projections.names import people_in


def history_of(reader: Reader, question: Question, order_id: UUID) -> OrderHistory:
    """Read an order's history. Raises NotFoundError, ForbiddenError, UnavailableError."""
    principal = reader.signed_in.principal
    check_right(principal, question)
    history = reader.parts.histories.of(OrderHistory, order_id, opened=True)
    check_right(principal, question, order_in(history).unit_id)
    return history


def order_in(history: OrderHistory) -> ServiceOrder:
    """Give the order as a history leaves it. Raises NotFoundError if it has not begun."""
    if history.course.order is None:
        raise NotFoundError("no such order")
    return history.course.order


def speaker_about(reader: Reader, history: OrderHistory) -> Speaker:
    """Say how to speak of an order: by the clock of its place, and of people by name."""
    people = people_in(*(event for _, event in history.events))
    return reader.speaker(reader.parts.clock(), order_in(history).place_zone, people)


def may_read_file(reader: Reader, order: ServiceOrder) -> bool:
    """Say whether the reader may take the verifiable file of an order."""
    return may(reader.signed_in.principal, Question.HISTORY_FILE, order.unit_id)
