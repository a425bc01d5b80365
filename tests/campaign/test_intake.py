"""Show 4: many requests, some invalid, some repeated, while what takes them is killed.

Exactly the right orders, a dead letter with its reason for each that can become none, an outcome
for each other. ``--requests N`` makes it smaller, ``--seed N`` another one.
"""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

import psycopg
import pytest

from os_events.bootstrap.installation import Installation
from os_events.messaging.intake.dead_letters import DeadLetter, all_of
from os_events.messaging.intake.listening import GROUP
from os_events.messaging.intake.outcomes import TOPIC
from os_events.messaging.ports import Broker
from os_events.messaging.records import Incoming
from os_events.settings import Settings
from tests.brokers.real import RealKafka
from tests.campaign.requests import Fate, Planned, planned
from tests.e2e.kafka import CRM, make_topic, set_up
from tests.e2e.processes import typed
from tests.e2e.programs import COMMAND, LONGEST, running
from tests.messages import CRM_TOPIC

LONG = 3600.0  # seconds
AT_ONCE = 1000
TOLD = {Fate.ACCEPTED, Fate.REFUSED}


@dataclass
class Takers:
    """Two programs that take requests; each is killed now and then, and started again."""

    data: Path
    chance: Random
    kills: int = 0
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        settings = {"OS_EVENTS_DATA_DIRECTORY": str(self.data), "OS_EVENTS_ALLOW_ROOT": "1"}
        command = [COMMAND, "intake", "--instance", name]
        with (self.data.parent / f"{name}.err").open("ab") as errors:
            self.processes[name] = subprocess.Popen(
                command, env=os.environ | settings, stderr=errors
            )

    def kill_one(self) -> None:
        name = self.chance.choice(sorted(self.processes))
        self.processes[name].kill()
        self.processes[name].wait(LONGEST)
        self.kills += 1
        self.start(name)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
            process.wait(LONGEST)


@dataclass(frozen=True)
class Found:
    """What became of everything: by id of the request, or by place of the message."""

    orders: dict[str, list[str]]
    people: int
    outcomes: dict[str, list[tuple[str, str]]]
    letters: dict[tuple[int, int], list[str]]


