"""Every setting, read once from the environment at start-up."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "OS_EVENTS_"
NAME = "os-events"


def usual_data_directory() -> Path:
    """Give the folder where programs of this user keep their data."""
    if os.geteuid() == 0:
        return Path("/var/lib") / NAME
    told = Path(os.environ.get("XDG_DATA_HOME", ""))  # noqa: TID251 - this module reads the environment
    return (told if told.is_absolute() else Path.home() / ".local" / "share") / NAME


def postgresql(url: SecretStr) -> SecretStr:
    """Give an address back if it is one of a PostgreSQL. Raises ValueError."""
    if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("an address like postgresql://user:password@host:5432/database")
    return url


DatabaseUrl = Annotated[SecretStr, AfterValidator(postgresql)]  # it holds a password
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


class Settings(BaseSettings):
    """``OS_EVENTS_*`` variables. Only ``bootstrap`` and ``cli`` may look at them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    data_directory: Folder = Field(
        default_factory=usual_data_directory,
        description="Where everything is kept that is not in a database of yours: the embedded"
        " database, key files, the ledger. As root the default is /var/lib/os-events, otherwise"
        " os-events in $XDG_DATA_HOME or ~/.local/share.",
    )
    database_url: DatabaseUrl | None = Field(
        default=None,
        description="A PostgreSQL from version 15 on. Without one the program runs its own.",
    )
    keys_database_url: DatabaseUrl | None = Field(
        default=None,
        description="The database of the keys that personal values are sealed with. With a"
        " database of yours it must be set, and be another one: its backups are kept 30 days.",
    )
    admin_url: DatabaseUrl | None = Field(
        default=None,
        description="The address of that database for a superuser, for commands that need one"
        " (migrate, backup, restore); --admin-url says the same, where others can read it.",
    )
    keys_admin_url: DatabaseUrl | None = Field(
        default=None, description="The address of the database of keys for a superuser."
    )
    allow_root: bool = Field(
        default=False,
        description="Run the embedded database although the program runs as root: it then runs"
        " as the system user os-events.",
    )
    company_file: Folder | None = Field(
        default=None,
        description="The company with its units and policies. Without one the sample that the"
        " package brings along, os_events/company.toml, is used, and every start says so.",
    )
    kek_file: Folder | None = Field(
        default=None,
        description="The key that wraps all data keys; by default keys/kek in the data directory."
        " It is made at the first start. Without it no personal value can ever be read again.",
    )
    ledger_dir: Folder | None = Field(
        default=None,
        description="Where signed checkpoints are published, and the signing key is kept; by"
        " default ledger in the data directory.",
    )
    checkpoint_store: Folder | None = Field(
        default=None,
        description="What the log stands by, outside the database; by default checkpoints in the"
        " data directory. Put it on another disk, in another backup: against a restore of the"
        " whole machine only what lies elsewhere helps.",
    )
    ledger_interval_seconds: float = Field(
        default=1.0, ge=0.1, le=3600, description="The least time between two checkpoints."
    )
    development: bool = Field(
        default=False,
        description="Start although failpoints are armed: tests stop the program on purpose. And"
        " let webhooks go to this machine, also by http: who writes a receiver tries it there.",
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Where the API and the pages listen. Put a proxy with TLS in front before you"
        " open it to a network.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="On which port; 0 chooses a free one."
    )
    connections: int = Field(
        default=8, ge=3, le=64, description="The most connections of one pool to the database."
    )
    read_wait_seconds: float = Field(
        default=2.0,
        ge=0,
        le=60,
        description="How long a question waits for the views to reach the position it asks for.",
    )

    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Where /metrics and /health of a process are, on a port of their own; 0"
        " chooses a free one. `os-events up` gives its children this one and those that follow."
        " Without it no process tells.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Where that port listens. It asks nobody for a key: open it to the network of"
        " whoever watches, and to no other.",
    )
    otlp_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="Where traces are sent by OTLP over HTTP, as http://collector:4318; it takes"
        " the extra `otel`. Without it there are none.",
    )

    kafka_brokers: str | None = Field(
        default=None,
        pattern=r"^[^\s,]+:\d+(,[^\s,]+:\d+)*$",
        description="Where Kafka is: host:port, more of them with commas between. Without it"
        " nothing is published, and nothing is missing.",
    )
    kafka_user: str | None = Field(
        default=None, description="The user for SASL/SCRAM-SHA-512; without one nobody signs in."
    )
    kafka_password: SecretStr | None = Field(default=None, description="The password of that user.")
    kafka_ca_file: Folder | None = Field(
        default=None,
        description="The certificates that the brokers' own are checked by. With it, or with a"
        " user, connections use TLS; then without it by those of the system.",
    )
    kafka_replication: int = Field(
        default=3,
        ge=1,
        le=9,
        description="On how many brokers each topic of ours is kept; one less must be in sync.",
    )
    kafka_topics: tuple[str, ...] = Field(
        default=("os.order.events.v1",),
        description="The topics that `os-events up` publishes, as JSON; os.log.v1 as well where"
        " read models are kept on other machines.",
    )

    intake_file: Folder | None = Field(
        default=None,
        description="The other systems whose requests are taken from Kafka: topic, source, and as"
        " whom each acts (docs/how-to/requests-in.md). Without it none are.",
    )

    webhook_ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = Field(
        default=(443,),
        min_length=1,
        description="On which ports receivers of webhooks may listen, as JSON.",
    )

    reader_database_url: DatabaseUrl | None = Field(
        default=None,
        description="The database of read models on another machine, which `os-events reader`"
        " keeps from the topic os.log.v1. It is a PostgreSQL of its own, without a log.",
    )
    reader_name: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$",
        description="What the reader of that database is called, and with it the consumer group of"
        " its workers: another name for each such database.",
    )

    @property
    def kek(self) -> Path:
        """Give the file of the key-encryption key."""
        return self.kek_file or self.data_directory / "keys" / "kek"

    @property
    def ledger(self) -> Path:
        """Give the folder of the ledger."""
        return self.ledger_dir or self.data_directory / "ledger"

    @property
    def checkpoints(self) -> Path:
        """Give the folder of the checkpoint store."""
        return self.checkpoint_store or self.data_directory / "checkpoints"
