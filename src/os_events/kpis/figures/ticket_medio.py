"""Mean ticket: what a closed order that was charged brought in (kpis.md 6)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force

TICKET_MEDIO = Figure(
    name="ticket_medio",
    title=Words("Ticket médio", "Mean ticket"),
    formula=Words(
        "Custos finais em vigor, com descontos, somados, ÷ ordens encerradas com total acima de "
        "zero.",
        "Final costs in force, net of discounts, added up, ÷ orders closed with a total above "
        "zero.",
    ),
    unit=Unit.MONEY,
    anchor=Anchor.FACT,
    anchored=Words("último encerramento", "last closing"),
    left_out=Words(
        "em aberto; canceladas; sem valor (contadas à parte)",
        "open; cancelled; without value (counted apart)",
    ),
    reasons={"no_value": Words("sem valor", "without value")},
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        m.amount, 1::bigint, CASE WHEN m.amount = 0 THEN 'no_value' END
    FROM $milestones m
    WHERE m.milestone = 'closed' AND {in_force("m")}
    """,
)
