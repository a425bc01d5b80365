"""Values as people read them: amounts, instants by the clock of a place, spans of time, codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta

from os_events.console.words import text
from os_events.values.scalars import Code
from os_events.values.words import (
    Language,
    Listener,
    clock,
    code_in_words,
    end,
    money,
    number,
    say,
)

LOCALES = {"pt": "pt_BR", "en": "en_GB"}
Unit = Literal["year", "month", "day", "hour", "minute"]
UNITS: tuple[tuple[timedelta, Unit, timedelta], ...] = (  # the smallest span told in this unit
    (timedelta(days=730), "year", timedelta(days=365)),
    (timedelta(days=90), "month", timedelta(days=30)),
    (timedelta(hours=48), "day", timedelta(days=1)),
    (timedelta(hours=1), "hour", timedelta(hours=1)),
    (timedelta(0), "minute", timedelta(minutes=1)),
)


def known(kind: type[Code], code: str) -> Code:
    """Give the code that a row holds as text."""
    return {one.value: one for one in kind}[code]


@dataclass(frozen=True)
class Speaker:
    """Whom a page is for: language, the clock of the place, how people are called, and now."""

    language: Language
    now: datetime
    zone: str = "UTC"
    names: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def listener(self) -> Listener:
        """Give what the sentences of facts are told to."""
        return Listener(self.language, self.zone, self.names)

    def text(self, key: str, **values: object) -> str:
        """Say one of the texts of the pages."""
        return text(key, self.language, **values)

    def value(self, value: object) -> str:
        """Say a value of any kind."""
        return say(value, self.listener)

    def money(self, centavos: int | None) -> str:
        """Say an amount; nothing where there is none."""
        return "" if centavos is None else money(centavos, self.language)

    def number(self, decimal: str) -> str:
        """Say a decimal with the language's sign."""
        return number(decimal, self.listener)

    def at(self, instant: datetime, zone: str | None = None) -> str:
        """Say an instant, by the clock of the place or of another zone."""
        return clock(instant, replace(self.listener, zone=zone or self.zone))

    def end(self, instant: datetime, zone: str | None = None) -> str:
        """Say an instant that ends something: midnight belongs to the day before."""
        return end(instant, replace(self.listener, zone=zone or self.zone))

    def day(self, instant: datetime) -> str:
        """Say on which day of the week and the year an instant is."""
        local = instant.astimezone(ZoneInfo(self.zone))
        return format_date(local.date(), "full", locale=LOCALES[self.language])

    def time(self, instant: datetime) -> str:
        """Say the time of day, to the minute."""
        return f"{instant.astimezone(ZoneInfo(self.zone)):%H:%M}"

    def field(self, instant: datetime | None) -> str:
        """Give an instant as a form field holds it, rounded up to the second, so that it counts."""
        if instant is None:
            return ""
        up = timedelta(microseconds=-instant.microsecond % 1_000_000)
        return f"{(instant + up).astimezone(ZoneInfo(self.zone)):%Y-%m-%dT%H:%M:%S}"

    def ago(self, instant: datetime) -> str:
        """Say how long ago an instant is, or how long it is until then."""
        if abs(instant - self.now) < timedelta(minutes=1):
            return self.text("time.now")
        return self._span(instant - self.now, direction=True)

    def span(self, earlier: datetime, later: datetime) -> str:
        """Say how much time lies between two instants."""
        return self._span(later - earlier, direction=False)

    def _span(self, delta: timedelta, *, direction: bool) -> str:
        length = abs(delta)
        unit, size = next((unit, size) for least, unit, size in UNITS if length >= least)
        whole = max(1, length // size) * size
        return format_timedelta(
            whole if delta > timedelta(0) else -whole,
            granularity=unit,
            threshold=float("inf"),
            add_direction=direction,
            locale=LOCALES[self.language],
        )

    def name(self, code: Code) -> str:
        """Say a code that stands by itself: with a capital letter."""
        words = code_in_words(code, self.listener)
        return words[:1].upper() + words[1:]

    def label(self, kind: type[Code], code: str) -> str:
        """Say a code that a row holds as text, where it stands by itself."""
        return self.name(known(kind, code))

    def person(self, who: UUID | str | None) -> str:
        """Say how somebody is called; a department or an integration by its own name."""
        if not isinstance(who, str):
            return self.value(who) if who else ""
        try:
            return self.value(UUID(who))
        except ValueError:
            return who

    def words(self) -> dict[str, Any]:
        """Give templates what they speak with."""
        return {
            "t": self.text,
            "value": self.value,
            "money": self.money,
            "number": self.number,
            "at": self.at,
            "end": self.end,
            "day": self.day,
            "time": self.time,
            "field": self.field,
            "ago": self.ago,
            "span": self.span,
            "name": self.name,
            "label": self.label,
            "person": self.person,
            "now": self.now,
            "language": self.language,
        }
