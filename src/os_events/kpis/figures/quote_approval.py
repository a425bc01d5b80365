"""Quote approval: orders whose customer said yes (kpis.md 6)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled

QUOTE_APPROVAL = Figure(
    name="quote_approval",
    title=Words("Aprovação de orçamentos", "Quote approval"),
    formula=Words(
        "Ordens com orçamento aprovado ÷ ordens com orçamento aprovado, recusado ou vencido sem "
        "aprovação depois. Aprovada uma versão, a recusa de um adicional não desfaz a aprovação.",
        "Orders whose quote was approved ÷ orders whose quote was approved, declined, or expired "
        "without a later approval. Once a version is approved, an extra declined does not undo it.",
    ),
    unit=Unit.RATE,
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
        (m.subject = 'approved')::int::bigint, 1::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'quote_ended' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
