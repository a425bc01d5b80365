"""MTTR-repair: how long somebody is at it (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

MTTR_REPAIR = Figure(
    name="mttr_repair",
    title=Words("MTTR-reparo", "MTTR-repair"),
    formula=Words(
        "Tempo de trabalho nos reparos até a última conclusão ÷ essas ordens. O trabalho vai do "
        "início, ou da retomada, até a suspensão ou a conclusão; o de vários técnicos ao mesmo "
        "tempo conta uma vez.",
        "Time at work on repairs until the last completion ÷ those orders. Work lasts from its "
        "start, or from when it goes on, to a hold or the completion; that of several technicians "
        "at once counts once.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("última conclusão", "last completion"),
    left_out=Words(
        "canceladas; outros tipos; sem trabalho registrado (contadas à parte)",
        "cancelled; other types; without work on record (counted apart)",
    ),
    reasons={"no_labour": Words("sem trabalho registrado", "no labour on record")},
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text, m.amount, 1::bigint,
        CASE WHEN m.amount = 0 THEN 'no_labour' END
    FROM $milestones m
    WHERE m.milestone = 'completed' AND m.amount IS NOT NULL AND {in_force("m")}
        AND {not_cancelled("m")}
    """,
)
