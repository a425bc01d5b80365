"""Two clocks in an address: as it was at, as it was known at; told in the time of a place."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from os_events.aggregates.history import OrderHistory
from os_events.console.formats import Speaker


def readable(text: str) -> str:
    """Give ``text`` back if it is a date and time that every zone has, or nothing at all.

    Raises: ValueError.
    """
    if text and not MINYEAR < datetime.fromisoformat(text).year < MAXYEAR:
        raise ValueError("a year at the end of the calendar")
    return text


Moment = Annotated[str, Field(max_length=40), AfterValidator(readable)]  # as a form or a link says


@dataclass(frozen=True)
class Clocks:
    """At which instants somebody looks. Shape: None means now."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    @property
    def in_the_past(self) -> bool:
        """Say whether this is another time than now."""
        return self.as_of is not None or self.known_at is not None

    @property
    def query(self) -> str:
        """Write them as the end of an address, to the microsecond; empty for now."""
        moments = {"as_of": self.as_of, "known_at": self.known_at}
        given = {name: written(moment) for name, moment in moments.items() if moment}
        return f"?{urlencode(given)}" if given else ""

    def view(self, history: OrderHistory) -> OrderHistory:
        """Give what counted then, of what was known then."""
        return history.until(as_of=self.as_of, known_at=self.known_at)

    def told(self, speaker: Speaker) -> str:
        """Say when one looks."""
        as_of, known_at = (moment and speaker.at(moment) for moment in (self.as_of, self.known_at))
        if as_of and known_at:
            return speaker.text("travel.told_both", as_of=as_of, known_at=known_at)
        if known_at:
            return speaker.text("travel.told_known", known_at=known_at)
        return speaker.text("travel.told_as_of", as_of=as_of) if as_of else ""


def written(moment: datetime) -> str:
    """Write an instant for an address."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str, zone: str) -> datetime | None:
    """Read a ``Moment``, in the time of ``zone`` unless it says more; an empty one is None."""
    if not text:
        return None
    read = datetime.fromisoformat(text)
    placed = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))
    return placed.astimezone(UTC)
