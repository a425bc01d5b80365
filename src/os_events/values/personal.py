"""What is said of a field about a person. Its value is kept apart from the log (ADR 0011)."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from os_events.values.scalars import Code

T = TypeVar("T")


class Retention(Code):
    """Why, and so how long, a personal value is kept."""

    IDENTITY = "identity", "Identificação"
    CONTACT = "contact", "Contato"
    CONTACT_RECORD = "contact_record", "Registro de atendimento"
    ORDER_EVIDENCE = "order_evidence", "Prova da OS"
    MEDIA = "media", "Fotos e arquivos"
    DISPUTE_EVIDENCE = "dispute_evidence", "Prova de contestação"
    LOCATION = "location", "Localização"
    RECORDING = "recording", "Gravação"
    DEVICE_SECRET = "device_secret", "Senha do aparelho"
    BACKUP = "backup", "Cópia de dados do cliente"
    PAYMENT_EVIDENCE = "payment_evidence", "Prova de pagamento"
    MARKETING = "marketing", "Marketing"

    @property
    def ends_with_the_aggregate(self) -> bool:
        """Say whether its keys are made for one aggregate, not for a year."""
        return self in {Retention.DEVICE_SECRET, Retention.BACKUP}


class Sealed(BaseModel):
    """What the log holds in place of the value: a salted hash of it, and whose key opens it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    commitment: str = Field(alias="$commitment")
    key: UUID = Field(alias="$key")


class Erased(BaseModel):
    """What is read when the value, or the key to it, has been destroyed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ERASED = Erased()
Personal: TypeAlias = T | Sealed | Erased


@dataclass(frozen=True)
class Kept:
    """Marks a field as personal: how long it is kept, and whom it is about.

    Shape: ``subject`` names the field beside it that says whom; without one it is about the
    aggregate's own subject.
    """

    retention: Retention
    subject: str | None = None

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show the value only: nobody sends or is shown a placeholder."""
        schema = handler(core_schema)
        plain = [one for one in schema.get("anyOf", []) if not is_placeholder(one, handler)]
        return schema if not plain else plain[0] if len(plain) == 1 else {"anyOf": plain}


def is_placeholder(schema: JsonSchemaValue, handler: GetJsonSchemaHandler) -> bool:
    """Say whether a JSON schema is that of a sealed or an erased value."""
    title = handler.resolve_ref_schema(schema).get("title")
    return title in {Sealed.__name__, Erased.__name__}


class Found(NamedTuple):
    """A personal field of a value: where it is, what is said of it, and what stands there.

    Shape: ``path`` is the keys and indexes that lead to it; ``holder`` the model that it is in.
    """

    path: tuple[str | int, ...]
    mark: Kept
    holder: BaseModel
    value: Any

    @property
    def pointer(self) -> str:
        """Give the RFC 6901 pointer. No field of ours needs an escape."""
        return "".join(f"/{step}" for step in self.path)


def personal_fields(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Found]:
    """Find every personal field that has a value, however deep."""
    if isinstance(value, BaseModel):
        for name, mark in _worth_a_look(type(value)):
            field = getattr(value, name)
            if field is None:
                continue
            if mark is None:
                yield from personal_fields(field, (*path, name))
            else:
                yield Found((*path, name), mark, value, field)
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from personal_fields(part, (*path, index))


def mark_of(model: type[BaseModel], name: str) -> Kept | None:
    """Give what was said of a field."""
    found = (mark for mark in model.model_fields[name].metadata if isinstance(mark, Kept))
    return next(found, None)


@cache
def _worth_a_look(model: type[BaseModel]) -> tuple[tuple[str, Kept | None], ...]:
    """Name the fields that are personal, or may hold such a field: most events have none."""
    found = []
    for name, info in model.model_fields.items():
        mark = mark_of(model, name)
        if mark or any(map(_worth_a_look, _models_in(info.annotation))):
            found.append((name, mark))
    return tuple(found)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in {Sealed, Erased}:
            yield annotation
    elif get_origin(annotation) in {Union, types.UnionType, tuple}:
        for part in get_args(annotation):
            yield from _models_in(part)
    elif hasattr(annotation, "__metadata__"):
        yield from _models_in(annotation.__origin__)
