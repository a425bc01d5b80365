"""A planted defect: a follower says how far it is before its rows are written."""

from threading import Event

from os_events.eventlog.database import available
from os_events.followers import positions
from os_events.followers.follower import Batch, FencedError, Follower


def take_in(self: Follower, after: int, upto: int, moved: list[str]) -> None:
    events = self.event_log.read(after, upto, self.effect.topics, opened=self.effect.opened)
    with available("the read models"), self.pool.connection() as one:
        with one.transaction():
            if not positions.move(one, moved, after, upto):
                raise FencedError(self.effect.name)
        Event().wait(0.05)
        with one.transaction():
            self.effect.apply_batch(one, Batch(after, upto, events), moved)


Follower._take_in = take_in  # type: ignore[method-assign]  # that is the defect
