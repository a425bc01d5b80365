"""Parts wait: how long a part that was asked for took to be at hand (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

PARTS_WAIT = Figure(
    name="parts_wait",
    title=Words("Espera por peça", "Parts wait"),
    formula=Words(
        "Do pedido de cada peça a quando foi reservada ou chegou, o que veio primeiro.",
        "From when each part was asked for to when it was reserved or arrived, whichever was "
        "first.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("reserva ou chegada", "reservation or arrival"),
    left_out=Words("canceladas; peças ainda esperadas", "cancelled; parts still awaited"),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text, m.seconds, 1::bigint,
        NULL::text
    FROM $milestones m
    WHERE m.milestone = 'part_available' AND m.at <= as_of AND {not_cancelled("m")}
    """,
)
