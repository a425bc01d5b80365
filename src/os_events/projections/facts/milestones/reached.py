"""What an order can reach, and what is said of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple
from uuid import UUID

from os_events.values.scalars import Code


class Milestone(Code):
    """What an order can reach."""

    OPENED = "opened", "aberta"
    RESPONDED = "responded", "primeira ação"
    DIAGNOSED = "diagnosed", "diagnosticada"
    FAULTY = "faulty", "com defeito constatado"
    QUOTE_SENT = "quote_sent", "orçamento enviado"
    DECIDED = "decided", "orçamento respondido"
    QUOTE_ENDED = "quote_ended", "orçamento encerrado"
    PROMISED = "promised", "prazo prometido"
    PART_AVAILABLE = "part_available", "peça disponível"
    PART_INSTALLED = "part_installed", "peça instalada"
    WORKED = "worked", "dia trabalhado"
    COMPLETED = "completed", "serviço concluído"
    CHECKED = "checked", "teste de qualidade"
    FULFILLED = "fulfilled", "cumprida"
    OUTSTANDING = "outstanding", "prazo em curso"
    DONE = "done", "entregue reparada ou concluída"
    TURNED_AROUND = "turned_around", "ciclo encerrado"
    SETTLED = "settled", "custos fechados"
    CLOSED = "closed", "encerrada"
    CANCELLED = "cancelled", "cancelada"
    REOPENED = "reopened", "reaberta"


class Reached(NamedTuple):
    """A milestone that was reached ``at`` an instant; it counts until another takes its place.

    Shape: what the other fields hold is told by the function that gives the milestone. They say
    what was true at that instant, and nothing that was told of later ones. It belongs to the civil
    day of ``at``, or else of ``anchor``.
    """

    milestone: Milestone
    at: datetime
    until: datetime | None = None
    seconds: int | None = None
    of_seconds: int | None = None
    amount: int | None = None
    of_amount: int | None = None
    subject: str | None = None
    detail: str | None = None
    related: UUID | None = None
    promised_at: datetime | None = None
    anchor: datetime | None = None


def superseding(found: Sequence[Reached | datetime]) -> Iterator[Reached]:
    """Let each count until the next, or until an instant after it that ends what it says."""
    for one, following in zip_longest(found, found[1:]):
        if isinstance(one, Reached):
            end = following.at if isinstance(following, Reached) else following
            yield one._replace(until=end)
