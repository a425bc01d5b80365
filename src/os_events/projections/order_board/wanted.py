"""Which orders are wanted, in which order, and after which."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from os_events.aggregates.service_order.codes import OrderType, Priority, Route
from os_events.aggregates.status import Category, OrderStatus
from os_events.projections.order_board.row import URGENCY, BoardRow
from os_events.values.scalars import Code, Value

FOREVER = "infinity"
NUMBER_PREFIX = "OS-"
NUMBER_DIGITS = 6  # an order's number has at least so many
FEW = Field(max_length=30)
Typed = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Place = Annotated[int, Field(ge=0, lt=len(URGENCY))]


class Sort(Code):
    """Which orders stand first."""

    DUE = "due", "prazo"
    LATEST = "latest", "mais recentes"


class Keys(NamedTuple):
    """How a sort is done: by which expressions, of which type, in which direction."""

    expressions: tuple[str, ...]
    types: tuple[str, ...]
    direction: Literal["ASC", "DESC"]
    values: TypeAdapter[Any]

    @property
    def order(self) -> str:
        """Write what stands after ORDER BY."""
        return ", ".join(f"{one} {self.direction}" for one in self.expressions)

    @property
    def beyond(self) -> str:
        """Write the condition for what comes after the last one that was seen."""
        sign = ">" if self.direction == "ASC" else "<"
        last = ", ".join(f"%s::{kind}" for kind in self.types)
        return f"({', '.join(self.expressions)}) {sign} ({last})"


KEYS = {
    Sort.DUE: Keys(
        ("coalesce(due_at, 'infinity'::timestamptz)", "urgency", "opened_at", "order_id"),
        ("timestamptz", "int", "timestamptz", "uuid"),
        "ASC",
        TypeAdapter(tuple[Sort, datetime | Literal["infinity"], Place, datetime, UUID]),
    ),
    Sort.LATEST: Keys(
        ("status_since", "order_id"),
        ("timestamptz", "uuid"),
        "DESC",
        TypeAdapter(tuple[Sort, datetime, UUID]),
    ),
}


def cursor_after(row: BoardRow, sort: Sort) -> str:
    """Write where a page ends."""
    last: tuple[Any, ...] = (sort, row.status_since, row.order_id)
    if sort is Sort.DUE:
        last = (sort, row.due_at or FOREVER, row.urgency, row.opened_at, row.order_id)
    return base64.urlsafe_b64encode(KEYS[sort].values.dump_json(last)).decode().rstrip("=")


def read_cursor(text: str, sort: Sort) -> list[Any]:
    """Read where a page ended. Raises ValueError if no page of that sort did."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        told: Sort
        values: list[Any]
        told, *values = KEYS[sort].values.validate_json(plain)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not a cursor of this list") from error
    if told is not sort:
        raise ValueError("a cursor of another sort")
    return values


class Wanted(Value):
    """Which orders: those that fit everything that is told. It is also the query of the request.

    Without a status or a category, and unless ``ended``, those that are open.
    """

    status: Annotated[tuple[OrderStatus, ...], FEW] = ()
    category: Annotated[tuple[Category, ...], FEW] = ()
    unit_id: Annotated[tuple[UUID, ...], FEW] = ()
    technician: Annotated[Typed, Field(min_length=1, max_length=100)] | None = None
    customer_id: UUID | None = None
    priority: Annotated[tuple[Priority, ...], FEW] = ()
    type: Annotated[tuple[OrderType, ...], FEW] = ()
    route: Annotated[tuple[Route, ...], FEW] = ()
    overdue: bool = False
    ended: bool = False
    sort: Sort = Sort.DUE
    cursor: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _the_cursor_is_of_this_list(self) -> Self:
        if self.cursor:
            read_cursor(self.cursor, self.sort)
        return self


@dataclass(frozen=True, slots=True)
class Named:
    """What a search named: a number or the beginning of one, these orders, or these customers'."""

    text: str
    order_ids: Sequence[UUID] = ()
    customer_ids: Sequence[UUID] = ()

    def patterns(self) -> list[str]:
        """Write what the number may look like: its beginning, its end alone, or all but ``OS-``."""
        typed = re.sub(r"[\\%_]", "", self.text.strip().upper())
        if typed.startswith(NUMBER_PREFIX):
            return [f"{typed}%"]
        if typed.isdecimal():
            return [f"%-{typed.zfill(NUMBER_DIGITS)}"]
        return [f"{NUMBER_PREFIX}{typed}"] if typed else []


class Where(NamedTuple):
    """A condition in SQL, and the values for its placeholders."""

    sql: str
    values: list[Any]


def where(wanted: Wanted, at: datetime, named: Named | None) -> Where:
    """Write the condition for what is wanted at an instant."""
    told: dict[str, Any] = {
        "status = ANY(%s)": [one.value for one in wanted.status],
        "category = ANY(%s)": [one.value for one in wanted.category],
        "unit_id = ANY(%s)": list(wanted.unit_id),
        "technician = %s": wanted.technician,
        "customer_id = %s": wanted.customer_id,
        "priority = ANY(%s)": [one.value for one in wanted.priority],
        "type = ANY(%s)": [one.value for one in wanted.type],
        "route = ANY(%s)": [one.value for one in wanted.route],
        "due_at <= %s": at if wanted.overdue else None,
    }
    asked = {sql: value for sql, value in told.items() if value}
    values = list(asked.values())
    parts = list(asked)
    if named:
        parts.append("(order_number LIKE ANY(%s) OR order_id = ANY(%s) OR customer_id = ANY(%s))")
        values += [named.patterns(), list(named.order_ids), list(named.customer_ids)]
    if not (wanted.status or wanted.category or wanted.ended or named):
        parts.append("category <> 'CLOSED'")
    return Where(" AND ".join(parts) or "true", values)
