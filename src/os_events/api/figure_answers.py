"""What is told of figures over HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from os_events.kpis.answer import Case, Group
from os_events.kpis.asked import dimensions_of
from os_events.kpis.catalogue import CHAPTERS
from os_events.kpis.figure import Anchor, Figure, Unit, Words
from os_events.kpis.question import Dimension, Grain, Period, Question
from os_events.kpis.seen import Seen
from os_events.kpis.wording import part_said, reason_said
from os_events.values.scalars import Instant


@dataclass(frozen=True, slots=True)
class BothLanguages:
    """The same in Portuguese and in English."""

    pt: str
    en: str

    @classmethod
    def of(cls, words: Words | None) -> Self | None:
        """Give words as they are told; None of none."""
        return cls(words.pt, words.en) if words else None


class FigurePeriod(BaseModel):
    """Civil days from ``from`` until before ``to``."""

    model_config = ConfigDict(validate_by_name=True)

    first: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]

    @classmethod
    def of(cls, period: Period) -> Self:
        """Give a period as it is told."""
        return cls(first=period.first, until=period.until)


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """What a figure is.

    Shape: ``anchored`` says which fact puts a case into a period, ``window`` how long a case must
    have been there before it counts; ``series`` by what the figure is told in parts. ``link`` is
    where it is asked.
    """

    name: str
    chapter: BothLanguages
    title: BothLanguages
    formula: BothLanguages
    unit: Unit
    anchor: Anchor
    anchored: BothLanguages
    left_out: BothLanguages
    window: BothLanguages | None
    series: BothLanguages | None
    dimensions: list[Dimension]
    grains: list[Grain]
    link: str


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """What was asked, after all that was not told has been filled in."""

    period: FigurePeriod
    as_of: Instant
    known_at: Instant | None
    zone: str
    grain: Grain | None
    by: list[Dimension]
    where: Mapping[Dimension, list[str]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many cases do not count, and why."""

    reason: str
    words: BothLanguages
    cases: int


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A value of a dimension, and what it means; None is that of orders that have none."""

    value: str | None
    words: BothLanguages | None


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """A figure for one period, and one value of each dimension.

    Shape: ``value`` is numerator over denominator, rounded half up, in ``unit``: seconds, centavos,
    per cent or a ratio with one decimal, or a count; None over nothing. ``p50`` and ``p90`` are
    nearest-rank over the cases that count.
    """

    period: FigurePeriod
    parts: Mapping[Dimension, FigurePart]
    value: str | None
    unit: Unit
    numerator: int
    denominator: int
    cases: int
    p50: int | None
    p90: int | None
    left_out: list[LeftOut]
    flows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    """A figure: group by group, and as a whole.

    Shape: ``position`` is what of the log it is made of; groups without cases are not there, and
    ``hidden`` groups of so few cases that they are not told; so may be the ``total``.
    """

    figure: FigureDefinition
    asked: FigureQuestion
    position: int
    groups: list[FigureGroup]
    total: FigureGroup | None
    hidden: int


@dataclass(frozen=True, slots=True)
class FigureOrder:
    """An order, or one thing of it, behind a number. ``at`` is its anchor; ``state`` why not."""

    order_id: UUID
    order_number: str
    at: Instant
    series: FigurePart
    numerator: int
    denominator: int
    state: str | None
    words: BothLanguages


@dataclass(frozen=True, slots=True)
class FigureOrders:
    """Orders behind a number. ``next`` is the next page's cursor: send ``as_of`` along with it."""

    asked: FigureQuestion
    position: int
    orders: list[FigureOrder]
    next: str | None


def definitions() -> Iterator[FigureDefinition]:
    """Define all figures, chapter by chapter."""
    for chapter in CHAPTERS:
        yield from (definition(figure, said(chapter.title)) for figure in chapter.figures)


def definition(figure: Figure, chapter: BothLanguages) -> FigureDefinition:
    """Define a figure."""
    return FigureDefinition(
        name=figure.name,
        chapter=chapter,
        title=said(figure.title),
        formula=said(figure.formula),
        unit=figure.unit,
        anchor=figure.anchor,
        anchored=said(figure.anchored),
        left_out=said(figure.left_out),
        window=BothLanguages.of(figure.window),
        series=BothLanguages.of(figure.series),
        dimensions=dimensions_of(figure),
        grains=list(Grain),
        link=f"/kpis/{figure.name}",
    )


def said(words: Words) -> BothLanguages:
    """Give words as they are told."""
    return BothLanguages(words.pt, words.en)


def put(question: Question, known_at: datetime | None) -> FigureQuestion:
    """Say what was asked."""
    return FigureQuestion(
        period=FigurePeriod.of(question.period),
        as_of=question.as_of,
        known_at=known_at,
        zone=question.zone,
        grain=question.grain,
        by=list(question.by),
        where={one: list(chosen) for one, chosen in question.where.items()},
    )


def answer(
    figure: Figure, question: Question, known_at: datetime | None, position: int, found: Seen
) -> FigureAnswer:
    """Tell a figure."""
    defined = next(one for one in definitions() if one.name == figure.name)
    periods = {period.first: period for period in question.periods()}
    return FigureAnswer(
        figure=defined,
        asked=put(question, known_at),
        position=position,
        groups=[
            told(figure, group, periods.get(group.period or date.min, question.period), question.by)
            for group in found.groups
        ],
        total=told(figure, found.total, question.period) if found.total else None,
        hidden=found.hidden,
    )


def told(figure: Figure, group: Group, period: Period, by: Sequence[Dimension] = ()) -> FigureGroup:
    """Tell a group."""
    value = group.value(figure.unit)
    return FigureGroup(
        period=FigurePeriod.of(period),
        parts={one: part(figure, one, group.values[one]) for one in by},
        value=None if value is None else str(value),
        unit=figure.unit,
        numerator=group.numerator,
        denominator=group.denominator,
        cases=group.cases,
        p50=group.p50,
        p90=group.p90,
        left_out=[
            LeftOut(reason, said(reason_said(figure, reason)), cases)
            for reason, cases in group.left_out.items()
        ],
        flows=group.flows,
    )


def part(figure: Figure, dimension: Dimension, code: str | None) -> FigurePart:
    """Tell a value of a dimension."""
    if code is None:
        return FigurePart(None, None)
    return FigurePart(code, said(part_said(figure, dimension, code)))


def told_case(figure: Figure, case: Case) -> FigureOrder:
    """Tell a case."""
    return FigureOrder(
        order_id=case.order_id,
        order_number=case.order_number,
        at=case.at,
        series=part(figure, Dimension.SERIES, case.series),
        numerator=case.numerator,
        denominator=case.denominator,
        state=case.state,
        words=said(reason_said(figure, case.state)),
    )
