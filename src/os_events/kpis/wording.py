"""What codes in an answer mean, in both languages."""

from itertools import chain

from os_events.aggregates.service_order.codes import (
    Basis,
    ClosingOutcome,
    OrderType,
    Priority,
    Profile,
    Route,
)
from os_events.aggregates.status import OrderStatus
from os_events.kpis.figure import Figure, Words
from os_events.kpis.question import Dimension
from os_events.values.acts import Channel
from os_events.values.scalars import Code

KINDS: dict[Dimension, tuple[type[Code], ...]] = {
    Dimension.PROFILE: (Profile,),
    Dimension.ROUTE: (Route,),
    Dimension.TYPE: (OrderType,),
    Dimension.BASIS: (Basis,),
    Dimension.PRIORITY: (Priority,),
    Dimension.CHANNEL: (Channel,),
    Dimension.OUTCOME: (ClosingOutcome, OrderStatus),
    Dimension.SERIES: (OrderStatus,),
}
COUNTS = Words("conta", "counts")


def words_of(code: Code) -> Words:
    """Say a code."""
    return Words(code.pt, code.en)


def part_said(figure: Figure, dimension: Dimension, code: str) -> Words:
    """Say a value of a dimension, or a part of the figure; what has no words, as it is."""
    if dimension is Dimension.SERIES and code in figure.parts:
        return figure.parts[code]
    known = chain.from_iterable(KINDS.get(dimension, ()))
    return next((words_of(one) for one in known if one.value == code), Words(code, code))


def reason_said(figure: Figure, state: str | None) -> Words:
    """Say why a case does not count; that it does, of None."""
    return COUNTS if state is None else figure.reasons.get(state, Words(state, state))
