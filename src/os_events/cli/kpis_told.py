"""Figures as ``os-events kpis`` writes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from textwrap import wrap

from os_events.cli.output import say, table
from os_events.kpis.answer import Case, Group
from os_events.kpis.catalogue import CHAPTERS
from os_events.kpis.figure import Anchor, Figure, Unit, Words
from os_events.kpis.question import Dimension, Question
from os_events.kpis.seen import Seen
from os_events.kpis.wording import amount_said, part_said, reason_said, words_of
from os_events.values.words import DATES, NOTHING, Language, Listener, clock

WIDTH = 100
MEANS = (Unit.DURATION, Unit.MONEY)
FIGURE, TITLE = Words("indicador", "figure"), Words("título", "title")
UNIT, CHAPTER = Words("em", "in"), Words("capítulo", "chapter")
PERIOD, PART, TOTAL = Words("período", "period"), Words("parte", "part"), Words("total", "total")
VALUE, SUM, CASES = Words("valor", "value"), Words("soma", "sum"), Words("casos", "cases")
NUMERATOR, DENOMINATOR = Words("numerador", "numerator"), Words("denominador", "denominator")
FLOWS = {
    "entries": Words("entradas", "entries"),
    "exits": Words("saídas", "exits"),
    "unended": Words("em aberto", "unended"),
}
ORDER, WHEN, COUNTED = Words("OS", "order"), Words("quando", "when"), Words("conta?", "counts?")
COUNTED_IN = {
    Anchor.FACT: Words("Conta no período de: {}", "Counts in the period of: {}"),
    Anchor.INSTANT: Words(
        "Conta o que havia no fim do período", "Counts what there was at the end of the period"
    ),
    Anchor.PERIOD: Words(
        "Conta o que houve dentro do período", "Counts what there was inside the period"
    ),
}
WINDOW = Words("Janela: ", "Window: ")
LEFT_OUT = Words("Fora da conta: ", "Left out: ")
ASKED = Words("De {} até antes de {}, em {}", "From {} until before {}, as of {}")
KNOWN = Words(", como se sabia em {}", ", as known at {}")
POSITION = Words("; posição {} do registro", "; position {} of the log")


@dataclass(frozen=True)
class Teller:
    """Tells a figure. Shape: ``names`` are those of units and people, by id."""

    figure: Figure
    question: Question
    language: Language
    names: Mapping[str, str]

    def figure_told(self, found: Seen) -> None:
        """Write what it means, its groups, its total, and how many cases do not count."""
        self._definition()
        by = [self._dimension(one) for one in self.question.by]
        keys = [*([self.say(PERIOD)] if self.question.grain else []), *by]
        rows = [[*self._keys(group), *self._amounts(group)] for group in found.groups]
        if found.total:
            amounts = self._amounts(found.total)
            total = [self.say(TOTAL), *[""] * (len(keys) - 1), *amounts] if keys else amounts
            rows = [*rows, total] if keys else [total]
        flows = [FLOWS[flow] for flow in self.figure.flows]
        table([*keys, *map(self.say, [*self._heads(), *flows])], rows)
        left_out = found.total.left_out if found.total else {}
        say("", self.say(LEFT_OUT) + self.say(self.figure.left_out))
        for reason, cases in left_out.items():
            say(f"  {cases}  {self.say(reason_said(self.figure, reason))}")

    def orders_told(self, cases: Sequence[Case]) -> None:
        """Write the orders behind a number, and why some do not count."""
        self._definition()
        head = (ORDER, WHEN, self.figure.series or PART, NUMERATOR, DENOMINATOR, COUNTED)
        table([*map(self.say, head)], [list(self._case(case)) for case in cases])

    def standing(self, position: int, known_at: datetime | None) -> str:
        """Say over which time it is told, as of when, as known when."""
        days = (f"{day:{DATES[self.language]}}" for day in self.question.period)
        told = self.say(ASKED).format(*days, self._clock(self.question.as_of))
        if known_at:
            told += self.say(KNOWN).format(self._clock(known_at))
        return told + self.say(POSITION).format(position)

    def say(self, words: Words) -> str:
        """Say it in their language."""
        return words.pt if self.language == "pt" else words.en

    def _definition(self) -> None:
        figure = self.figure
        say(f"{self.say(figure.title)} ({figure.name}), {self.say(words_of(figure.unit))}")
        say(*wrap(self.say(figure.formula), WIDTH))
        say(self.say(COUNTED_IN[figure.anchor]).format(self.say(figure.anchored)))
        if figure.window:
            say(self.say(WINDOW) + self.say(figure.window))
        say("")

    def _heads(self) -> Sequence[Words]:
        """Name the amounts that a figure of this unit has."""
        if self.figure.unit is Unit.COUNT:
            return (VALUE,)
        if self.figure.unit in MEANS:
            return (VALUE, SUM, CASES, Words("p50", "p50"), Words("p90", "p90"))
        return (VALUE, NUMERATOR, DENOMINATOR)

    def _amounts(self, group: Group) -> list[str]:
        unit = self.figure.unit
        told = [self._amount(group.value(unit))]
        if unit in MEANS:
            sums = (group.numerator, group.p50, group.p90)
            added, *percentiles = map(self._amount, sums)
            told += [added, str(group.denominator), *percentiles]
        elif unit is not Unit.COUNT:
            told += [str(group.numerator), str(group.denominator)]
        return told + [str(group.flows.get(flow, 0)) for flow in self.figure.flows]

    def _keys(self, group: Group) -> Iterator[str]:
        if group.period:
            yield f"{group.period:{DATES[self.language]}}"
        for dimension in self.question.by:
            yield self._part(dimension, group.values[dimension])

    def _case(self, case: Case) -> Iterator[str]:
        yield case.order_number
        yield self._clock(case.at)
        yield self._part(Dimension.SERIES, case.series)
        yield self._amount(case.numerator) if self.figure.unit in MEANS else str(case.numerator)
        yield str(case.denominator)
        yield self.say(reason_said(self.figure, case.state))

    def _part(self, dimension: Dimension, code: str | None) -> str:
        if code is None:
            return NOTHING
        return self.names.get(code) or self.say(part_said(self.figure, dimension, code))

    def _dimension(self, dimension: Dimension) -> str:
        own = self.figure.series if dimension is Dimension.SERIES else None
        return self.say(own or words_of(dimension))

    def _amount(self, amount: Decimal | int | None) -> str:
        return amount_said(self.figure.unit, amount, self.language)

    def _clock(self, instant: datetime) -> str:
        return clock(instant, Listener(self.language, self.question.zone))


def list_all(language: Language) -> None:
    """List all figures, chapter by chapter."""

    def told(words: Words) -> str:
        return words.pt if language == "pt" else words.en

    rows = [
        (one.name, told(one.title), told(words_of(one.unit)), told(chapter.title))
        for chapter in CHAPTERS
        for one in chapter.figures
    ]
    table([told(one) for one in (FIGURE, TITLE, UNIT, CHAPTER)], rows)
