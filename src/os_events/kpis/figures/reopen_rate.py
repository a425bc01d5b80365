"""Reopen rate: what seemed done and was not (kpis.md 4)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

REOPEN_RATE = Figure(
    name="reopen_rate",
    title=Words("Taxa de reabertura", "Reopen rate"),
    formula=Words(
        "Ordens reabertas até 30 dias depois de uma conclusão ou de um encerramento ÷ ordens com "
        "conclusão ou encerramento. Contam ordens, não reaberturas.",
        "Orders reopened within 30 days of a completion or a closing ÷ orders with a completion "
        "or a closing. Orders are counted, not reopenings.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=Words(
        "primeira conclusão; sem ela, primeiro encerramento", "first completion, else first closing"
    ),
    left_out=Words(
        "canceladas; novas demais (contadas à parte)", "cancelled; too young (counted apart)"
    ),
    window=Words("30 dias", "30 days"),
    reasons={"too_young": Words("ainda não contáveis", "not yet countable")},
    cases=f"""
    WITH reopened AS (
        SELECT DISTINCT r.order_id FROM $milestones r
        JOIN $milestones m ON m.order_id = r.order_id AND m.milestone IN ('completed', 'closed')
            AND r.at BETWEEN m.at AND m.at + interval '720 hours'
        WHERE r.milestone = 'reopened' AND r.at <= as_of
    )
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        (r.order_id IS NOT NULL)::int::bigint, 1::bigint,
        CASE WHEN m.at + interval '720 hours' > as_of THEN 'too_young' END
    FROM (
        SELECT c.* FROM $milestones c
        WHERE c.milestone = 'completed' AND c.number = 1 AND c.at <= as_of
        UNION ALL
        SELECT e.* FROM $milestones e
        LEFT JOIN $milestones c ON c.order_id = e.order_id AND c.milestone = 'completed'
            AND c.number = 1 AND c.at <= as_of
        WHERE e.milestone = 'closed' AND e.number = 1 AND e.at <= as_of AND c.order_id IS NULL
    ) m LEFT JOIN reopened r ON r.order_id = m.order_id
    WHERE {not_cancelled("m")}
    """,
)
