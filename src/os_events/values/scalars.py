"""Scalars and the bases of value objects. A form is a type; how much is allowed, a request says."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
)

# Of a place, or UTC: what a machine calls its own clock means something else on the next one, and a
# fixed distance from UTC knows nothing of daylight saving (rules.md, T6).
ZONE = re.compile(r"UTC|(?!Etc/)[A-Z]\w*(/[A-Z][\w-]*)+", re.ASCII)
NO_ZONE = "not an IANA zone, such as America/Sao_Paulo"


def in_utc(instant: datetime) -> datetime:
    """Give the same instant in UTC. Raises ValueError outside the years that have one."""
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("out of the range of years") from error


def written(instant: datetime) -> str:
    """Write an instant in UTC, with microseconds and a year of four digits."""
    return f"{instant.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


Instant = Annotated[
    AwareDatetime, AfterValidator(in_utc), PlainSerializer(written, when_used="json")
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=80)]
DecimalText = Annotated[
    str, Field(pattern=r"^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$", max_length=40)
]
RuleId = Annotated[str, Field(pattern=r"^[A-Z]+[0-9]+$", max_length=8)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Ibge = Annotated[str, Field(pattern=r"^[1-5][0-9]{6}$")]
Uf = Annotated[
    str,
    Field(pattern=r"^(A[CLMP]|BA|CE|DF|ES|GO|M[AGST]|P[ABEIR]|R[JNORS]|S[CEP]|TO)$"),
]

# For requests only: a limit on an event would make history unreadable once it is tightened.
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
LongText = Annotated[str, Field(min_length=1, max_length=4000)]
Count = Annotated[int, Field(ge=0, le=10**9)]
MOST_CENTAVOS = 10**12
Centavos = Annotated[int, Field(ge=0, le=MOST_CENTAVOS)]
Days = Annotated[int, Field(ge=0, le=3650)]
WRITTEN: TypeAdapter[datetime] = TypeAdapter(datetime)
FIRST_YEAR, LAST_YEAR = 1900, 2199
Day = Annotated[date, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]


def plausible(instant: datetime) -> datetime:
    """Give an instant back if the clock of every place can show it. Raises ValueError."""
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return instant


def spelt_out(instant: Any) -> Any:
    """Read an instant that is written as such; a bare number is none. Raises ValueError."""
    if isinstance(instant, str) and "-" in instant[1:]:
        with suppress(ValidationError):
            return WRITTEN.validate_python(instant)
    if isinstance(instant, datetime):
        return instant
    raise ValueError("an instant has date, time and offset, as in 2026-03-02T14:30:00-03:00")


PlausibleInstant = Annotated[Instant, BeforeValidator(spelt_out), AfterValidator(plausible)]


def known_zone(name: str) -> str:
    """Give ``name`` back if it is an IANA zone. Raises ValueError."""
    if not ZONE.fullmatch(name):
        raise ValueError(NO_ZONE)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(NO_ZONE) from error


Zone = Annotated[str, Field(max_length=64), AfterValidator(known_zone)]


class Value(BaseModel):
    """Base of what has no identity: frozen, and closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Leave values out of logs and tracebacks: some are personal."""
        return f"<{type(self).__name__}>"

    __str__ = __repr__


PROPER = {"api": "API", "pix": "PIX", "sms": "SMS", "whatsapp": "WhatsApp"}  # names in English


class Code(StrEnum):
    """A closed vocabulary: what is stored, and what people read in Portuguese."""

    pt: str

    def __new__(cls, code: str, pt: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.pt = pt
        return member

    @property
    def en(self) -> str:
        """Say it in English: the code itself, which is an English word or a name."""
        return PROPER.get(self.value, self.value.replace("_", " ").lower())


def canonical(value: Any) -> bytes:
    """Write the one JSON text of ``value``: sorted keys, no white space, UTF-8 (RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def texts(value: object) -> Iterator[str]:
    """Find every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from texts(field for field in vars(value).values() if field is not None)
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for part in value:
            yield from texts(part)
