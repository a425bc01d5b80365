"""Throughput: orders closed (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

THROUGHPUT = Figure(
    name="throughput",
    title=Words("Vazão", "Throughput"),
    formula=Words(
        "Encerramentos de ordens; por dia: ÷ dias do período. Uma ordem reaberta e encerrada de "
        "novo conta de novo.",
        "Closings of orders; a day: ÷ days of the period. An order that was reopened and closed "
        "again counts again.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.FACT,
    anchored=Words("encerramento", "closing"),
    left_out=Words("canceladas", "cancelled"),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        1::bigint, 1::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'closed' AND m.at <= as_of AND {not_cancelled("m")}
    """,
)
