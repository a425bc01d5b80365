"""Who does it, how it came to us, when it happened: told first to everything that decides."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.values.company import Company
from os_events.values.personal import Kept, Personal, Retention
from os_events.values.scalars import (
    Code,
    Instant,
    PlausibleInstant,
    Sha256,
    ShortText,
    Slug,
    Value,
)


class Role(Code):
    """In which role somebody acts."""

    ATTENDANT = "attendant", "Atendente"
    TECHNICIAN = "technician", "Técnico"
    DISPATCHER = "dispatcher", "Despachante"
    MANAGER = "manager", "Gestor"
    STOCK = "stock", "Estoque/logística"
    SALES = "sales", "Vendas"
    FINANCE = "finance", "Financeiro"
    CUSTOMER = "customer", "Cliente"
    AUDITOR = "auditor", "Auditor"
    DPO = "dpo", "Encarregado"
    INTEGRATION = "integration", "Integração"
    POLICY = "policy", "Sistema (prazo ou regra)"
    SUPPORT = "support", "Suporte"
    FIGURES = "figures", "Indicadores"


class Channel(Code):
    """How it came in."""

    COUNTER = "counter", "Balcão"
    PHONE = "phone", "Telefone"
    WHATSAPP = "whatsapp", "WhatsApp"
    EMAIL = "email", "E-mail"
    PORTAL = "portal", "Portal ou link do cliente"
    APP = "app", "Aplicativo do técnico"
    ON_SITE = "on_site", "No local"
    PAPER = "paper", "Papel"
    API = "api", "API"
    IMPORT = "import", "Importação"
    SYSTEM = "system", "Sistema"


class SourceKind(Code):
    """What kind of thing a fact was taken from."""

    PAPER = "paper", "papel"
    IMPORT = "import", "importação"
    INTEGRATION = "integration", "integração"


class Actor(Value):
    """Somebody, or a policy or an integration, in a role.

    Shape: ``id`` is a person's id, ``policy:<name>`` or ``integration:<name>``.
    """

    id: Annotated[str, Field(min_length=1, max_length=100)]
    role: Role


class Device(Value):
    """The device that captured the fact; ``offline`` if it had no connection then."""

    id: ShortText | None = None
    offline: bool = False


class Reason(Value):
    """Why it was done; rule H2 says when that must be told."""

    code: Slug
    note: Annotated[
        Personal[Annotated[str, Field(min_length=1, max_length=2000)]] | None,
        Kept(Retention.ORDER_EVIDENCE),
    ] = None

    def __str__(self) -> str:
        return self.code


class Source(Value):
    """Where a fact was taken from, when it is not first-hand.

    Shape: ``reference`` is a form's number, a row, a message's id; ``sha256`` is of the scan, the
    message, or of the whole imported file, since the digest of one row can be guessed.
    """

    kind: SourceKind
    system: ShortText | None = None
    reference: ShortText
    sha256: Sha256 | None = None

    def __str__(self) -> str:
        return f"{self.system} {self.reference}" if self.system else self.reference


class Claims(Value):
    """What the caller says of an act, with the request itself. Nothing of it is believed blindly.

    Without ``occurred_at`` it happened when it was asked for; without ``zone``, its clock is that
    of the place of performance.
    """

    occurred_at: PlausibleInstant | None = None
    zone: Annotated[str, Field(max_length=64)] | None = None
    channel: Channel | None = None
    device: Device | None = None
    on_behalf_of: UUID | None = None
    reason: Reason | None = None
    source: Source | None = None
    causation_id: UUID | None = None
    correlation_id: UUID | None = None


class Act(Value):
    """One act of one actor. Every event that it brings about carries it.

    What the act brings into being is called by ``id``, unless the caller named it: the domain makes
    no ids of its own. ``asked_at`` is when the request came, by the clock of the edge; ``company``
    is the house in which it is done, with its units and policies.
    """

    NOT_RECORDED: ClassVar[set[str]] = {"id", "asked_at", "company", "declared"}

    id: UUID
    actor: Actor
    channel: Channel
    occurred_at: Instant
    asked_at: Instant
    company: Company
    zone: str | None = None
    device: Device = Device()
    on_behalf_of: UUID | None = None
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    reason: Reason | None = None
    rule_ids: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()  # rules that the caller means to override
    source: Source | None = None
    traceparent: str | None = None

    @property
    def imported(self) -> bool:
        """Say whether the decision was taken elsewhere, and is only told here."""
        return self.channel is Channel.IMPORT

    @model_validator(mode="after")
    def _imports_say_so(self) -> Self:
        if self.imported != (self.source is not None and self.source.kind is SourceKind.IMPORT):
            raise ValueError("channel import and a source of kind import go together")
        return self
