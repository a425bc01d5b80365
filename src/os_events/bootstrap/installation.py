"""One installation: every part, built when it is first asked for."""

from contextlib import ExitStack, closing, suppress
from functools import cached_property
from importlib import resources
from secrets import token_bytes
from typing import Any, Self
from uuid import UUID

from os_events.access.keys import Keys
from os_events.access.sessions import Sessions
from os_events.access.tokens import Pepper
from os_events.bootstrap import brokers
from os_events.bootstrap.databases import (
    Admin,
    Databases,
    SettingMissingError,
    edge_clock,
    reached,
)
from os_events.commands.beginning import begin, manager_id
from os_events.errors import OsEventsError
from os_events.eventlog.database import (
    ACCESS,
    FOLLOWER,
    LEDGER,
    MESSENGER,
    READER,
    Pool,
    available,
    open_pool,
)
from os_events.eventlog.kek import Kek, open_kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Follower
from os_events.followers.history_tables import grouped
from os_events.followers.positions import FollowerState
from os_events.followers.read_model import ReadModel
from os_events.followers.rebuild import Rebuild, Source
from os_events.kpis import bi
from os_events.kpis.asking import Figures, install
from os_events.kpis.past import Past
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.export import history_file
from os_events.ledger.files import make_folder, write_new
from os_events.ledger.names import names
from os_events.ledger.publication import Publication
from os_events.ledger.publisher import Publisher
from os_events.ledger.signing import Signer, load_or_make
from os_events.ledger.standing import refusal_of
from os_events.ledger.store import CheckpointStore
from os_events.messaging.ports import Broker
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.webhooks import Webhooks
from os_events.projections.facts import FACTS
from os_events.projections.facts.intervals import OrderIntervals
from os_events.projections.lookup import Lookup, order_lookup, person_lookup
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.person_record import PersonRecord
from os_events.settings import Settings
from os_events.values.acts import Actor, Role
from os_events.values.company import Company
from os_events.values.principal import Principal

READ_MODELS: tuple[type[ReadModel[Any]], ...] = (
    OrderBoard,
    OrderIntervals,
    PersonRecord,
)
SAMPLE_COMPANY = resources.files("os_events").joinpath("company.toml")
SECRET_BYTES = 32


