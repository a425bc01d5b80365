"""How an order ends, and begins again."""

from typing import Annotated, Self

from os_events.aggregates.service_order import closing, codes, reopening
from os_events.messaging.public.fields import Act, Centavos, Codes, HouseCode, LineId
from os_events.messaging.public.shape import Shape, Shapes


class Closed(Shape):
    """Nothing more is expected of anybody."""

    closing_no: int
    outcome: Annotated[str, Codes(codes.ClosingOutcome)]
    cause_code: HouseCode | None = None
    lines_done: int
    lines_not_done: int
    total_centavos: Centavos

    @classmethod
    def of(cls, event: closing.Closed) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            closing_no=event.closing_no,
            outcome=event.outcome,
            cause_code=event.cause_code,
            lines_done=event.summary.lines_done,
            lines_not_done=event.summary.lines_not_done,
            total_centavos=event.summary.total,
        )


class Cancelled(Shape):
    """The order is given up."""

    by: Annotated[str, Codes(closing.CancelledBy)] | None = None
    cause_code: HouseCode | None = None

    @classmethod
    def of(cls, event: closing.Cancelled) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            by=event.by,
            cause_code=event.cause_code,
        )


class Reopened(Shape):
    """What seemed done goes on. Earlier completions, settlements and closings stay on record."""

    reopening_no: int
    cause: Annotated[str, Codes(reopening.ReopeningCause)]
    lines: tuple[LineId, ...]

    @classmethod
    def of(cls, event: reopening.Reopened) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            reopening_no=event.reopening_no,
            cause=event.cause,
            lines=event.lines,
        )


SHAPES: Shapes = {
    closing.Closed: Closed,
    closing.Cancelled: Cancelled,
    reopening.Reopened: Reopened,
}
