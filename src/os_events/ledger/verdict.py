"""What the verifier found, and its words: Portuguese first, English second."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple
from uuid import UUID

from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import to_base64

Language = Literal["pt", "en"]
MOST_TOLD = 20


class Said(NamedTuple):
    """The same in both languages."""

    pt: str
    en: str


class Outcome(StrEnum):
    """A contradiction is divergent; what is only absent is inconclusive, and never intact."""

    INTACT = "intact"
    DIVERGENT = "divergent"
    INCONCLUSIVE = "inconclusive"
    UNREADABLE = "unreadable"


OUTCOMES = {
    Outcome.INTACT: Said(
        "ÍNTEGRO: o conteúdo deste arquivo é o que o log {origin} registrou.\n"
        "Isto não prova que o registrado seja verdadeiro.",
        "INTACT: this file holds what the log {origin} recorded.\n"
        "That does not prove that what was recorded is true.",
    ),
    Outcome.DIVERGENT: Said(
        "DIVERGENTE: algo neste arquivo não é o que o log registrou, ou não pertence a ele.",
        "DIVERGENT: something in this file is not what the log recorded, or not of this log.",
    ),
    Outcome.INCONCLUSIVE: Said(
        "INCONCLUSIVO: nada do que foi verificado diverge, mas falta verificar algo.",
        "INCONCLUSIVE: nothing that was checked diverges, but something could not be checked.",
    ),
    Outcome.UNREADABLE: Said(
        "ENTRADA INVÁLIDA: isto não é algo que este programa saiba ler.",
        "INVALID INPUT: this is nothing that this program can read.",
    ),
}
CODES = {
    "key-format": Said("a chave informada não é uma vkey Ed25519", "the key is no Ed25519 vkey"),
    "history-format": Said(
        "o arquivo não tem a forma os_events/history/v1; peça o original",
        "the file is not of the form os_events/history/v1; ask for the original",
    ),
    "against-format": Said(
        "o checkpoint anterior informado não é um checkpoint assinado por esta chave",
        "the older checkpoint is not a checkpoint signed by this key",
    ),
    "log-signature": Said(
        "o checkpoint não está assinado pela chave informada",
        "the checkpoint is not signed by the key that was given",
    ),
    "checkpoint-format": Said(
        "o checkpoint não tem a forma exigida", "the checkpoint has not the form it must have"
    ),
    "origin-unknown": Said("o checkpoint é de outro log", "the checkpoint is that of another log"),
    "entry-format": Said(
        "o registro não tem a forma exigida", "the entry has not the form it must have"
    ),
    "state-commitment": Said(
        "o conteúdo não é o que o registro fixou", "the state is not the one the entry fixes"
    ),
    "proof-format": Said(
        "a prova não tem a forma exigida", "the proof has not the form it must have"
    ),
    "index-position": Said("a prova é de outra posição", "the proof is that of another position"),
    "inclusion": Said(
        "o log do checkpoint não contém este registro",
        "the log of the checkpoint does not hold this entry",
    ),
    "entry-place": Said("o registro é de outro agregado", "the entry is that of another aggregate"),
    "version-gap": Said("falta uma versão antes desta", "a version before this one is missing"),
    "version-repeat": Said(
        "a versão se repete ou volta", "the version is there twice, or goes back"
    ),
    "previous-leaf": Said(
        "não é continuação da versão anterior", "it does not continue the version before it"
    ),
    "position-order": Said("a posição não cresce", "the position does not grow"),
    "time-order": Said("o instante de registro não cresce", "the recording time does not grow"),
    "consistency": Said(
        "o log deste arquivo não é continuação do checkpoint anterior informado",
        "the log of this file does not continue the older checkpoint that was given",
    ),
    "proof-missing": Said(
        "o arquivo não traz a prova a partir do checkpoint anterior informado; peça outro, feito "
        "com: os-events export order ORDEM --against CHECKPOINT",
        "the file has no proof from the older checkpoint that was given; ask for one made with: "
        "os-events export order ORDER --against CHECKPOINT",
    ),
    "checkpoint-older": Said(
        "o checkpoint informado é mais novo que o do arquivo; peça um arquivo novo",
        "the checkpoint that was given is newer than that of the file; ask for a new file",
    ),
}
SUBJECT = Said(
    "{events} eventos do agregado {aggregate}, versões 1 a {events}\n"
    "registrados de {first:%Y-%m-%d %H:%M:%S} a {last:%Y-%m-%d %H:%M:%S} UTC\n"
    "checkpoint de {size} registros, raiz {root}",
    "{events} events of the aggregate {aggregate}, versions 1 to {events}\n"
    "recorded from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC\n"
    "checkpoint of {size} entries, root {root}",
)
PROVED = Said("Está provado:", "Proved:")
NOT_PROVED = Said("Não está provado:", "Not proved:")
FACTS = (
    Said(
        "cada evento é, byte a byte, o que o log registrou, nesta ordem e com estes instantes",
        "each event is, byte for byte, what the log recorded, in this order, at these times",
    ),
    Said(
        "da versão 1 à {events} não falta nenhuma",
        "from version 1 to {events} none is missing",
    ),
)
GROWN = Said(
    "este log é continuação do checkpoint de {against} registros que você guardava",
    "this log continues the checkpoint of {against} entries that you kept",
)
UNKNOWN = (
    Said(
        "que o registrado seja verdade, nem quem o digitou",
        "that what was recorded is true, nor who typed it",
    ),
    Said(
        "quando os fatos ocorreram: occurred_at é uma alegação, recorded_at é o relógio do log",
        "when things happened: occurred_at is a claim, recorded_at is the clock of the log",
    ),
    Said(
        "que não haja versão depois da {events}, nem o que veio depois do checkpoint",
        "that no version follows {events}, nor anything that came after the checkpoint",
    ),
    Said(
        "o valor dos campos pessoais: deles o arquivo só traz compromissos",
        "the values of personal fields: the file holds commitments to them only",
    ),
)
NOT_GROWN = Said(
    "que o dono da chave não tenha refeito o log: guarde checkpoints e confira com --against",
    "that the owner of the key has not rewritten the log: keep checkpoints, check with --against",
)


class Finding(NamedTuple):
    """What contradicts, or is absent. ``event`` counts from 1 in the file, None: no single one."""

    code: str
    event: int | None = None
    detail: str = ""

    def told(self, language: Language) -> str:
        """Say it in a line."""
        place = Said("evento {} do arquivo: ", "event {} of the file: ")
        where = "" if self.event is None else getattr(place, language).format(self.event)
        detail = f": {self.detail}" if self.detail else ""
        return f"{where}{getattr(CODES[self.code], language)} ({self.code}{detail})"


class Subject(NamedTuple):
    """Whose history was verified, and under which checkpoint; ``against`` is the older size."""

    aggregate: UUID
    events: int
    first_recorded_at: datetime
    last_recorded_at: datetime
    checkpoint: Checkpoint
    against: int | None


@dataclass(frozen=True)
class Verdict:
    """The answer. ``subject`` is None where nothing could be relied on."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    subject: Subject | None = None

    def told(self, language: Language) -> str:
        """Say it all: the outcome, what was found, what is proved and what is not."""
        found = [f"- {finding.told(language)}" for finding in self.findings[:MOST_TOLD]]
        if len(self.findings) > MOST_TOLD:
            found.append(f"- … +{len(self.findings) - MOST_TOLD}")
        origin = self.subject.checkpoint.origin if self.subject else ""
        outcome = getattr(OUTCOMES[self.outcome], language).format(origin=origin)
        return "\n".join([outcome, *found, *_scope(self.subject, language)])


def _scope(subject: Subject | None, language: Language) -> list[str]:
    if subject is None:
        return []
    values = {
        "aggregate": subject.aggregate,
        "events": subject.events,
        "first": subject.first_recorded_at,
        "last": subject.last_recorded_at,
        "size": subject.checkpoint.size,
        "root": to_base64(subject.checkpoint.root),
        "against": subject.against,
    }
    is_grown = subject.against is not None
    proved = (*FACTS, GROWN) if is_grown else FACTS
    unknown = UNKNOWN if is_grown else (*UNKNOWN, NOT_GROWN)
    lines = [
        getattr(SUBJECT, language),
        getattr(PROVED, language),
        *(f"- {getattr(one, language)}" for one in proved),
        getattr(NOT_PROVED, language),
        *(f"- {getattr(one, language)}" for one in unknown),
    ]
    return "\n".join(lines).format(**values).split("\n")
