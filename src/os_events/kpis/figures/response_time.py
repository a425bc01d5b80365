"""Response time: how long until somebody did something (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

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
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text, m.seconds, 1::bigint,
        NULL::text
    FROM $milestones m
    WHERE m.milestone = 'responded' AND m.at <= as_of AND {not_cancelled("m")}
    UNION ALL
    SELECT o.order_id, o.number::bigint, o.at, o.day, o.traits, NULL::text, 0::bigint, 1::bigint,
        'no_action'
    FROM $milestones o
    WHERE o.milestone = 'opened' AND o.at <= as_of AND {not_cancelled("o")}
        AND NOT EXISTS (SELECT FROM $milestones r
            WHERE r.order_id = o.order_id AND r.milestone = 'responded' AND r.at <= as_of)
    """,
)
