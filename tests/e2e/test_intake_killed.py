"""An intake that dies between a command and its place, on a Kafka of its own."""

import json
from contextlib import closing
from pathlib import Path
from signal import SIGKILL

import pytest

from os_events.bootstrap.installation import Installation
from os_events.messaging.intake.outcomes import TOPIC
from os_events.messaging.ports import Broker
from os_events.settings import Settings
from tests.brokers.real import RealKafka
from tests.e2e.kafka import CENTRO, CRM, beside, make_topic, set_up
from tests.e2e.processes import in_time, typed
from tests.e2e.programs import LONGEST
from tests.messages import CRM_TOPIC, a_request, sent


@pytest.fixture
def data(directory: Path, mortal_kafka: RealKafka, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and the settings of a house that listens to a CRM."""
    senders = directory / "senders.toml"
    senders.write_text(CRM)
    set_up(monkeypatch, mortal_kafka, senders)
    make_topic(mortal_kafka.broker(), CRM_TOPIC)
    typed(directory / "data", "kafka", "topics", "apply")
    typed(directory / "data", "status")  # the first start
    return directory / "data"


def outcomes(broker: Broker) -> list[str]:
    """Then: who was told that an order was opened, in order."""
    partitions = broker.partitions(TOPIC)
    with closing(broker.reader(partitions)) as reader:
        count = sum(reader.end_offsets(partitions).values())
        found: list[str] = []
        while len(found) < count:
            for records in reader.poll(LONGEST, 100).values():
                found += [json.loads(one.value or b"")["order_id"] for one in records]
    return found


def test_an_intake_that_dies_before_it_tells_takes_every_request_once(
    data: Path, mortal_kafka: RealKafka
) -> None:
    broker = mortal_kafka.broker()
    producer = broker.producer()
    for name in ("1", "2", "3"):
        producer.send(sent(name, a_request(unit_id=CENTRO))).wait(LONGEST)
    producer.close(LONGEST)
    dies = {"OS_EVENTS_FAILPOINTS": "intake.recorded=kill@2", "OS_EVENTS_DEVELOPMENT": "1"}

    killed = typed(data, "intake", "--instance", "one", **dies)
    with beside(data, "intake", "--instance", "one") as again:
        assert in_time(lambda: len(set(outcomes(broker))) == 3)

    assert (killed.returncode, again.returncode) == (-SIGKILL, 0)
    with Installation(Settings(data_directory=data, allow_root=True)) as installation:
        orders = installation.log.begun("service-order.opened")
    assert set(outcomes(broker)) == {str(one) for one in orders}
    assert len(orders) == 3
    assert typed(data, "audit").returncode == 0
