"""Over TLS, signed in, and with no more rights than docs/how-to/kafka.md gives, on Apache Kafka."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from gc import collect
from pathlib import Path
from uuid import uuid4
from warnings import catch_warnings

import pytest

from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster
from os_events.messaging.ports import BrokerUnavailableError, Consumer, TopicMissingError
from os_events.messaging.records import Outgoing
from os_events.messaging.topics import FOR_EVER, apply, spec
from tests.brokers.asking import A_MOMENT, SOON, all_of, in_time, numbered, send, sending, values
from tests.brokers.certificates import write_certificates
from tests.brokers.real import LONGEST, MEMORY, TOOLS, RealKafka, java

ACLS, CONFIGS = "org.apache.kafka.tools.AclCommand", "kafka.admin.ConfigCommand"


def tool(kafka: RealKafka, name: str, *words: str) -> None:
    """Run one of Kafka's own tools, as an operator does."""
    command = java(name, "--bootstrap-server", kafka.brokers, *words, jars=TOOLS, options=MEMORY)
    subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)


def allow(kafka: RealKafka, user: str, *words: str) -> None:
    tool(kafka, ACLS, "--add", "--allow-principal", f"User:{user}", *words)


@pytest.fixture(scope="module")
def guarded(real_kafka: RealKafka) -> tuple[RealKafka, str]:
    """Given: two users, ``house`` with the rights of a publisher, ``partner`` with a reader's."""
    prefix = f"os.{uuid4()}."
    for user in ("house", "partner"):
        secret = f"SCRAM-SHA-512=[iterations=8192,password=secret of {user}]"
        entity = ("--entity-type", "users", "--entity-name", user)
        tool(real_kafka, CONFIGS, "--alter", "--add-config", secret, *entity)
    prefixed = ("--topic", prefix, "--resource-pattern-type", "prefixed")
    rights = ("Create", "Describe", "DescribeConfigs", "AlterConfigs", "Read", "Write")
    allow(real_kafka, "house", *operations(rights), *prefixed)
    allow(real_kafka, "partner", *operations(("Describe", "Read")), *prefixed)
    group = ("--group", "partner", "--resource-pattern-type", "prefixed")
    allow(real_kafka, "partner", *operations(("Read",)), *group)
    return real_kafka, prefix


def operations(rights: tuple[str, ...]) -> list[str]:
    return [word for right in rights for word in ("--operation", right)]


def signed_in(kafka: RealKafka, user: str, ca_file: Path | None = None) -> KafkaBroker:
    """Give it as somebody sees it who signed in."""
    authority = ca_file or kafka.authority
    return KafkaBroker(
        Cluster(kafka.secure, user, f"secret of {user}", authority, request_seconds=5.0)
    )


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """Afterwards: what kafka-python leaves lying after a handshake that failed is collected."""
    yield
    with catch_warnings(action="ignore", category=ResourceWarning):
        collect()


@pytest.fixture
def topic(guarded: tuple[RealKafka, str]) -> str:
    kafka, prefix = guarded
    name = f"{prefix}{uuid4()}"
    with closing(signed_in(kafka, "house").admin()) as admin:
        assert apply(admin, [spec(name, 1, FOR_EVER)]) == []
    return name


@pytest.fixture
def house(guarded: tuple[RealKafka, str]) -> KafkaBroker:
    return signed_in(guarded[0], "house")


@pytest.fixture
def partner(guarded: tuple[RealKafka, str]) -> KafkaBroker:
    return signed_in(guarded[0], "partner")


def test_the_house_publishes_and_looks_at_what_it_published(house: KafkaBroker, topic: str) -> None:
    send(house, numbered(topic, 10))

    assert values(all_of(house, topic)) == list(range(10))


def test_a_partner_reads_in_a_group_of_its_own(
    house: KafkaBroker, partner: KafkaBroker, topic: str
) -> None:
    send(house, numbered(topic, 10))

    found: list[int] = []
    with closing(partner.member("partner.crm", [topic])) as member:
        in_time(lambda: heard(found, member) == list(range(10)))

    assert found == list(range(10))


def heard(found: list[int], member: Consumer) -> list[int]:
    for records in member.poll(A_MOMENT, 100).values():
        found += values(records)
    return found


def test_a_partner_joins_no_group_of_the_house(partner: KafkaBroker, topic: str) -> None:
    member = partner.member("os-events-intake", [topic])

    with closing(member), pytest.raises(BrokerUnavailableError, match="GroupAuthorization"):
        member.poll(SOON, 1)


def test_a_partner_writes_nothing(house: KafkaBroker, partner: KafkaBroker, topic: str) -> None:
    with sending(partner) as producer, pytest.raises(BrokerUnavailableError, match="Authorization"):
        producer.send(Outgoing(topic, b"key", b"forged")).wait(SOON)

    assert all_of(house, topic) == []


def test_a_partner_makes_no_topics(guarded: tuple[RealKafka, str], partner: KafkaBroker) -> None:
    with closing(partner.admin()) as admin, pytest.raises(TopicMissingError, match="Authorization"):
        admin.create(spec(f"{guarded[1]}{uuid4()}", 1, FOR_EVER))


def test_nobody_reads_topics_that_they_have_no_right_to(
    real_broker: KafkaBroker, partner: KafkaBroker
) -> None:
    name = f"secret.{uuid4()}"
    with closing(real_broker.admin()) as admin:
        admin.create(spec(name, 1, FOR_EVER))

    with pytest.raises(TopicMissingError):
        partner.partitions(name)


def test_a_wrong_password_does_not_come_in(guarded: tuple[RealKafka, str]) -> None:
    kafka, _ = guarded
    cluster = Cluster(kafka.secure, "house", "guessed", kafka.authority, request_seconds=6.0)

    with pytest.raises(BrokerUnavailableError, match=r"disconnected|SaslAuthentication"):
        KafkaBroker(cluster).producer()


def test_a_broker_whose_certificate_is_not_ours_is_not_spoken_to(
    guarded: tuple[RealKafka, str], tmp_path: Path
) -> None:
    kafka, _ = guarded
    write_certificates(tmp_path / "other.pem", tmp_path / "other authority.pem")

    with pytest.raises(BrokerUnavailableError, match="certificate verify failed"):
        signed_in(kafka, "house", tmp_path / "other authority.pem").producer()


def test_a_broker_that_is_called_otherwise_than_its_certificate_says_is_not_spoken_to(
    guarded: tuple[RealKafka, str],
) -> None:
    kafka, _ = guarded
    called = kafka.secure.replace("127.0.0.1", "localhost")
    secret = "secret of house"  # noqa: S105 - of a test
    cluster = Cluster(called, "house", secret, kafka.authority, request_seconds=6.0)

    with pytest.raises(BrokerUnavailableError, match="Hostname mismatch"):
        KafkaBroker(cluster).producer()
