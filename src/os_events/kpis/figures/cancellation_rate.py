"""Cancellation rate: what was given up, and why (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force

CANCELLATION_RATE = Figure(
    name="cancellation_rate",
    title=Words("Cancelamento", "Cancellation"),
    formula=Words(
        "Ordens canceladas ÷ ordens abertas. A parte de cada causa é sobre todas as abertas.",
        "Orders cancelled ÷ orders opened. The share of each cause is of all that were opened.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words("abertura", "opening"),
    left_out=Words("nada", "nothing"),
    series=Words("causa", "cause"),
    parts={"unknown": Words("causa não informada", "cause not told")},
    of_whole=True,
    cases=f"""
    SELECT o.order_id, o.number::bigint, o.at, o.day, o.traits,
        CASE WHEN c.order_id IS NOT NULL THEN coalesce(c.subject, 'unknown') END,
        (c.order_id IS NOT NULL)::int::bigint, 1::bigint, NULL::text
    FROM $milestones o
    LEFT JOIN $milestones c
        ON c.order_id = o.order_id AND c.milestone = 'cancelled' AND {in_force("c")}
    WHERE o.milestone = 'opened' AND o.at <= as_of
    """,
)
