"""Inferred return rate: the same fault of the same thing, told by nobody (kpis.md 4)."""

from os_events.kpis import returning
from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled, traits_then

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
    WITH {returning.ENDS}, again AS (
        SELECT o.order_id, o.at, t.asset_id, t.fault_code FROM $milestones o
        {traits_then("t", "o")}
        WHERE o.milestone = 'opened' AND o.related IS NULL AND o.at <= as_of
            AND t.type IN ('repair', 'support') AND {not_cancelled("o")}
    ), returned AS (
        SELECT DISTINCT e.order_id FROM ends e
        JOIN $traits t ON t.order_id = e.order_id AND t.traits = e.traits
        JOIN again a ON a.asset_id = t.asset_id AND a.fault_code = t.fault_code
            AND a.order_id <> e.order_id AND {returning.within("e", "a")}
    ) {returning.COHORT}
    """,
)
