"""How cells are read: dates, money, codes. What other systems write, we read strictly."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal
from unicodedata import category, normalize
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from babel.numbers import NumberFormatError, parse_decimal
from pydantic import TypeAdapter

from os_events.values.identifiers import Cep, Cnpj, Cpf, Email, Imei, Phone, SerialNumber

NAMESPACE = UUID("8d3c6f1e-5a0b-4f6d-9a53-1f0f6c1d7e42")
CURRENCY = "R$"


@dataclass(frozen=True)
class Conventions:
    """How the other system writes.

    Shape: ``instants`` are formats of ``strptime``; one without a time of day is taken to be at
    ``time_of_dates``. ``unknown`` are cells that say nothing.
    """

    system: str
    zone: ZoneInfo
    instants: tuple[str, ...]
    time_of_dates: time | None = None
    locale: Literal["pt_BR", "en_US"] = "pt_BR"
    unknown: frozenset[str] = frozenset({""})
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def identity(self, kind: str, text: str) -> UUID:
        """Name a thing of the other system: the same whenever it is read."""
        return uuid5(NAMESPACE, f"{self.system}\n{kind}\n{text}")


Reading = Callable[[Conventions, str, str], Any]


def instant(conventions: Conventions, text: str, _: str) -> datetime:
    """Read a date with its time of day, by the clock of the place. Raises ValueError."""
    found, form = parsed(conventions.instants, text)
    if "%H" not in form and "%I" not in form:
        if conventions.time_of_dates is None:
            raise ValueError("no time of day; set time_of_dates in the mapping")
        found = datetime.combine(found, conventions.time_of_dates)
    return found.replace(tzinfo=conventions.zone)


def day(conventions: Conventions, text: str, _: str) -> date:
    """Read a date. Raises ValueError."""
    return parsed(conventions.instants, text)[0].date()


@lru_cache(10_000)
def parsed(forms: tuple[str, ...], text: str) -> tuple[datetime, str]:
    """Read a civil time, and say in which of the forms. Raises ValueError."""
    for form in forms:
        try:
            return datetime.strptime(text, form), form  # noqa: DTZ007 - what is written has no zone
        except ValueError:
            continue
    raise ValueError("no date in any of the formats of the mapping")


def number(conventions: Conventions, text: str) -> Decimal:
    """Read a number: ``1.234,56`` in pt_BR, ``1,234.56`` in en_US. Raises ValueError."""
    try:
        return parse_decimal(text, locale=conventions.locale, strict=True)
    except NumberFormatError as error:
        raise ValueError(f"not a number in {conventions.locale}") from error


def money(conventions: Conventions, text: str, _: str) -> int:
    """Read an amount, with or without the sign of the currency. Unit: centavos, half up."""
    bare = text.replace("\u00a0", " ").removeprefix(CURRENCY).strip()
    return int((number(conventions, bare) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def integer(conventions: Conventions, text: str, _: str) -> int:
    """Read a whole number. Raises ValueError."""
    found = number(conventions, text)
    if found != int(found):
        raise ValueError("not a whole number")
    return int(found)


def decimal(conventions: Conventions, text: str, _: str) -> str:
    """Read a number, and write it without superfluous zeros, as the record does."""
    return f"{number(conventions, text).normalize():f}"


def slug(_: Conventions, text: str, __: str) -> str:
    """Make a code of a name: ``Placa-mãe (nova)`` becomes ``placa-mae-nova``. Raises ValueError."""
    code = as_slug(text)
    if not code:
        raise ValueError("nothing that a code can be made of")
    return code


def as_slug(text: str) -> str:
    """Keep letters without their accents, and digits; hyphens between words."""
    bare = "".join(sign for sign in normalize("NFKD", text.lower()) if category(sign) != "Mn")
    return "-".join(re.findall("[a-z0-9]+", bare))


def identity(conventions: Conventions, text: str, kind: str) -> str:
    """Name the thing that the cell is the other system's name of."""
    return str(conventions.identity(kind, text))


READINGS: dict[str, Reading] = {
    "instant": instant,
    "date": day,
    "money": money,
    "integer": integer,
    "decimal": decimal,
    "slug": slug,
    "id": identity,
}
IDENTIFIERS: dict[str, TypeAdapter[str]] = {
    "cpf": TypeAdapter(Cpf),
    "cnpj": TypeAdapter(Cnpj),
    "cep": TypeAdapter(Cep),
    "imei": TypeAdapter(Imei),
    "serial": TypeAdapter(SerialNumber),
    "phone": TypeAdapter(Phone),
    "email": TypeAdapter(Email),
}
