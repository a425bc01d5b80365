"""Time to quote: how long from the diagnosis until a quote was sent (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

TIME_TO_QUOTE = Figure(
    name="time_to_quote",
    title=Words("Tempo até orçamento", "Time to quote"),
    formula=Words(
        "Do primeiro diagnóstico ao primeiro envio de um orçamento ao cliente.",
        "From the first diagnosis to when a quote was first sent to the customer.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("primeiro envio", "first sending"),
    left_out=Words(
        "canceladas; sem envio; sem diagnóstico antes do envio",
        "cancelled; nothing sent; no diagnosis before it was sent",
    ),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text, m.seconds, 1::bigint,
        NULL::text
    FROM $milestones m
    WHERE m.milestone = 'quote_sent' AND m.at <= as_of AND m.seconds IS NOT NULL
        AND {not_cancelled("m")}
    """,
)
