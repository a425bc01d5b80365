"""Hours per order: the labour that a completed order takes (kpis.md 5)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

HOURS_PER_ORDER = Figure(
    name="hours_per_order",
    title=Words("Horas por ordem", "Hours per order"),
    formula=Words(
        "Tempo em que alguém trabalhou na ordem até a última conclusão, uma vez quando vários ao "
        "mesmo tempo, somado, ÷ ordens concluídas com trabalho registrado, de todos os tipos.",
        "Time that anybody was at work on the order until its last completion, once where several "
        "were at the same time, added up, ÷ orders completed with labour on record, of all types.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("última conclusão", "last completion"),
    left_out=Words(
        "canceladas; sem trabalho registrado (contadas à parte)",
        "cancelled; without labour on record (counted apart)",
    ),
    reasons={"no_labour": Words("sem trabalho registrado", "no labour on record")},
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        coalesce(m.of_seconds, 0), 1::bigint,
        CASE WHEN m.of_seconds IS NULL THEN 'no_labour' END
    FROM $milestones m
    WHERE m.milestone = 'completed' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
