"""What threatens and what comes back: a flow out of balance, promises at risk, recurring faults."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from os_events.console.asked import year_until_then
from os_events.console.figure_page import FigurePage
from os_events.console.figure_rows import choosing
from os_events.console.figure_words import Telling, length
from os_events.console.naming import ids_in
from os_events.kpis.answer import Case, Group
from os_events.kpis.figure import Figure
from os_events.kpis.figures.promises_at_risk import PROMISES_AT_RISK
from os_events.kpis.figures.tat_gross import TAT_GROSS
from os_events.kpis.figures.throughput import THROUGHPUT
from os_events.kpis.flow_check import flow_check
from os_events.kpis.question import Dimension, Question
from os_events.kpis.recurrence import LOOKED_AT, Recurrence, recurrences

MOST = 20  # orders at risk that the page itself lists
COUNTED = ("",)  # no reason not to count
SHOWN = 5  # of what comes back, in each list


class Flow(NamedTuple):
    """A period held against Little's law, in words."""

    expected: str
    mean: str
    alarms: bool


class Risk(NamedTuple):
    """A promise at risk."""

    case: Case
    risk: str
    promised: str
    ago: str


class Risks(NamedTuple):
    """Promises at risk: how many, the first of them, and where all are listed."""

    number: int
    first: list[Risk]
    left_out: list[tuple[str, int, str]]
    href: str


class Returned(NamedTuple):
    """Something that came back, in words."""

    what: str
    returned: int
    of: int
    chance: str
    stands_out: bool
    href: str


class ReturnedBy(NamedTuple):
    """What came back most surprisingly, by one dimension."""

    label: str
    figure: Figure
    rows: list[Returned]


@dataclass(frozen=True)
class Returns:
    """What comes back, as it was found, by each of what is looked at."""

    question: Question
    found: list[tuple[Figure, Dimension, list[Recurrence]]]

    @property
    def people(self) -> set[UUID]:
        """Name those whose work comes back."""
        theirs = (found for _, one, found in self.found if one is Dimension.TECHNICIAN)
        return ids_in(one.what for found in theirs for one in found)

    def told(self, page: FigurePage, telling: Telling) -> Iterator[ReturnedBy]:
        """Put it into words."""
        for figure, dimension, found in self.found:
            sheet = page.sheet(figure, telling).of(self.question)
            rows = [
                Returned(
                    what=telling.part(figure, dimension, one.what),
                    returned=one.returned,
                    of=one.of,
                    chance=probability(telling, one.chance),
                    stands_out=one.stands_out,
                    href=sheet.behind(chosen=choosing(dimension, one.what)),
                )
                for one in found
                if one.returned
            ]
            yield ReturnedBy(telling.dimension(figure, dimension), figure, rows[:SHOWN])


def flow(page: FigurePage, in_state: Group) -> Flow | None:
    """Say whether what is in process fits what goes out; None where too little was closed."""
    starts_at, ends_at = page.then.instants(page.then.period)
    found = flow_check(
        in_state,
        page.total(THROUGHPUT, page.then),
        page.total(TAT_GROSS, page.then),
        min(ends_at, page.then.as_of) - starts_at,
    )
    if found is None:
        return None
    return Flow(length(int(found.expected)), length(int(found.mean_tat)), found.alarms)


def returns(page: FigurePage) -> Returns:
    """Find what came back more often than the rest, in a year. Raises UnavailableError."""
    question, found = year_until_then(page.then), []
    for figure, dimension in LOOKED_AT:
        groups = page.ask(figure, replace(question, by=(dimension,)))
        whole = page.total(figure, question)
        found.append((figure, dimension, recurrences(groups, whole)))
    return Returns(question, found)


def risks(page: FigurePage, telling: Telling) -> Risks:
    """List the promises that may not be kept. Raises UnavailableError."""
    sheet, group = page.sheet(PROMISES_AT_RISK, telling), page.total(PROMISES_AT_RISK, page.then)
    counted = {**page.then.where, Dimension.STATE: COUNTED}
    question = replace(page.then.whole(), where=counted)
    cases = page.reader.parts.figures.cases(PROMISES_AT_RISK, question, MOST)
    return Risks(
        group.numerator,
        [risk(telling, one) for one in cases],
        list(sheet.reasons(group)),
        sheet.behind(),
    )


def risk(telling: Telling, case: Case) -> Risk:
    """Put a promise at risk into words."""
    words = telling.part(PROMISES_AT_RISK, Dimension.SERIES, case.series)
    return Risk(case, words, telling.speaker.end(case.at), telling.speaker.ago(case.at))


def probability(telling: Telling, chance: float) -> str:
    """Say a probability: not more exactly than it is worth."""
    least = 0.001
    said = f"{chance:.3f}" if chance >= least else f"< {least}"
    return telling.speaker.number(said)
