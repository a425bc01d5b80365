"""Orders as people name them: by number, or by id."""

from uuid import UUID

from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.errors import NotFoundError
from os_events.projections.order_board.board import OrderBoard
from os_events.projections.order_board.wanted import Named, Wanted


def order_id(installation: Installation, name: str) -> UUID:
    """Find an order. Raises NotFoundError, UnavailableError."""
    try:
        return UUID(name)
    except ValueError:
        board = installation.views[OrderBoard]
        assert isinstance(board, OrderBoard)  # noqa: S101 - for the type checker
    found = board.page(Wanted(), edge_clock(), Named(name)).orders
    exact = [row.order_id for row in found if row.order_number == name.upper()]
    if not exact:
        raise NotFoundError(f"no order {name}; a number looks like OS-2026-000001")
    return exact[0]
