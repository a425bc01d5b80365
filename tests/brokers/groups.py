"""Consumers in memory, and how those of a group share partitions.

As in Kafka's cooperative rebalance, a partition changes hands only when who has it polls again; but
who is frozen loses it without being asked, and hears of it when it polls.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from os_events.messaging.ports import Assigned, Change, Lost, NotHeldError, Revoked
from os_events.messaging.records import Incoming, Partition

if TYPE_CHECKING:
    from tests.brokers.memory import MemoryBroker


@dataclass
class Group:
    """Shape: ``held`` says whose each partition is; ``targets`` whose it should be."""

    members: list["MemoryConsumer"] = field(default_factory=list)
    held: dict[Partition, "MemoryConsumer"] = field(default_factory=dict)
    targets: dict[Partition, "MemoryConsumer"] = field(default_factory=dict)
    hints: dict[Partition, int] = field(default_factory=dict)
    every: tuple[Partition, ...] = ()

    def join(
        self, member: "MemoryConsumer", partitions: Iterable[Partition] = ()
    ) -> "MemoryConsumer":
        """Let a member in; one with the name of another takes its place."""
        self.every = tuple(sorted({*self.every, *partitions}))
        for other in [one for one in self.members if member.instance and one.is_same(member)]:
            self.expel(other)
        self.members.append(member)
        self.share()
        return member

    def leave(self, member: "MemoryConsumer") -> None:
        if member in self.members:
            self.expel(member)
            self.share()

    def expel(self, member: "MemoryConsumer") -> None:
        """Take away what somebody has; it is not told."""
        self.members = [one for one in self.members if one is not member]
        self.held = {at: holder for at, holder in self.held.items() if holder is not member}

    def share(self) -> None:
        """Choose anew: who has a partition keeps it, up to a fair share."""
        self.targets = {}
        if not self.members:
            return
        fair = -(-len(self.every) // len(self.members))
        shares: dict[int, int] = {id(one): 0 for one in self.members}
        for settled in (True, False):
            for at in self.every:
                holder = self.held.get(at)
                if not settled:
                    holder = min(self.members, key=lambda one: shares[id(one)])
                if at not in self.targets and holder and shares[id(holder)] < fair:
                    self.targets[at] = holder
                    shares[id(holder)] += 1

    def meet(self, member: "MemoryConsumer") -> None:
        """Bring a member that polls up to date."""
        if not any(one is member for one in self.members):
            member.lose()
            self.join(member)
        mine = {at for at, holder in self.targets.items() if holder is member}
        given = sorted(set(member.places) - mine)
        for at in given:
            del self.held[at], member.places[at]
        taken = [at for at in sorted(mine - set(member.places)) if at not in self.held]
        for at in taken:
            self.held[at] = member
            member.places[at] = self.hints.get(at, 0)
        member.told += [Revoked(tuple(given))] if given else []
        member.told += [Assigned(tuple(taken))] if taken else []


@dataclass(eq=False)
class MemoryConsumer:
    """Shape: ``places`` says where each of its partitions is read next."""

    broker: "MemoryBroker"
    places: dict[Partition, int]
    group: Group | None = None
    instance: str | None = None
    told: list[Change] = field(default_factory=list)

    def is_same(self, other: "MemoryConsumer") -> bool:
        return self.instance == other.instance

    def poll(self, seconds: float, most: int) -> dict[Partition, list[Incoming]]:
        with self.broker.changed:
            self.broker.check_up()
            if self.group:
                self.group.meet(self)
            found = self.fetched(most)
            if not found and seconds:
                self.broker.wait(seconds, self.places)
                found = self.fetched(most)
            return found

    def fetched(self, most: int) -> dict[Partition, list[Incoming]]:
        found: dict[Partition, list[Incoming]] = {}
        for at, place in self.places.items():
            tail = self.broker.tails[at]
            begin = place if tail.begin <= place <= tail.end else tail.begin
            records = tail.after(begin, most)
            most -= len(records)
            if records:
                found[at] = records
                self.places[at] = records[-1].offset + 1
        return found

    def fetch_offset(self, partition: Partition) -> int:
        self.broker.check_up()
        if partition not in self.places:
            raise NotHeldError(f"{partition}")
        return self.places[partition]

    def seek(self, partition: Partition, offset: int) -> None:
        if partition not in self.places:
            raise NotHeldError(f"{partition}")
        self.places[partition] = offset

    def begin_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        self.broker.check_up()
        return {one: self.broker.tails[one].begin for one in partitions}

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        self.broker.check_up()
        return {one: self.broker.tails[one].end for one in partitions}

    def changes(self) -> list[Change]:
        told, self.told = self.told, []
        return told

    def commit_hint(self, offsets: Mapping[Partition, int]) -> None:
        if self.group:
            self.group.hints |= offsets

    def freeze(self) -> None:
        """Stand still for so long that the group goes on without it."""
        if self.group:
            self.group.leave(self)

    def lose(self) -> None:
        if self.places:
            self.told.append(Lost(tuple(sorted(self.places))))
            self.places.clear()

    def close(self) -> None:
        if self.group:
            self.group.leave(self)
        self.places.clear()
