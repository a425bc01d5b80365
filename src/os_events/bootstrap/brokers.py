"""The cluster of Kafka that the settings name."""

from os_events.bootstrap.databases import SettingMissingError
from os_events.errors import UnavailableError
from os_events.messaging.ports import Broker
from os_events.settings import Settings


class KafkaMissingError(UnavailableError):
    """Kafka is spoken to by kafka-python. To install it: ``pip install "os-events[kafka]"``."""

    slug = "kafka-missing"


def broker(settings: Settings) -> Broker:
    """Give the cluster; nothing is connected yet. Raises SettingMissingError, KafkaMissingError."""
    brokers, user, password = settings.kafka_brokers, settings.kafka_user, settings.kafka_password
    if brokers is None:
        raise SettingMissingError("OS_EVENTS_KAFKA_BROKERS")
    if (user is None) != (password is None):
        raise SettingMissingError("OS_EVENTS_KAFKA_USER and OS_EVENTS_KAFKA_PASSWORD: both")
    if settings.kafka_ca_file and not settings.kafka_ca_file.is_file():
        raise SettingMissingError(f"OS_EVENTS_KAFKA_CA_FILE: {settings.kafka_ca_file} is no file")
    try:
        from os_events.messaging.kafka_client.broker import KafkaBroker  # noqa: PLC0415 - an extra
        from os_events.messaging.kafka_client.cluster import Cluster  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise KafkaMissingError("it is not installed") from error
    secret = password.get_secret_value() if password else None
    return KafkaBroker(Cluster(brokers, user, secret, settings.kafka_ca_file))
