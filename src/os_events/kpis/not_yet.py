"""Figures that cannot be computed yet, and the facts that they wait for."""

from typing import NamedTuple

from os_events.kpis.figure import Words


class NotYet(NamedTuple):
    """A figure, or what one leaves unsaid, and the events on which it waits."""

    name: str
    title: Words
    events: tuple[str, ...]
    waits_for: Words


VISITS = Words("visitas", "visits")
CLAUSES = Words("cláusulas de nível de serviço e seus relógios", "service levels and their clocks")
CLAIMS = Words("acionamentos de garantia", "defect claims")
RATINGS = Words("respostas a pesquisas", "answers to surveys")
DISPUTES = Words("contestações", "disputes")

FIGURES_NOT_YET = (
    NotYet(
        "sla_elapsed",
        Words("Tempo de SLA decorrido", "SLA time elapsed"),
        ("Opened.sla_clauses", "Triaged.sla_clauses"),
        CLAUSES,
    ),
    NotYet(
        "sla_compliance",
        Words("Cumprimento de SLA", "SLA compliance"),
        ("Opened.sla_clauses", "Triaged.sla_clauses"),
        CLAUSES,
    ),
    NotYet(
        "punctuality",
        Words("Pontualidade", "Punctuality"),
        ("Visit.Scheduled", "Visit.TechnicianCheckedIn"),
        VISITS,
    ),
    NotYet(
        "unproductive_rate",
        Words("Visitas improdutivas", "Unproductive visits"),
        ("Visit.Dispatched", "Visit.FoundUnproductive"),
        VISITS,
    ),
    NotYet(
        "reschedule_rate",
        Words("Reagendamentos", "Reschedulings"),
        ("Visit.Scheduled", "Visit.Rescheduled"),
        VISITS,
    ),
    NotYet(
        "ftfr",
        Words("Resolução na primeira visita", "First-time fix"),
        ("Visit.TechnicianCheckedIn",),
        VISITS,
    ),
    NotYet(
        "warranty_rate",
        Words("Acionamento de garantia", "Warranty claims"),
        ("DefectClaim.Accepted",),
        CLAIMS,
    ),
    NotYet("csat", Words("CSAT", "CSAT"), ("SatisfactionRated",), RATINGS),
    NotYet("nps", Words("NPS", "NPS"), ("SatisfactionRated",), RATINGS),
    NotYet(
        "completeness",
        Words("Completude documental", "Completeness of records"),
        ("Opened.template_id",),
        Words("modelos, que dizem o que é obrigatório", "templates, which say what is mandatory"),
    ),
    NotYet(
        "utilisation",
        Words("Utilização do técnico", "Utilisation of technicians"),
        ("Visit.Dispatched",),
        Words(
            "o calendário de cada pessoa, e deslocamentos",
            "the calendar of each person, and travel",
        ),
    ),
    NotYet("dispute_rate", Words("Contestações", "Disputes"), ("Dispute.Opened",), DISPUTES),
    NotYet(
        "time_to_evidence",
        Words("Tempo até o dossiê", "Time to the evidence"),
        ("Dispute.Opened", "Dispute.BundleIssued"),
        DISPUTES,
    ),
)
PARTS_NOT_YET = (
    NotYet(
        "tat_gross",
        Words(
            "fora da bancada, conta da abertura, ainda não do contato",
            "off the bench, it counts from opening, not yet from the contact",
        ),
        ("ServiceContact.Registered",),
        Words("contatos", "contacts"),
    ),
    NotYet(
        "response_time",
        Words(
            "agendar uma visita ainda não é primeira ação",
            "to schedule a visit is no first action yet",
        ),
        ("Visit.Scheduled",),
        VISITS,
    ),
    NotYet(
        "mttr_repair",
        Words(
            "o fim de uma visita ainda não pausa o trabalho", "no end of a visit pauses work yet"
        ),
        ("Visit.Completed",),
        VISITS,
    ),
    NotYet(
        "return_rate",
        Words(
            "ordens do mesmo acionamento ainda não contam como retorno",
            "orders of the same claim are no returns yet",
        ),
        ("Opened.defect_claim_id",),
        CLAIMS,
    ),
    NotYet(
        "return_rate_inferred",
        Words(
            "sem equipamento, o mesmo endereço ainda não conta",
            "without an asset, the same address does not count yet",
        ),
        ("Opened.address_id",),
        VISITS,
    ),
    NotYet(
        "productivity",
        Words("ordens ainda não têm pontos", "orders have no points yet"),
        ("Opened.template_id",),
        Words("modelos", "templates"),
    ),
)
