"""Internal rework: what our own test sent back (kpis.md 4)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

INTERNAL_REWORK = Figure(
    name="internal_rework",
    title=Words("Retrabalho interno", "Internal rework"),
    formula=Words(
        "Ordens com um teste de qualidade reprovado ÷ ordens com algum teste de qualidade.",
        "Orders with a failed test of quality ÷ orders with any test of quality.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words("primeiro teste de qualidade", "first test of quality"),
    left_out=Words("canceladas", "cancelled"),
    cases=f"""
    WITH failed AS (
        SELECT DISTINCT m.order_id FROM $milestones m
        WHERE m.milestone = 'checked' AND m.subject = 'failed' AND m.at <= as_of
    )
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        (f.order_id IS NOT NULL)::int::bigint, 1::bigint, NULL::text
    FROM $milestones m LEFT JOIN failed f ON f.order_id = m.order_id
    WHERE m.milestone = 'checked' AND m.number = 1 AND m.at <= as_of AND {not_cancelled("m")}
    """,
)
