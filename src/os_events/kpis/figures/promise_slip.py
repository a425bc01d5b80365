"""Promise slip: by how much the promised date moved (kpis.md 3)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_unfulfilled

PROMISE_SLIP = Figure(
    name="promise_slip",
    title=Words("Deslizamento do prazo", "Promise slip"),
    formula=Words(
        "Último prazo prometido até o cumprimento menos o primeiro, nas ordens cumpridas com "
        "prazo; negativo se antecipado.",
        "Last date promised until fulfilment less the first, for fulfilled orders with a promise; "
        "negative if it was brought forward.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("cumprimento", "fulfilment"),
    left_out=Words(
        "sem prazo; não cumpridas; canceladas; devolvidas sem reparo ou não concluídas",
        "without a promise; not fulfilled; cancelled; returned unrepaired or not completed",
    ),
    cases=f"""
    SELECT f.order_id, f.number::bigint, f.at, f.day, f.traits, NULL::text, f.seconds, 1::bigint,
        NULL::text
    FROM $milestones f
    WHERE f.milestone = 'fulfilled' AND f.seconds IS NOT NULL AND {in_force("f")}
        AND {not_unfulfilled("f")}
    """,
)
