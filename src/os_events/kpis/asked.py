"""What is asked of a figure, as a request or a command says it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from os_events.aggregates.service_order.codes import Basis, OrderType, Priority, Profile, Route
from os_events.errors import NotFoundError
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Grain, Period, Question, UnaskableError
from os_events.values.acts import Channel
from os_events.values.days import day_of
from os_events.values.scalars import Day, PlausibleInstant, Value

USUAL_MONTHS = 12
MOST_DAYS = 3660
MOST_PERIODS = 400
NOT_BY = {Dimension.STATE}  # each group tells it anyway
PARTS: dict[str, Grain | Dimension] = {
    one.value: one for one in (*Grain, *Dimension) if one not in NOT_BY
}


class UnknownFigureError(NotFoundError):
    """No figure is called so. See ``GET /kpis`` or ``os-events kpis`` for their names."""

    slug = "unknown-figure"


def part(name: Any) -> Grain | Dimension:
    """Find a grain or a dimension by its name. Raises ValueError."""
    if name not in PARTS:
        raise ValueError(f"not one of {', '.join(PARTS)}")
    return PARTS[name]


def known_by_id(told: Any) -> str:
    """Read an id; an empty one is that of none. Raises ValueError."""
    try:
        return str(UUID(told)) if told else ""
    except ValueError as error:
        raise ValueError("not an id") from error


def apart(names: Any) -> Any:
    """Take names apart that are told with commas between them."""
    return [one for name in names for one in str(name).split(",")]


Part = Annotated[
    Grain | Dimension,
    PlainValidator(part),
    WithJsonSchema({"type": "string", "enum": list(PARTS)}),
]
FEW = Field(max_length=30)
FIRST = "First civil day; else that of the month eleven months before the last day."
UNTIL = "Civil day before which it ends; else the day after `as_of`."
AS_OF = "What happened later does not count; else `known_at`, or now."
KNOWN_AT = "What was recorded later is not known; else now."
Text = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Texts = Annotated[tuple[Text, ...], FEW]
ID = "^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$"
Id = Annotated[str, PlainValidator(known_by_id), WithJsonSchema({"type": "string", "pattern": ID})]
Ids = Annotated[tuple[Id, ...], FEW]
By = Annotated[
    tuple[Part, ...],
    BeforeValidator(apart),
    Field(max_length=4, description="One grain, and dimensions; repeated or with commas."),
]


class Asked(Value):
    """What is asked of a figure: over which time, in which parts, of which orders, as of when.

    Shape: of a dimension, what has one of the values counts; an empty value is that of orders that
    have none, and as ``state``, of cases that count. Units and technicians are told by their ids.
    """

    first: Annotated[Day | None, Field(alias="from", description=FIRST)] = None
    until: Annotated[Day | None, Field(alias="to", description=UNTIL)] = None
    by: By = ()
    as_of: Annotated[PlausibleInstant | None, Field(description=AS_OF)] = None
    known_at: Annotated[PlausibleInstant | None, Field(description=KNOWN_AT)] = None
    unit: Ids = ()
    profile: Annotated[tuple[Profile, ...], FEW] = ()
    route: Annotated[tuple[Route, ...], FEW] = ()
    type: Annotated[tuple[OrderType, ...], FEW] = ()
    basis: Annotated[tuple[Basis, ...], FEW] = ()
    priority: Annotated[tuple[Priority, ...], FEW] = ()
    department: Texts = ()
    technician: Ids = ()
    defect: Texts = ()
    model: Texts = ()
    channel: Annotated[tuple[Channel, ...], FEW] = ()
    outcome: Texts = ()
    imported: Annotated[tuple[Literal["true", "false"], ...], FEW] = ()
    series: Texts = ()
    state: Texts = ()

    @property
    def where(self) -> Mapping[Dimension, tuple[str, ...]]:
        """Give the filters."""
        chosen = {one: tuple(map(str, getattr(self, one.value))) for one in Dimension}
        return {dimension: values for dimension, values in chosen.items() if values}

    def question(self, figure: Figure, now: datetime, zone: str) -> Question:
        """Make a question of it, of what is known now. Raises UnaskableError."""
        as_of = self.as_of or self.known_at or now
        if max(as_of, self.known_at or now) > now:
            raise UnaskableError("as_of and known_at: not later than now")
        grains = {one for one in self.by if isinstance(one, Grain)}
        by = tuple(dict.fromkeys(one for one in self.by if isinstance(one, Dimension)))
        if len(grains) > 1:
            raise UnaskableError("by: one of day, week, month and quarter, not several")
        if not {*by, *self.where} <= {*dimensions_of(figure), *NOT_BY}:
            raise UnaskableError(f"series: {figure.name} is told in no parts")
        period = self.period(day_of(as_of, zone))
        grain = next(iter(grains), None)
        question = Question(period, as_of, zone, grain, by, self.where)
        if len(question.periods()) > MOST_PERIODS:
            raise UnaskableError(f"by: more than {MOST_PERIODS} periods; ask for longer ones")
        return question

    def period(self, today: date) -> Period:
        """Give the days that are asked for. Raises UnaskableError."""
        until = self.until or today + timedelta(days=1)
        first = self.first or months_before(until - timedelta(days=1))
        if first >= until:
            raise UnaskableError("from: a day before that of to")
        if (until - first).days > MOST_DAYS:
            raise UnaskableError(f"from and to: not more than {MOST_DAYS} days apart")
        return Period(first, until)


def months_before(day: date) -> date:
    """Give the first day of as many months as are usual; that of ``day`` is the last of them."""
    months = day.year * 12 + day.month - USUAL_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def dimensions_of(figure: Figure) -> list[Dimension]:
    """Give what a figure can be asked by."""
    without = NOT_BY if figure.series else NOT_BY | {Dimension.SERIES}
    return [one for one in Dimension if one not in without]


def figure_named(name: str) -> Figure:
    """Find a figure. Raises UnknownFigureError."""
    if name not in FIGURES:
        raise UnknownFigureError(f"no figure is called {name}")
    return FIGURES[name]
