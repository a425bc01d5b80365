"""What all pages of figures have in common: the question, in two clocks, and its form."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from os_events.console.asked import Asked
from os_events.console.figure_rows import Sheet
from os_events.console.figure_words import Telling
from os_events.console.formats import Speaker
from os_events.console.health import Health, health_at
from os_events.console.reader import NOBODY, Reader
from os_events.kpis.answer import Group
from os_events.kpis.figure import Figure
from os_events.kpis.question import Question
from os_events.kpis.seen import within
from os_events.values.days import DAY

EMPTY = Group(None, {})


@dataclass(frozen=True)
class FigurePage:
    """One question from one reader.

    Shape: ``now`` asks of what is known now; ``then`` of what was known at ``known_at``, if that
    is told. Both keep to what the reader may see.
    """

    reader: Reader
    asked: Asked
    now: Question
    then: Question
    known_at: datetime | None
    health: Health

    @classmethod
    def of(cls, reader: Reader, asked: Asked) -> Self:
        """Read the address. Raises ForbiddenError, PastBeingDerivedError."""
        parts, instant = reader.parts, reader.parts.clock()
        health = health_at(parts.log.head(), parts.figures.as_of())
        zone = parts.company.zone
        now = then = within(asked.question(zone, instant), reader.signed_in.principal)
        _, known_at = asked.clocks(zone, instant)
        if known_at is not None:
            then = replace(now, suffix=parts.past.reached(known_at).suffix)
        return cls(reader, asked, now, then, known_at, health)

    def ask(self, figure: Figure, question: Question) -> list[Group]:
        """Ask a figure."""
        return self.reader.parts.figures.ask(figure, question)

    def total(self, figure: Figure, question: Question) -> Group:
        """Ask a figure for the whole period and all orders together."""
        return next(iter(self.ask(figure, question.whole())), EMPTY)

    def telling(self, people: Iterable[UUID] = ()) -> Telling:
        """Say how to speak of what is found, and of these people."""
        everybody = {*people, self.reader.person_id or NOBODY}
        speaker = self.reader.speaker(self.reader.parts.clock(), self.now.zone, everybody)
        return Telling(speaker, self.reader.parts.company)

    def sheet(self, figure: Figure, telling: Telling) -> Sheet:
        """Open a figure with this question."""
        return Sheet(figure, self.asked, self.then, telling)

    def values(self, telling: Telling) -> dict[str, Any]:
        """Give what the templates of all these pages name."""
        return {
            "health": self.health,
            "asked": self.asked,
            "question": self.then,
            "period": telling.period(self.then.period, None),
            "last_day": self.then.period.until - DAY,
            "as_of": self.now.as_of,
            "known_at": self.known_at,
            "units": self.reader.units,
            "told_when": self.told_when(telling.speaker),
            "telling": telling,
        }

    def told_when(self, speaker: Speaker) -> str:
        """Say as of when, and by what was known when, unless both are now."""
        as_of = speaker.at(self.now.as_of)
        if self.known_at:
            known_at = speaker.at(self.known_at)
            return speaker.text("figures.told_both", as_of=as_of, known_at=known_at)
        return speaker.text("figures.told_as_of", as_of=as_of) if self.asked.as_of else ""
