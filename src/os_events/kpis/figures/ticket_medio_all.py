"""Mean ticket of all orders: also of those that cost nothing (kpis.md 6)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force

TICKET_MEDIO_ALL = Figure(
    name="ticket_medio_all",
    title=Words("Ticket médio de todas", "Mean ticket of all"),
    formula=Words(
        "Custos finais em vigor, com descontos, somados, ÷ ordens encerradas, também as sem "
        "valor (garantia, contrato).",
        "Final costs in force, net of discounts, added up, ÷ orders closed, also those without "
        "value (warranty, contract).",
    ),
    unit=Unit.MONEY,
    anchor=Anchor.FACT,
    anchored=Words("último encerramento", "last closing"),
    left_out=Words("em aberto; canceladas", "open; cancelled"),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        coalesce(s.amount, 0), 1::bigint, NULL::text
    FROM $milestones m
    LEFT JOIN $milestones s
        ON s.order_id = m.order_id AND s.milestone = 'settled' AND {in_force("s")}
    WHERE m.milestone = 'closed' AND {in_force("m")}
    """,
)
