"""Where each service of an order is (domain.md 6.4)."""

from collections.abc import Iterator

from os_events.aggregates.service_order.codes import LineOutcome
from os_events.aggregates.service_order.memory import Work
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.scalars import Code


class LineStage(Code):
    """Where a service is."""

    REQUESTED = "requested", "Solicitado"
    QUOTED = "quoted", "Orçado"
    DECLINED = "declined", "Recusado"
    APPROVED = "approved", "Aprovado"
    WAITING_PARTS = "waiting_parts", "Aguardando peça"
    IN_PROGRESS = "in_progress", "Em execução"
    DONE = "done", "Executado"
    NOT_DONE = "not_done", "Não executado"


OUTCOMES = {LineOutcome.DONE: LineStage.DONE, LineOutcome.NOT_DONE: LineStage.NOT_DONE}


def stages(order: ServiceOrder) -> dict[str, LineStage]:
    """Give the stage of each service, in the order in which they were asked for."""
    return {line.line_id: stage_of(order, line.line_id) for line in order.lines}


def stage_of(order: ServiceOrder, line_id: str) -> LineStage:
    """Decide: the first that holds."""
    if line_id in order.line_outcomes:
        return OUTCOMES[order.line_outcomes[line_id]]
    return next(stage for holds, stage in on_its_way(order, line_id) if holds)


def on_its_way(order: ServiceOrder, line_id: str) -> Iterator[tuple[bool, LineStage]]:
    """Say of each stage before the end whether it holds."""
    is_begun = line_id in order.lines_started
    is_allowed = line_id in order.scope
    awaited = {request.line_id for request in order.parts_awaited}
    latest = order.quotes.get(order.latest_version)
    yield is_begun and order.work is Work.ACTIVE, LineStage.IN_PROGRESS
    yield is_allowed and line_id in awaited, LineStage.WAITING_PARTS
    yield is_begun and order.work is Work.PAUSED, LineStage.IN_PROGRESS
    yield is_allowed, LineStage.APPROVED
    yield line_id in order.lines_refused, LineStage.DECLINED
    yield latest is not None and line_id in latest.line_ids, LineStage.QUOTED
    yield True, LineStage.REQUESTED
