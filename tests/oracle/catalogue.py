"""Which of these computations is the answer to which figure."""

from tests.oracle import flow, money, times, trust
from tests.oracle.cases import Cases

ORACLE: dict[str, Cases] = {
    "tat_gross": times.tat_gross,
    "tat_net": times.tat_net,
    "response_time": times.response_time,
    "time_to_diagnosis": times.time_to_diagnosis,
    "time_to_quote": times.time_to_quote,
    "time_to_decision": times.time_to_decision,
    "mttr_repair": times.mttr_repair,
    "mttr_resolve": times.mttr_resolve,
    "time_in_state": times.time_in_state,
    "parts_wait": times.parts_wait,
    "mtbf": times.mtbf,
    "first_promise": trust.first_promise,
    "promise_slip": trust.promise_slip,
    "return_rate": trust.return_rate,
    "internal_rework": trust.internal_rework,
    "reopen_rate": trust.reopen_rate,
    "uncollected": trust.uncollected,
    "backlog": flow.backlog,
    "backlog_days": flow.backlog_days,
    "wip": flow.wip,
    "throughput": flow.throughput,
    "cancellation_rate": flow.cancellation_rate,
    "fill_rate": flow.fill_rate,
    "productivity": flow.productivity,
    "quote_approval": money.quote_approval,
    "quote_approval_value": money.quote_approval_value,
    "ticket_medio": money.ticket_medio,
    "override_rate": money.override_rate,
    "late_entry_rate": money.late_entry_rate,
}