@pytest.fixture
def house(
    directory: Path, mortal_kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A house that listens, whose database runs."""
    (directory / "senders.toml").write_text(CRM)
    make_topic(mortal_kafka.broker(), CRM_TOPIC, 12)
    with running(directory / "data"):
        set_up(monkeypatch, mortal_kafka, directory / "senders.toml")
        typed(directory / "data", "kafka", "topics", "apply")
        yield directory / "data"


def send_all(broker: Broker, messages: list[Planned]) -> dict[tuple[int, int], Planned]:
    """When: all are sent; give them by partition and offset."""
    producer = broker.producer()
    acks = [(one, producer.send(one.record)) for one in messages]
    places = {ack.wait(LONGEST): one for one, ack in acks}
    producer.close(LONGEST)
    return places


def records_of(broker: Broker, topic: str) -> list[Incoming]:
    partitions = broker.partitions(topic)
    found: list[Incoming] = []
    with closing(broker.reader(partitions)) as reader:
        count = sum(reader.end_offsets(partitions).values())
        while len(found) < count:
            for records in reader.poll(LONGEST, AT_ONCE).values():
                found += records
    return found


def letters_of(broker: Broker) -> list[DeadLetter]:
    return list(all_of(broker, [CRM_TOPIC], GROUP))


def killed_while_taking(house: Path, count: int, chance: Random) -> Takers:
    """When: two take them all, and one dies whenever some more were taken."""
    takers, until, pause = Takers(house, chance), monotonic() + LONG, Event()
    for name in ("one", "two"):
        takers.start(name)
    with Installation(Settings(data_directory=house, allow_root=True)) as installation:
        url = installation.databases.superuser.log
    taken, next_kill = 0, 1
    while taken < count:
        pause.wait(chance.uniform(0.05, 0.3))
        taken = places_taken(url)
        if next_kill <= taken < count:
            takers.kill_one()
            next_kill = taken + chance.randrange(1, 2 + count // 15)
            print(f"{taken} of {count} taken, {takers.kills} kills")
        assert monotonic() < until
    takers.stop()
    return takers


def places_taken(url: str) -> int:
    """Count the messages whose place was left."""
    with psycopg.connect(url) as connection:
        [(count,)] = connection.execute("SELECT sum(next_offset) FROM messaging.consumed")
    return int(count or 0)


def found_in(house: Path, broker: Broker) -> Found:
    """Then: look everything up."""
    orders: dict[str, list[str]] = {}
    outcomes: dict[str, list[tuple[str, str]]] = {}
    letters: dict[tuple[int, int], list[str]] = {}
    with Installation(Settings(data_directory=house, allow_root=True)) as installation:
        log = installation.log
        for event in log.read(0, log.head()):
            if event.TOPIC == "service-order.opened" and event.source:
                orders.setdefault(event.source.reference, []).append(str(event.aggregate_id))
        people = len(log.begun("person.registered")) - 1  # the manager
    for record in records_of(broker, TOPIC):
        data = json.loads(record.value or b"")
        told = (
            (record.header("ce_type") or "").split(".")[2],
            data.get("order_id", data.get("slug")),
        )
        outcomes.setdefault(data["request_id"], []).append(told)
    for letter in letters_of(broker):
        place = int(letter.told["partition"]), int(letter.told["offset"])
        letters.setdefault(place, []).append(letter.told["error_type"])
    return Found(orders, people, outcomes, letters)


def wrongs(places: dict[tuple[int, int], Planned], found: Found) -> Iterator[str]:
    """Then: name what is not as it must be."""
    accepted = {one.id for one in places.values() if one.fate is Fate.ACCEPTED}
    customers = {one.reference for one in places.values() if one.fate is Fate.ACCEPTED}
    aside = {at: {one.fate.value} for at, one in places.items() if one.fate not in TOLD}
    if strange := set(found.orders) ^ accepted:
        yield f"{len(strange)} orders missing, or too many"
    if doubled := [name for name, ids in found.orders.items() if len(ids) > 1]:
        yield f"{len(doubled)} orders are there twice"
    if found.people != len(customers):
        yield f"{found.people} people for {len(customers)} customers"
    if aside != {at: set(faults) for at, faults in found.letters.items()}:
        yield "dead letters are not those of what is wrong"
    yield from wrongly_told(
        {one.id: one.fate for one in places.values() if one.fate in TOLD}, found
    )


def wrongly_told(told: dict[str, Fate], found: Found) -> Iterator[str]:
    """Name the outcomes that are not as they must be."""
    if strange := set(found.outcomes) ^ set(told):
        yield f"{len(strange)} outcomes missing, or too many"
    for name, answers in found.outcomes.items():
        wanted = {(Fate.REFUSED.value, "waiver-without-basis")}
        if told.get(name) is Fate.ACCEPTED:
            wanted = {(Fate.ACCEPTED.value, order) for order in found.orders.get(name, [])}
        if set(answers) != wanted:
            yield f"{name} was told {answers}"


def test_ten_thousand_requests_become_exactly_the_right_orders_whoever_is_killed(
    house: Path, mortal_kafka: RealKafka, request: pytest.FixtureRequest
) -> None:
    count, seed = (request.config.getoption(name) for name in ("--requests", "--seed"))
    broker = mortal_kafka.broker()
    chance = Random(seed)  # noqa: S311 - which messages and moments, no secrets
    messages = planned(count, chance)
    places = send_all(broker, messages)

    takers = killed_while_taking(house, len(places), chance)

    found = found_in(house, broker)
    fates = Counter(one.fate.value for one in places.values())
    doubled = sum(len(one) for one in found.outcomes.values()) - len(
        [one for one in places.values() if one.fate in TOLD]
    )
    print(f"seed {seed}: {len(places)} messages, {dict(fates)}")
    print(f"{len(messages) - len({m.id for m in messages})} repeat an id; {takers.kills} kills")
    print(f"{len(found.orders)} orders, {found.people} people, {len(found.letters)} put aside")
    print(f"{doubled} outcomes and letters doubled by kills")
    assert list(wrongs(places, found)) == []
    assert typed(house, "audit").returncode == 0
