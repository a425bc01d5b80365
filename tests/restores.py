"""Given and when: an installation whose log is signed, and an older state of it that comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.log import LossCause
from os_events.bootstrap.databases import Admin
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.new_epoch import begin_epoch, finish_epoch, shortened
from os_events.followers.rebuild import tell_nobody
from os_events.ledger.audit import Progress, audited
from os_events.settings import Settings
from tests.publishing import restore, some_orders

WHY = (LossCause.OLDER_BACKUP, "O disco falhou")


class House(NamedTuple):
    """One installation, to be opened as often as a program starts."""

    settings: Settings
    admin: Admin

    @contextmanager
    def started(self) -> Iterator[Installation]:
        with Installation(self.settings, self.admin) as installation:
            yield installation

    def grow(self, number: int) -> list[UUID]:
        """Record orders, and sign them."""
        with self.started() as found:
            orders = some_orders(found.log, number)
            found.publisher.step()
        return orders

    def go_back(self, position: int) -> None:
        """Bring an older state of the log's database back."""
        restore(self.admin.log, position)

    def new_epoch(self) -> str:
        """Go on without what was lost; give the new key."""
        with self.started() as found:
            if left := shortened(found):
                begin_epoch(found, left, WHY, tell_nobody)
            return finish_epoch(found)

    def refusal(self) -> str | None:
        """Say why a program that starts now would record nothing."""
        with self.started() as found:
            refused = found.refusal()
        return refused.slug if refused else None

    def audit(self) -> Progress:
        with self.started() as found:
            folder, key = self.settings.ledger, found.signer.verifier
            return list(audited(found.fit.log, folder, found.store, key))[-1]


class Drilled(NamedTuple):
    """What was said after a restore, and after the new epoch; and whether all of it agrees."""

    refused: str | None
    then: str | None
    audited: bool


def drill(house: House, chance: Random) -> Drilled:
    """Take a backup, record more, sign it, bring the backup back, and go on."""
    house.grow(chance.randint(1, 4))
    with house.started() as found:
        backup = found.log.head()
    house.grow(chance.randint(1, 4))
    house.go_back(chance.randint(backup // 2 + 1, backup))
    refused = house.refusal()
    house.new_epoch()
    house.grow(1)
    with house.started() as found:
        head = found.log.head()
    return Drilled(refused, house.refusal(), house.audit().position == head)
