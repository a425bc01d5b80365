"""Two clocks in an address: as it was at, as it was known at; told in the time of a place."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import Field

from os_events.aggregates.history import OrderHistory
from os_events.console.formats import Speaker
from os_events.errors import OsEventsError

Moment = Annotated[str, Field(max_length=40)]  # as a form or a link says it; empty for now


class UnreadableMomentError(OsEventsError):
    """It is no date and time. Write them as 2026-03-18T14:30, in the time of the place."""

    slug = "unreadable-moment"


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
    """Read an instant, in the time of ``zone`` unless it says more; None where nothing is said.

    Raises: UnreadableMomentError.
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        placed = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))
        return placed.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableMomentError from error
