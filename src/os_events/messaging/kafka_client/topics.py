"""An administrator's client of kafka-python."""

from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import NoError, TopicAlreadyExistsError

from os_events.messaging.kafka_client.cluster import Cluster, client, translated
from os_events.messaging.ports import TopicMissingError, TopicSpec


def admin(cluster: Cluster) -> "KafkaAdmin":
    """Make one. Raises BrokerUnavailableError."""
    return KafkaAdmin(client(KafkaAdminClient, cluster.config()))


class KafkaAdmin:
    """Looks at topics and makes them."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def describe(self, names: Sequence[str]) -> dict[str, TopicSpec]:
        """Say how topics are, with the keys of ``config`` that differ from the broker's default."""
        there = self.partitions(names)
        with translated("topics"):
            asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in there]
            configs = self.admin.describe_configs(asked).get("topic", {}) if there else {}
        return {name: spec(name, told, configs[name]) for name, told in there.items()}

    def partitions(self, names: Sequence[str]) -> dict[str, list[Any]]:
        """Say what each topic that is there is divided into."""
        with translated("topics"):
            told = self.admin.describe_topics(list(names))
        return {one["name"]: one["partitions"] for one in told if not one["error_code"]}

    def create(self, spec: TopicSpec) -> None:
        """Make a topic, and wait until all of it is there; somebody else may have made it.

        Raises: TopicMissingError where the brokers refuse, BrokerUnavailableError.
        """
        options = {
            "num_partitions": spec.partitions,
            "replication_factor": spec.replication,
            "configs": dict(spec.config),
        }
        with translated(f"making {spec.name}"):
            asked = self.admin.create_topics({spec.name: options}, raise_errors=False)
            answer = asked["topics"][0]
            if answer["error_code"] not in {NoError.errno, TopicAlreadyExistsError.errno}:
                raise TopicMissingError(f"{spec.name} is not made: {answer['error_message']}")
            self.admin.wait_for_topics([spec.name])

    def configure(self, name: str, config: Mapping[str, str]) -> None:
        """Set these keys of a topic that is there.

        Raises: TopicMissingError where the brokers refuse, BrokerUnavailableError.
        """
        wanted = ConfigResource(ConfigResourceType.TOPIC, name, dict(config))
        with translated(f"configuring {name}"):
            answer = self.admin.alter_configs([wanted])["topic"][name]
        if answer != "OK":
            raise TopicMissingError(f"{name} is not configured: {answer}")

    def close(self) -> None:
        """Let go."""
        self.admin.close()


def spec(name: str, partitions: Sequence[Any], config: Mapping[str, Any]) -> TopicSpec:
    """Read how a topic is."""
    replication = min(len(one["replica_nodes"]) for one in partitions)
    kept = {key: str(one["value"]) for key, one in config.items()}
    return TopicSpec(name, len(partitions), replication, kept)
