"""Quantities and what they cost. Money is integer centavos."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

Quantity = Annotated[
    str,
    Field(
        pattern=r"^([1-9]\d{0,5}(\.\d{0,3}[1-9])?|0\.\d{0,3}[1-9])$",
        max_length=11,
        examples=["1", "2.5"],
    ),
]


def amount_of(quantity: str, unit_price: int) -> int:
    """Multiply, rounded half up, once. Unit: centavos."""
    return int((Decimal(quantity) * unit_price).quantize(Decimal(1), ROUND_HALF_UP))