class Installation:
    """One installation. What is opened is closed with it.

    Shape: ``admin`` is for databases that are not embedded, and for commands that need it.
    """

    def __init__(self, settings: Settings, admin: Admin | None = None) -> None:
        self.settings = settings
        self.admin = admin
        self.house = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.house.close()

    @cached_property
    def databases(self) -> Databases:
        """Where everything is, as it was found. Raises SettingMissingError."""
        return reached(self.settings, self.admin, self.house)

    @cached_property
    def fit(self) -> Databases:
        """The same, once they are known to keep what they are told. Raises UnsafeDatabaseError."""
        self.databases.make_fit(failpoints_allowed=self.settings.development)
        return self.databases

    @cached_property
    def company(self) -> Company:
        """The house, or the one that is shipped as a sample. Raises SettingMissingError."""
        file = self.settings.company_file
        try:
            return Company.of_toml((file or SAMPLE_COMPANY).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SettingMissingError(f"OS_EVENTS_COMPANY_FILE: {file}: {error}") from error

    def secret(self, name: str) -> bytes:
        """Read a secret of this installation; make it at the first start."""
        path = self.settings.data_directory / "keys" / name
        if not path.exists():
            make_folder(path.parent, mode=0o700)
            with suppress(FileExistsError):  # another process was first
                write_new(path, token_bytes(SECRET_BYTES), mode=0o400)
        return path.read_bytes()

    @cached_property
    def store(self) -> CheckpointStore:
        """What the log stands by."""
        return CheckpointStore(self.settings.checkpoints)

    @cached_property
    def signer(self) -> Signer:
        """Whoever signs checkpoints. Raises OriginOrKeyError."""
        return load_or_make(self.settings.ledger, self.store)

    def refusal(self) -> OsEventsError | None:
        """Say why nothing may be recorded now. Raises UnavailableError."""
        key = self.signer.verifier
        return refusal_of(self.fit.log, self.settings.ledger, self.store, key)

    @cached_property
    def kek(self) -> Kek:
        """The key that wraps all data keys. Raises KekMissingError, WrongKekError."""
        make_folder(self.settings.kek.parent, mode=0o700)
        return open_kek(self.settings.kek, self.fit.keys)

    @cached_property
    def log_as_it_is(self) -> EventLog:
        """The log, whatever was signed: for who declares that some of it is lost."""
        ring = self.house.enter_context(closing(KeyRing(self.fit.keys, self.kek)))
        connections = self.settings.connections
        return self.house.enter_context(EventLog(self.fit.log, ring, pool_size=connections))

    @cached_property
    def log(self) -> EventLog:
        """The log, begun; it records nothing while it is not what was signed."""
        log = self.log_as_it_is
        log.refusal = self.refusal()
        if log.refusal is None:
            key = self.signer.verifier
            begin(log, key.name, (key.vkey,), self.company, edge_clock())
        return log

    @property
    def manager(self) -> Principal:
        """Name the manager of the first start, who is called after the log's first name."""
        known = names(self.fit.log, LEDGER)
        origin = known[0].origin if known else self.signer.verifier.name
        return Principal(Actor(id=str(manager_id(origin)), role=Role.MANAGER))

    def pool(self, role: str) -> Pool:
        """Open connections with the rights of a role, and no more."""
        connections = self.settings.connections
        return self.house.enter_context(open_pool(self.fit.log, role, connections))

    @cached_property
    def reading(self) -> Pool:
        """Connections for questions."""
        return self.pool(READER)

    @cached_property
    def following(self) -> Pool:
        """Connections for followers, with the tables of how far they are, and the figures.

        Raises UnavailableError, also while a dashboard reads what is to be made anew.
        """
        pool, company = self.pool(FOLLOWER), self.company
        with available("the read models"), pool.connection() as one, one.transaction():
            positions.prepare(one, [])
            install(one)
            bi.install(one, company.zone, company.units)
        return pool

    @cached_property
    def access(self) -> tuple[Keys, Sessions]:
        """Who may ask."""
        pool, pepper = self.pool(ACCESS), Pepper(self.secret("pepper"))
        return Keys(pool, pepper, edge_clock), Sessions(pool, pepper, edge_clock)

    @cached_property
    def lookup(self) -> Lookup:
        """How people and orders are found."""
        return Lookup(self.reading, self.secret("lookup"), self.settings.read_wait_seconds)

    @cached_property
    def views(self) -> dict[type[ReadModel[Any]], ReadModel[Any]]:
        """The read models, to be asked."""
        wait = self.settings.read_wait_seconds
        return {model: model(self.reading, wait) for model in READ_MODELS}

    @cached_property
    def figures(self) -> Figures:
        """Whom to ask for figures."""
        return Figures(self.reading, self.settings.read_wait_seconds)

    @cached_property
    def past(self) -> Past:
        """Where figures are to be had as they were known."""
        return Past(Source(self.log, self.following), self.settings.read_wait_seconds)

    @property
    def derivations(self) -> list[Derivation[Any]]:
        """What followers keep."""
        secret = self.secret("lookup")
        kept = dict.fromkeys([*(model.derivation for model in READ_MODELS), *FACTS])
        return [*kept, person_lookup(secret), order_lookup(secret)]

    def followers(self) -> list[Follower]:
        """Make a follower for each group of read models that share a reading."""
        groups = grouped(self.log, self.derivations)
        return [Follower(self.log, self.following, group) for group in groups]

    def follower_states(self) -> list[FollowerState]:
        """Say how far each follower is. Raises UnavailableError."""
        kept = {one.name for one in self.derivations}
        with available("the read models"), self.following.connection() as connection:
            return [one for one in positions.all_states(connection) if one.follower in kept]

    def retire(self) -> list[str]:
        """Let go of the tables that an earlier version kept; name them. Raises UnavailableError."""
        kept = [one.name for one in self.derivations]
        with available("the read models"), self.following.connection() as connection:
            with connection.transaction():
                positions.retire(connection, found := positions.retired(connection, kept))
            return found

    def rebuild(self) -> Rebuild:
        """Make a rebuild of all read models."""
        return Rebuild(Source(self.log, self.following), self.derivations)

    @cached_property
    def broker(self) -> Broker:
        """The cluster of Kafka. Raises SettingMissingError, KafkaMissingError."""
        return brokers.broker(self.settings)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Who gets events posted, and what is due to them."""
        settings = self.settings
        gate = Gate(settings.webhook_ports, settings.development)
        return Webhooks.of(self.log, self.pool(MESSENGER), self.kek, gate, edge_clock)

    @cached_property
    def publisher(self) -> Publisher:
        """The follower that signs checkpoints."""
        return Publisher(self.fit.log, self.settings.ledger, self.store, self.signer)

    def checkpoint(self) -> tuple[bytes, Checkpoint] | None:
        """Give the published checkpoint, as signed and as read. Raises OriginOrKeyError."""
        return Publication(self.settings.ledger).opened(self.signer.verifier)

    def history_file(self, aggregate_id: UUID, against: bytes | None = None) -> bytes:
        """Write the verifiable history of one aggregate. Raises as ``ledger.export`` does."""
        key = self.signer.verifier
        return history_file(self.fit.log, self.settings.ledger, key, aggregate_id, against)
