"""All figures, in chapters by what they tell."""

from typing import NamedTuple

from os_events.kpis.figure import Figure, Words
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.backlog_days import BACKLOG_DAYS
from os_events.kpis.figures.cancellation_rate import CANCELLATION_RATE
from os_events.kpis.figures.fill_rate import FILL_RATE
from os_events.kpis.figures.first_promise import FIRST_PROMISE
from os_events.kpis.figures.hours_per_order import HOURS_PER_ORDER
from os_events.kpis.figures.internal_rework import INTERNAL_REWORK
from os_events.kpis.figures.late_entry_rate import LATE_ENTRY_RATE
from os_events.kpis.figures.mtbf import MTBF
from os_events.kpis.figures.mttr_repair import MTTR_REPAIR
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.figures.override_rate import OVERRIDE_RATE
from os_events.kpis.figures.part_return_rate import PART_RETURN_RATE
from os_events.kpis.figures.parts_wait import PARTS_WAIT
from os_events.kpis.figures.productivity import PRODUCTIVITY
from os_events.kpis.figures.promise_revisions import PROMISE_REVISIONS
from os_events.kpis.figures.promise_slip import PROMISE_SLIP
from os_events.kpis.figures.promises_at_risk import PROMISES_AT_RISK
from os_events.kpis.figures.quote_approval import QUOTE_APPROVAL
from os_events.kpis.figures.quote_approval_value import QUOTE_APPROVAL_VALUE
from os_events.kpis.figures.reopen_rate import REOPEN_RATE
from os_events.kpis.figures.response_time import RESPONSE_TIME
from os_events.kpis.figures.return_rate import RETURN_RATE
from os_events.kpis.figures.return_rate_inferred import RETURN_RATE_INFERRED
from os_events.kpis.figures.tat_gross import TAT_GROSS
from os_events.kpis.figures.tat_net import TAT_NET
from os_events.kpis.figures.throughput import THROUGHPUT
from os_events.kpis.figures.ticket_medio import TICKET_MEDIO
from os_events.kpis.figures.ticket_medio_all import TICKET_MEDIO_ALL
from os_events.kpis.figures.time_in_state import TIME_IN_STATE
from os_events.kpis.figures.time_to_decision import TIME_TO_DECISION
from os_events.kpis.figures.time_to_diagnosis import TIME_TO_DIAGNOSIS
from os_events.kpis.figures.time_to_quote import TIME_TO_QUOTE
from os_events.kpis.figures.uncollected import UNCOLLECTED
from os_events.kpis.figures.wip import WIP


class Chapter(NamedTuple):
    """Figures that belong together."""

    title: Words
    figures: tuple[Figure, ...]


CHAPTERS = (
    Chapter(
        Words("Tempo", "Time"),
        (
            TAT_GROSS,
            TAT_NET,
            RESPONSE_TIME,
            TIME_TO_DIAGNOSIS,
            TIME_TO_QUOTE,
            TIME_TO_DECISION,
            MTTR_REPAIR,
            MTTR_RESOLVE,
            TIME_IN_STATE,
            PARTS_WAIT,
            MTBF,
        ),
    ),
    Chapter(
        Words("Prazo", "Promise"),
        (FIRST_PROMISE, PROMISE_SLIP, PROMISE_REVISIONS, PROMISES_AT_RISK),
    ),
    Chapter(
        Words("Qualidade", "Quality"),
        (
            RETURN_RATE,
            RETURN_RATE_INFERRED,
            PART_RETURN_RATE,
            INTERNAL_REWORK,
            REOPEN_RATE,
            UNCOLLECTED,
        ),
    ),
    Chapter(
        Words("Fluxo", "Flow"),
        (
            BACKLOG,
            BACKLOG_DAYS,
            WIP,
            THROUGHPUT,
            CANCELLATION_RATE,
            FILL_RATE,
            PRODUCTIVITY,
            HOURS_PER_ORDER,
        ),
    ),
    Chapter(
        Words("Dinheiro", "Money"),
        (QUOTE_APPROVAL, QUOTE_APPROVAL_VALUE, TICKET_MEDIO, TICKET_MEDIO_ALL),
    ),
    Chapter(Words("Confiança", "Trust"), (OVERRIDE_RATE, LATE_ENTRY_RATE)),
)
FIGURES = {figure.name: figure for chapter in CHAPTERS for figure in chapter.figures}
