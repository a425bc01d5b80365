"""Facts in words: each event carries a sentence in two languages, over its own fields."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from string import Formatter
from typing import Any, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from os_events.values.personal import Erased, Sealed
from os_events.values.scalars import Code, Value

Language = Literal["pt", "en"]
YES_NO = {"pt": ("não", "sim"), "en": ("no", "yes")}
DATES = {"pt": "%d/%m/%Y", "en": "%Y-%m-%d"}
ERASED = {"pt": "[eliminado]", "en": "[erased]"}
SEALED = {"pt": "[sigiloso]", "en": "[sealed]"}
NOTHING = "–"
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class Told(NamedTuple):
    """A sentence about a fact: ``{field}``, or ``{field:form}`` with one of ``FORMS``.

    What stands in square brackets is said only if its first field has a value; no money is none.
    """

    pt: str
    en: str

    def fields(self) -> tuple[set[str], set[str]]:
        """Name the fields that each language tells."""
        pt, en = (
            {name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name}
            for text in self
        )
        return pt, en


@dataclass(frozen=True)
class Listener:
    """Whom we tell: in which language, by which clock, and how people are called there."""

    language: Language
    zone: str = "UTC"
    names: Mapping[UUID, str] = field(default_factory=dict)


class Sentence(Formatter):
    """``str.format`` that says values as the listener would."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or not format_spec:
            return say(value, self.listener)
        return FORMS[format_spec](value, self.listener)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:  # noqa: ARG002 - the library's
        first, *rest = field_name.split(".")
        value = kwargs[first]
        for name in rest:
            value = None if value is None else getattr(value, name)
        return value, first


def say(value: Any, listener: Listener) -> str:
    """Say a value of any kind."""
    for kind, saying in SAYINGS.items():
        if isinstance(value, kind):
            return saying(value, listener)
    return str(value)


def money(centavos: int, language: Language) -> str:
    """Say an amount: R$ 1.234,56 or R$ 1,234.56, with a no-break space."""
    whole, cents = divmod(abs(centavos), 100)
    text = f"{'-' if centavos < 0 else ''}R$\u00a0{whole:,}.{cents:02}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def clock(instant: datetime, listener: Listener) -> str:
    """Say an instant by the listener's clock."""
    return f"{instant.astimezone(ZoneInfo(listener.zone)):{DATES[listener.language]} %H:%M}"


def end(instant: datetime, listener: Listener) -> str:
    """Say an instant that ends something: midnight is 24:00 of the day before (rules.md, T6)."""
    local = instant.astimezone(ZoneInfo(listener.zone))
    if local.time() != time.min:
        return clock(instant, listener)
    return f"{local.date() - timedelta(days=1):{DATES[listener.language]}} 24:00"


def number(decimal: str, listener: Listener) -> str:
    """Say a decimal text: 2,5 or 2.5."""
    return decimal.replace(".", ",") if listener.language == "pt" else decimal


def code_in_words(code: Code, listener: Listener) -> str:
    """Say a code as people read it."""
    return code.pt if listener.language == "pt" else code.en


def all_of(parts: tuple[Any, ...], listener: Listener) -> str:
    """Say each part, with commas between."""
    return ", ".join(say(part, listener) for part in parts) or NOTHING


def part_of_a_fact(value: Value, listener: Listener) -> str:
    """Say a value object by its own sentence, if it has one."""
    told = getattr(value, "TOLD", None)
    return tell(told, dict(value), listener) if told else str(value)


FORMS: dict[str, Callable[[Any, Listener], str]] = {
    "money": lambda centavos, to: money(centavos, to.language),
    "number": number,
    "end": end,
}
SAYINGS: dict[type, Callable[[Any, Listener], str]] = {
    type(None): lambda _, __: NOTHING,
    bool: lambda yes, to: YES_NO[to.language][yes],
    Code: code_in_words,
    datetime: clock,
    date: lambda day, to: f"{day:{DATES[to.language]}}",
    UUID: lambda uuid, to: to.names.get(uuid, str(uuid)[:8]),
    Sealed: lambda _, to: SEALED[to.language],
    Erased: lambda _, to: ERASED[to.language],
    Value: part_of_a_fact,
    tuple: all_of,
}


def tell(told: Told, fields: dict[str, Any], listener: Listener) -> str:
    """Say a fact to somebody."""
    sentence = Sentence(listener)

    def said_or_not(found: re.Match[str]) -> str:
        part = found[1]
        first, how = next((name, how) for _, name, how, _ in Formatter().parse(part) if name)
        value, _ = sentence.get_field(first, (), fields)
        is_empty = value is None or value is False or value in ((), "")
        return "" if is_empty or (how == "money" and value == 0) else part

    text = OPTIONAL.sub(said_or_not, getattr(told, listener.language))
    return sentence.vformat(text, (), fields)
