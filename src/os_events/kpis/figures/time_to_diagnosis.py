"""Time to diagnosis: how long until the fault was found (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

TIME_TO_DIAGNOSIS = Figure(
    name="time_to_diagnosis",
    title=Words("Tempo até diagnóstico", "Time to diagnosis"),
    formula=Words(
        "Da abertura ao primeiro diagnóstico registrado.",
        "From opening to the first diagnosis recorded.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("primeiro diagnóstico", "first diagnosis"),
    left_out=Words("canceladas; sem diagnóstico", "cancelled; without a diagnosis"),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text, m.seconds, 1::bigint,
        NULL::text
    FROM $milestones m
    WHERE m.milestone = 'diagnosed' AND m.at <= as_of AND {not_cancelled("m")}
    """,
)
