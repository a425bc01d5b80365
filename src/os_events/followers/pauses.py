"""How long whoever waits for a database or a broker waits until the next attempt."""

LONGEST = 10.0  # seconds: less than a member of a group may be silent


class Pauses:
    """Longer each time, up to a bound; short again once an attempt went well."""

    def __init__(self, first: float = 0.1) -> None:
        self.first = first
        self.seconds = first

    def next(self) -> float:
        """Give the pause in seconds, and double the next one."""
        now, self.seconds = self.seconds, min(self.seconds * 2, LONGEST)
        return now

    def over(self) -> None:
        """Begin again with a short one."""
        self.seconds = self.first
