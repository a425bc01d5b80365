"""The days of the sample: counted back from now, and never on a Sunday."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SUNDAY = 6


class Calendar:
    """A shop's days before ``now``, by the clock of its place."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)

    def at(self, days: int, clock: str) -> datetime:
        """Give an instant on the working day that was so many working days before today."""
        day = self.now.astimezone(self.zone).date()
        while days:
            day -= timedelta(days=1)
            days -= day.weekday() != SUNDAY
        return datetime.combine(day, time.fromisoformat(clock), self.zone)

    def ago(self, minutes: int) -> datetime:
        """Give an instant of today."""
        return self.now - timedelta(minutes=minutes)
