"""What an answer says, in words: codes in both languages, amounts in one."""

from decimal import Decimal
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
from os_events.kpis.figure import Figure, Unit, Words
from os_events.kpis.question import Dimension
from os_events.values.acts import Channel
from os_events.values.scalars import Code
from os_events.values.words import NOTHING, Language, money

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


def amount_said(unit: Unit, amount: Decimal | int | None, language: Language) -> str:
    """Say a value, a sum or a percentile; a dash where there is none."""
    if amount is None:
        return NOTHING
    if unit is Unit.DURATION:
        return exactly(int(amount))
    if unit is Unit.MONEY:
        return money(int(amount), language)
    told = f"{amount}" if language == "en" else f"{amount}".replace(".", ",")
    return f"{told} %" if unit is Unit.RATE and isinstance(amount, Decimal) else told


def exactly(seconds: int) -> str:
    """Say a length of time in hours, minutes and seconds."""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}:{rest:02}"
