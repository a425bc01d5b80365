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
        coalesce(s.amount, 0), 1::bigint, CASE WHEN coalesce(s.amount, 0) = 0 THEN 'no_value' END
    FROM $milestones m
    LEFT JOIN $milestones s
        ON s.order_id = m.order_id AND s.milestone = 'settled' AND {in_force("s")}
    WHERE m.milestone = 'closed' AND {in_force("m")}
    """,
)
