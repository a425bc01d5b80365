"""``os-events kafka topics`` as an operator types it, before and after the topics are there."""

import json
from pathlib import Path

from tests.brokers.real import RealKafka
from tests.e2e.processes import typed

SENDERS = """
[[senders]]
topic = "crm.service-request.commands.v1"
source = "/crm"
name = "crm"
"""


def test_topics_are_planned_made_and_checked(directory: Path, mortal_kafka: RealKafka) -> None:
    senders = directory / "senders.toml"
    senders.write_text(SENDERS)
    settings = {
        "OS_EVENTS_KAFKA_BROKERS": mortal_kafka.brokers,
        "OS_EVENTS_KAFKA_REPLICATION": "1",
        "OS_EVENTS_INTAKE_FILE": str(senders),
    }
    words = ("kafka", "topics")

    planned = typed(directory, *words, "plan", "--json", **settings)
    checked = typed(directory, *words, "check", **settings)
    applied = typed(directory, *words, "apply", **settings)
    checked_again = typed(directory, *words, "check", **settings)

    assert {one["topic"] for one in json.loads(planned.stdout)} == {
        "os.order.events.v1",
        "os.log.v1",
        "os.service-request.outcomes.v1",
        "crm.service-request.commands.v1.os-events-intake.dlq",
    }
    assert [planned.returncode, checked.returncode] == [0, 8]
    assert [applied.returncode, checked_again.returncode] == [0, 0]
    assert checked_again.stdout == "all topics are as they must be\n"


def test_more_replicas_than_brokers_are_refused_with_a_reason(
    directory: Path, real_kafka: RealKafka
) -> None:
    settings = {"OS_EVENTS_KAFKA_BROKERS": real_kafka.brokers, "OS_EVENTS_KAFKA_REPLICATION": "9"}

    applied = typed(directory, "kafka", "topics", "apply", **settings)

    assert applied.returncode != 0
    assert "replica" in applied.stdout + applied.stderr


def test_without_brokers_the_setting_is_named(directory: Path) -> None:
    told = typed(directory, "kafka", "topics", "check")

    assert told.returncode == 4
    assert "setting-missing: OS_EVENTS_KAFKA_BROKERS" in told.stderr
