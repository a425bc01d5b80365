"""TAT net: how long it took us, without waiting for the customer or for parts (kpis.md 2)."""

from os_events.aggregates.service_order.codes import ClosingOutcome
from os_events.aggregates.service_order.handover import HandoverOutcome
from os_events.kpis.figure import Anchor, Figure, Unit, Words, in_force, not_cancelled, words_of

TAT_NET = Figure(
    name="tat_net",
    title=Words("TAT líquido", "TAT net"),
    formula=Words(
        "TAT bruto menos o tempo, dentro dele, em que a ordem esperou pelo cliente (aprovação do "
        "orçamento, retirada, suspensão por causa dele) ou por peças. Suspensões por terceiros ou "
        "internas, e o tempo em que ela já está concluída, ficam.",
        "TAT gross less the time inside it in which the order waited for the customer (approval of "
        "the quote, pickup, a hold caused by the customer) or for parts. Holds for third parties "
        "or of our own, and the time when it is completed, stay in.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("última entrega ou encerramento", "last handover or closing"),
    left_out=Words("canceladas", "cancelled"),
    series=Words("desfecho", "outcome"),
    parts=words_of(HandoverOutcome, ClosingOutcome),
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, m.subject,
        m.seconds - m.of_seconds, 1::bigint, NULL::text
    FROM $milestones m
    WHERE m.milestone = 'turned_around' AND {in_force("m")} AND {not_cancelled("m")}
    """,
)
