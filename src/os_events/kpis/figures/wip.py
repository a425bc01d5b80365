"""Work in process: orders that are not closed (kpis.md 5)."""

from os_events.aggregates.status import OrderStatus
from os_events.kpis.figure import Anchor, Figure, Unit, Words, lasting, traits_number_then, words_of

WIP = Figure(
    name="wip",
    title=Words("Em processo", "Work in process"),
    formula=Words(
        "Ordens não encerradas no instante, também as concluídas que esperam o dono.",
        "Orders not closed at the instant, also those done that wait for their owner.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.INSTANT,
    anchored=Words("fim do período", "end of the period"),
    left_out=Words("nada", "nothing"),
    series=Words("etapa", "status"),
    parts=words_of(OrderStatus),
    cases=f"""
    SELECT i.order_id, i.number::bigint, i.started_at, NULL::date, {traits_number_then("i")},
        (SELECT s.about FROM $intervals s
            WHERE s.order_id = i.order_id AND s.kind = 'status' AND {lasting("s")}),
        1::bigint, 1::bigint, NULL::text
    FROM $intervals i WHERE i.kind = 'stage' AND {lasting("i")}
    """,
)
