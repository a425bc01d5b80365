"""A reader: read models on another machine, from the settings that name its database and group."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property, partial
from typing import Any, Self

import psycopg
from pydantic import SecretStr

from os_events.bootstrap.brokers import broker
from os_events.bootstrap.databases import SettingMissingError
from os_events.bootstrap.installation import Installation
from os_events.eventlog.database import FOLLOWER, READER, Pool, available, connect, open_pool
from os_events.eventlog.migrations import migrate
from os_events.eventlog.safety import derived_checks, refuse_unsafe
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.rebuild import Progress
from os_events.kpis import bi
from os_events.kpis.asking import install
from os_events.messaging.ports import Broker
from os_events.messaging.readers.checking import Checking
from os_events.messaging.readers.filling import Filling
from os_events.messaging.readers.keeping import DATABASE, Keeping, Reader
from os_events.messaging.readers.running import Running
from os_events.messaging.readers.schema import reader_migrations, reader_privileges
from os_events.messaging.readers.status import Status, status_of
from os_events.messaging.stored import LOG
from os_events.projections.facts import FACTS
from os_events.projections.order_board.board import OrderBoard
from os_events.settings import Settings

# Those that open no personal value: the vault stays where it is.
DERIVATIONS: tuple[Derivation[Any], ...] = tuple(dict.fromkeys([OrderBoard.derivation, *FACTS]))
FROZEN = "SET idle_in_transaction_session_timeout = '20s'"  # nobody may hold a place in his sleep


class Reading:
    """One reader, with its database. What is opened is closed with it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = told(settings.reader_database_url, "OS_EVENTS_READER_DATABASE_URL")
        self.reader = Reader(told(settings.reader_name, "OS_EVENTS_READER_NAME"), LOG, DERIVATIONS)
        self.house = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.house.close()

    @cached_property
    def fit(self) -> str:
        """The address of the database, once it is known to be fit. Raises UnsafeDatabaseError."""
        refuse_unsafe(derived_checks(self.url, reader_migrations(), reader_privileges()))
        return self.url

    @cached_property
    def following(self) -> Pool:
        """Connections that write the tables."""
        return self.house.enter_context(open_pool(self.fit, FOLLOWER, self.settings.connections))

    @cached_property
    def broker(self) -> Broker:
        """The cluster. Raises SettingMissingError, KafkaMissingError."""
        return broker(self.settings)

    @cached_property
    def installation(self) -> Installation:
        """The house itself, as far as it can be seen from here."""
        return self.house.enter_context(Installation(self.settings))

    @property
    def log_url(self) -> str:
        """Where the log is: what fills a reader, and what it is checked against.

        Raises: SettingMissingError.
        """
        url = self.settings.database_url  # that of the keys is no business of a reader's machine
        return url.get_secret_value() if url else self.installation.databases.log

    def connect(self) -> psycopg.Connection[Any]:
        """Open the one connection of a worker."""
        return opened(self.fit)

    def fill(self, progress: Callable[[str], Progress]) -> int:
        """Fill the reader from the log; say up to which position. Raises as ``Filling`` does."""
        filling = Filling(self.following, self.reader, self.broker, self.log_url)
        position = filling.run(progress, self.connect)
        self.install()
        return position

    def install(self) -> None:
        """Make the figures part of the database, and schema ``bi``. Raises UnavailableError."""
        company = self.installation.company
        with available(DATABASE), self.following.connection() as one, one.transaction():
            positions.prepare(one, [])
            install(one)
            bi.install(one, company.zone, company.units)

    def running(self, instance: str | None) -> Running:
        """Make a worker. Raises ReaderNotFilledError before anything else is changed."""
        with self.following.connection() as connection:
            Keeping(connection, self.reader).all_places()
        self.install()
        return Running(self.reader, self.broker, self.connect, instance)

    def status(self) -> Status:
        """Say how far the reader is. Raises UnavailableError."""
        return status_of(partial(connect, self.fit, READER), self.reader, self.broker)

    def checking(self) -> Checking:
        """Make a check against the log."""
        return Checking(self.reader, self.fit, self.log_url)


def opened(url: str) -> psycopg.Connection[Any]:
    """Open a connection for a worker: frozen in a transaction, it is ended."""
    connection = connect(url, FOLLOWER)
    connection.execute(FROZEN)
    return connection


def migrate_reader(admin_url: str) -> list[str]:
    """Bring the schema of a reader's database up to date; give what ran."""
    return migrate(admin_url, reader_migrations())


def told(value: SecretStr | str | None, name: str) -> str:
    """Give a setting that must be there. Raises SettingMissingError."""
    if value is None:
        raise SettingMissingError(name)
    return value.get_secret_value() if isinstance(value, SecretStr) else value
