"""What happened to each device: a fortnight in which everything that happens, happens once."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from os_events.cli.sample import bench
from os_events.cli.sample.calendar import Calendar
from os_events.cli.sample.job import Job

Started = Callable[..., Job]


class Stories:
    """Tells them all. ``begin`` makes the job of a device, ``units`` are the shop's places."""

    def __init__(self, calendar: Calendar, begin: Callable[[str], Job], units: list[UUID]) -> None:
        self.at = calendar.at
        self.ago = calendar.ago
        self.begin = begin
        self.units = units

    def tell(self) -> None:
        """Tell every story, the oldest order first."""
        self.fetched_and_back_in_warranty()
        self.nobody_fetches_it()
        self.quote_refused()
        self.quote_expired()
        self.new_finding_and_second_quote()
        self.closed_and_reopened()
        self.part_is_missing()
        self.overdue_on_the_bench()
        self.customer_gives_up()
        self.hold_told_late()
        self.awaits_answer()
        self.under_test()
        self.urgent_for_a_clinic()
        self.queued()
        self.just_came_in()

    def job(self, device: str, at: datetime, **fields: object) -> Job:
        """Open the order of a device."""
        job = self.begin(device)
        job.opened(at, self.units[job.device.get("unit", 0)], **fields)
        return job

    def taken_in(self, device: str, days: int, technician: str, **fields: object) -> Job:
        """Open an order, take the device in, and look into it on the same day."""
        job = self.job(device, self.at(days, "09:10"), **fields)
        job.received(self.at(days, "09:20"))
        job.triaged(self.at(days, "09:40"), technician)
        job.diagnosed(self.at(days, "10:30"), self.at(days, "11:15"), technician)
        return job

    def fetched_and_back_in_warranty(self) -> None:
        """Live a whole life; then the same device comes back, and nobody pays for that."""
        job = self.taken_in("screen", 13, "joao")
        job.quoted(self.at(13, "11:40"))
        job.read(self.at(13, "12:05"))
        job.approved(self.at(12, "09:30"))
        bench.repaired(job, self.at(11, "09:00"), self.at(11, "10:40"), "joao")
        bench.noticed(job, self.at(11, "11:00"))
        bench.gone_home(job, self.at(10, "17:20"))

        again = self.job(
            "screen",
            self.at(2, "10:15"),
            basis="service_warranty",
            previous_order_id=job.order_id,
            reported_problem="O toque voltou a falhar no mesmo canto.",
        )
        again.received(self.at(2, "10:25"), accessory=False)
        again.triaged(self.at(2, "10:40"), "joao", priority="high")
        again.diagnosed(
            self.at(2, "14:00"), self.at(2, "14:30"), "joao", cause_side="previous_service"
        )
        promise = {"promised_at": self.at(1, "18:00").isoformat()}
        again.tell("ana", "promises", promise, self.at(2, "14:40"))
        bench.started(again, self.at(1, "09:15"), "joao")

    def nobody_fetches_it(self) -> None:
        """Repair it, tell, tell again: it is still here."""
        job = self.taken_in("coffee", 13, "carla")
        job.quoted(self.at(13, "14:00"))
        job.read(self.at(13, "14:20"))
        job.approved(self.at(13, "16:00"))
        bench.repaired(job, self.at(12, "09:00"), self.at(12, "10:10"), "carla")
        bench.noticed(job, self.at(12, "10:30"))
        bench.noticed(job, self.at(7, "10:00"), "pickup_reminder")
        bench.noticed(job, self.at(2, "10:00"), "pickup_formal")

    def quote_refused(self) -> None:
        """Find it too dear: it goes home as it came."""
        job = self.taken_in("board", 12, "carla")
        job.quoted(self.at(11, "10:00"), days=8)
        job.read(self.at(11, "10:40"))
        job.declined(self.at(10, "15:00"), "Disse que compra outro.")
        bench.noticed(job, self.at(9, "09:10"))
        bench.collected(job, self.at(8, "16:30"), "unrepaired")
        job.tell(
            "ana",
            "closings",
            {"outcome": "returned_unrepaired", "cause_code": "orcamento-recusado"},
            self.at(8, "16:40"),
        )

    def quote_expired(self) -> None:
        """Give no answer in ten days."""
        job = self.taken_in("watch", 13, "carla")
        job.quoted(self.at(13, "11:30"))
        job.read(self.at(13, "12:10"))
        job.tell("ana", "quote-expirations", {"quote_version": 1}, self.at(1, "09:05"))

    def new_finding_and_second_quote(self) -> None:
        """Find more broken than was seen: a second version, before more is done."""
        job = self.taken_in("television", 11, "joao")
        job.quoted(self.at(11, "12:00"))
        job.read(self.at(11, "12:30"))
        job.approved(self.at(10, "10:00"))
        bench.started(job, self.at(9, "09:00"), "joao")
        finding = "A fonte também está fora da especificação."
        note = {"visibility": "customer", "text": finding}
        job.tell("joao", "notes", note, self.at(9, "09:50"))
        job.quoted(self.at(9, "10:20"), more=9000, cause="new_finding")
        job.read(self.at(9, "11:00"))
        job.approved(self.at(8, "09:10"))
        bench.repaired(job, self.at(8, "10:00"), self.at(8, "12:00"), "joao")
        bench.noticed(job, self.at(8, "12:20"))

    def closed_and_reopened(self) -> None:
        """Fetch it, close it, complain: it goes on."""
        job = self.taken_in("console", 10, "carla")
        job.quoted(self.at(10, "12:00"))
        job.read(self.at(10, "12:10"))
        job.approved(self.at(10, "13:30"))
        bench.repaired(job, self.at(9, "14:00"), self.at(9, "16:00"), "carla")
        bench.noticed(job, self.at(9, "16:10"))
        bench.gone_home(job, self.at(8, "11:00"))
        reopened = {"cause": "customer_complaint", "lines": [job.line]}
        job.tell("manager", "reopenings", reopened, self.at(3, "10:00"), "Voltou a desligar.")
        job.received(self.at(3, "10:10"))
        job.diagnosed(self.at(3, "14:00"), self.at(3, "15:00"), "carla")

    def part_is_missing(self) -> None:
        """Wait for a supplier until the promised day is gone."""
        job = self.taken_in("tablet", 9, "joao")
        job.quoted(self.at(9, "12:00"))
        job.read(self.at(9, "12:15"))
        job.approved(self.at(8, "09:45"))
        request = job.part_requested(self.at(8, "10:00"), "joao")
        job.part_state(self.at(4, "16:00"), "joao", request, "delayed")
        bench.noticed(job, self.at(4, "16:20"), "delay")

    def overdue_on_the_bench(self) -> None:
        """Take longer than was promised."""
        job = self.taken_in("microwave", 8, "carla")
        job.quoted(self.at(8, "12:00"), days=2)
        job.read(self.at(8, "12:20"))
        job.approved(self.at(7, "09:00"))
        bench.started(job, self.at(6, "10:00"), "carla")

    def customer_gives_up(self) -> None:
        """Want it back before anybody has looked at it."""
        job = self.job("speaker", self.at(7, "17:40"))
        job.received(self.at(7, "17:45"), accessory=False)
        given_up = {"by": "customer", "cause_code": "desistencia"}
        job.tell(
            "manager", "cancellations", given_up, self.at(6, "09:30"), "Desistiu por telefone."
        )
        bench.collected(job, self.at(6, "17:00"), "unrepaired")

    def hold_told_late(self) -> None:
        """Stand still for two days, and tell that only afterwards."""
        job = self.taken_in("camera", 8, "carla")
        job.quoted(self.at(8, "12:00"), days=9)
        job.read(self.at(8, "13:00"))
        job.approved(self.at(7, "10:00"))
        bench.started(job, self.at(5, "09:00"), "carla")
        note = {"visibility": "internal", "text": "Falta calibrar o obturador."}
        job.tell("carla", "notes", note, self.at(2, "09:00"))
        until = {"expected_until": self.at(2, "09:00").isoformat()}
        hold = {"scope": "order", "cause": "third_party"} | until
        job.tell("carla", "holds", hold, self.at(4, "09:00"), "Aguardou o laboratório de óptica.")
        job.tell("carla", "hold-releases", {"resumes_work": True}, self.at(2, "08:30"))

    def awaits_answer(self) -> None:
        """Leave the offer with the customer."""
        job = self.taken_in("charging", 3, "joao")
        job.quoted(self.at(3, "14:00"))
        job.read(self.at(3, "15:10"))

    def under_test(self) -> None:
        """Repair it, and do not try it out yet."""
        job = self.taken_in("printer", 4, "joao", quality_test_required=True)
        job.quoted(self.at(4, "12:00"))
        job.read(self.at(4, "12:20"))
        job.approved(self.at(4, "16:00"))
        bench.repaired(job, self.at(1, "14:00"), self.at(1, "15:10"), "joao")

    def urgent_for_a_clinic(self) -> None:
        """Hurry for a business that stands still without it."""
        job = self.job("clinic", self.at(1, "08:30"), consumer_status="business")
        job.received(self.at(1, "08:40"))
        job.triaged(self.at(1, "08:45"), "joao", priority="urgent")
        by = {"technician_id": str(job.people["joao"])}
        job.tell("joao", "diagnosis-starts", by, self.at(1, "09:00"))

    def queued(self) -> None:
        """Sort it, and do not begin."""
        job = self.job("headphones", self.at(1, "16:00"))
        job.received(self.at(1, "16:05"), accessory=False)
        job.triaged(self.at(1, "16:20"), "carla", priority="low")

    def just_came_in(self) -> None:
        """Stand at the counter."""
        job = self.job("console", self.ago(8), reported_problem="Agora faz um barulho ao ligar.")
        job.received(self.ago(5), accessory=False)
