"""Time to decision: how long customers take to answer a quote (kpis.md 2)."""

from os_events.kpis.figure import Anchor, Figure, Unit, Words, not_cancelled

TIME_TO_DECISION = Figure(
    name="time_to_decision",
    title=Words("Tempo de decisão", "Time to decision"),
    formula=Words(
        "Do recebimento do orçamento pelo cliente à resposta, por versão. Enviar não é receber.",
        "From when the customer received the quote to the answer, for each version. Sending is not "
        "receiving.",
    ),
    unit=Unit.DURATION,
    anchor=Anchor.FACT,
    anchored=Words("resposta", "answer"),
    left_out=Words(
        "canceladas; sem resposta; sem recebimento registrado antes dela",
        "cancelled; unanswered; no receipt on record before the answer",
    ),
    series=Words("resposta", "answer"),
    parts={
        "approved": Words("aprovado", "approved"),
        "declined": Words("recusado, no todo ou em parte", "declined, whole or in part"),
    },
    cases=f"""
    SELECT m.order_id, m.number::bigint, m.at, m.day, m.traits, m.subject, m.seconds, 1::bigint,
        NULL::text
    FROM $milestones m
    WHERE m.milestone = 'decided' AND m.at <= as_of AND m.seconds IS NOT NULL
        AND {not_cancelled("m")}
    """,
)
