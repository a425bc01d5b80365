"""Promise revisions: how often, by whom and why promised dates were moved (kpis.md 3)."""

from itertools import product

from os_events.aggregates.service_order.promises import MovedBy, PromiseCause
from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_unfulfilled

NOT_TOLD = ("unknown", "não informado", "not told")
SIDES = [*((one.value, one.pt, one.en) for one in MovedBy), NOT_TOLD]
CAUSES = [*((one.value, one.pt, one.en) for one in PromiseCause), NOT_TOLD]

PROMISE_REVISIONS = Figure(
    name="promise_revisions",
    title=Words("Revisões do prazo", "Promise revisions"),
    formula=Words(
        "Prazos prometidos depois do primeiro e até o cumprimento, nas ordens cumpridas, por quem "
        "mudou e por quê.",
        "Dates promised after the first and until fulfilment, for fulfilled orders, by who moved "
        "them and why.",
    ),
    unit=Unit.COUNT,
    anchor=Anchor.FACT,
    anchored=Words("cumprimento", "fulfilment"),
    left_out=Words(
        "não cumpridas; canceladas; devolvidas sem reparo ou não concluídas",
        "not fulfilled; cancelled; returned unrepaired or not completed",
    ),
    series=Words("quem mudou: causa", "moved by: cause"),
    parts={
        f"{side}/{cause}": Words(f"{side_pt}: {cause_pt}", f"{side_en}: {cause_en}")
        for (side, side_pt, side_en), (cause, cause_pt, cause_en) in product(SIDES, CAUSES)
    },
    cases=f"""
    SELECT f.order_id, p.number::bigint, f.at, f.day, f.traits,
        coalesce(p.subject, 'unknown') || '/' || coalesce(p.detail, 'unknown'),
        1::bigint, 1::bigint, NULL::text
    FROM $milestones f
    JOIN $milestones p ON p.order_id = f.order_id AND p.milestone = 'promised' AND p.number > 1
        AND p.at <= f.at
    WHERE f.milestone = 'fulfilled' AND {in_force("f")}
        AND {not_unfulfilled("f")}
    """,
)
