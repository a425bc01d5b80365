"""Quote approval by value: how much of what was offered was bought (kpis.md 6)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

QUOTE_APPROVAL_VALUE = Figure(
    name="quote_approval_value",
    title=Words("Aprovação de orçamentos em valor", "Quote approval by value"),
    formula=Words(
        "Total da última versão aprovada de cada ordem, somado, ÷ o maior total apresentado ao "
        "cliente em cada ordem, somado; em centavos.",
        "Total of the last version approved of each order, added up, ÷ the largest total put to "
        "the customer in each order, added up; in centavos.",
    ),
    unit=Unit.RATE,
    of_money=True,
    anchor=Anchor.FACT,
    anchored=Words("última resposta ou vencimento", "last answer or expiry"),
    left_out=Words(
        "canceladas; dispensadas depois da resposta; à espera de resposta desde que a última "
        "versão foi emitida",
        "cancelled; waived after the answer; waiting for an answer since the last version was "
        "issued",
    ),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, NULL::text,
        coalesce(m.amount, 0), coalesce(m.of_amount, 0), NULL::text
    FROM $milestones m
    WHERE m.milestone = 'quote_ended' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
