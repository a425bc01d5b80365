"""MTTR-resolve: how long it takes until the work is done (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

MTTR_RESOLVE = Figure(
    name="mttr_resolve",
    title=Words("MTTR-resolução", "MTTR-resolve"),
    formula=Words(
        "Da abertura à última conclusão do serviço, somado, ÷ essas ordens.",
        "From opening to the last completion of the work, added up, ÷ those orders.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("última conclusão", "last completion"),
    left_out=Words(
        "canceladas; sem reparo possível (contadas à parte)",
        "cancelled; not repairable (counted apart)",
    ),
    reasons={"not_repairable": Words("sem reparo possível", "not repairable")},
    cases=f"""
    SELECT m.order_id, m.number, m.at, m.day, m.traits, NULL::text, m.seconds, 1::bigint,
        CASE WHEN m.subject = 'not_repairable' THEN 'not_repairable' END
    FROM $milestones m
    WHERE m.milestone = 'completed' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
