"""Throughput: orders closed (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force

THROUGHPUT = Figure(
    name="throughput",
    title=Words("Vazão", "Throughput"),
    formula=Words(
        "Ordens encerradas; por dia: ÷ dias do período. Uma ordem reaberta conta no encerramento "
        "seguinte.",
        "Orders closed; a day: ÷ days of the period. An order that was reopened counts at its next "
        "closing.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.FACT,
    anchored=Words("último encerramento", "last closing"),
    left_out=Words("canceladas", "cancelled"),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        1::bigint, 1::bigint, NULL::text
    FROM $milestones m WHERE m.milestone = 'closed' AND {in_force("m")}
    """,
)
