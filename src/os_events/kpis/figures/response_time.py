"""Response time: how long until somebody did something (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

RESPONSE_TIME = Figure(
    name="response_time",
    title=Words("Tempo de primeira resposta", "Response time"),
    formula=Words(
        "Da abertura à primeira ação: triagem, atribuição de responsável, início do diagnóstico ou "
        "do serviço, nota visível ao cliente ou aviso enviado por uma pessoa. O que a própria "
        "abertura informa não é ação.",
        "From opening to the first action: triage, assignment, start of diagnosis or of work, a "
        "note that the customer sees, or a notice sent by a person. What the opening itself states "
        "is no action.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words(
        "primeira ação; sem ela, abertura", "first action; while there is none, opening"
    ),
    left_out=Words(
        "canceladas; sem primeira ação (contadas à parte)",
        "cancelled; without a first action (counted apart)",
    ),
    reasons={"no_action": Words("sem primeira ação", "no first action yet")},
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        coalesce(m.seconds, 0), 1::bigint, CASE WHEN m.seconds IS NULL THEN 'no_action' END
    FROM $milestones m
    WHERE m.milestone = 'responded' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
