"""Inferred return rate: the same fault of the same thing, told by nobody (kpis.md 4)."""

from os_events.kpis import returning
from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled, traits_then

RETURN_RATE_INFERRED = Figure(
    name="return_rate_inferred",
    title=Words("Retornos presumidos", "Inferred returns"),
    formula=Words(
        "Ordens concluídas cujo equipamento, dentro da janela, teve outra ordem de reparo ou "
        "suporte com o mesmo defeito constatado, aberta sem citar uma anterior, ÷ ordens "
        "concluídas cuja janela já passou. Mostrada ao lado da taxa de retorno, nunca somada.",
        "Orders done whose asset, within the window, had another order of repair or support with "
        "the same fault found, opened without naming a previous one, ÷ orders done whose window "
        "is over. Shown beside the return rate, never added to it.",
    ),
    unit=Unit.RATE,
    anchor=Anchor.FACT,
    anchored=returning.ANCHORED,
    left_out=returning.LEFT_OUT,
    window=returning.WINDOW,
    reasons=returning.REASONS,
    cases=f"""
    WITH {returning.ENDS}, twice AS (
        SELECT m.related, m.subject FROM $milestones m
        WHERE m.milestone = 'faulty' AND m.at <= as_of
        GROUP BY m.related, m.subject HAVING count(*) > 1
    ), found AS (
        SELECT d.order_id, d.at, d.until, d.related, d.subject FROM twice w
        JOIN $milestones d ON d.milestone = 'faulty' AND d.at <= as_of
            AND d.related = w.related AND d.subject = w.subject
    ), again AS (
        SELECT d.order_id, o.at, d.related, d.subject FROM found d
        JOIN $milestones o ON o.order_id = d.order_id AND o.milestone = 'opened'
            AND o.related IS NULL
        {traits_then("t", "d")}
        WHERE {in_force("d")} AND t.type IN ('repair', 'support') AND {not_cancelled("d")}
    ), returned AS (
        SELECT DISTINCT e.order_id FROM again a
        JOIN found d ON d.related = a.related AND d.subject = a.subject
            AND d.order_id <> a.order_id
        JOIN ends e ON e.order_id = d.order_id AND e.at >= d.at
            AND (d.until IS NULL OR d.until > e.at) AND {returning.within("e", "a")}
    ) {returning.COHORT}
    """,
)
