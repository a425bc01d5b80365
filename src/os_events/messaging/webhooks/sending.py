"""One attempt: claimed, written, signed, posted, settled. The database is not held meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events import metrics
from os_events.eventlog.database import available
from os_events.failpoints import failpoint
from os_events.messaging.webhooks.addresses import AddressRefusedError
from os_events.messaging.webhooks.deliveries import Deliveries, Delivery, Settled
from os_events.messaging.webhooks.endpoints import Endpoints
from os_events.messaging.webhooks.letters import Letters
from os_events.messaging.webhooks.posting import Answer, NoAnswerError, Post
from os_events.messaging.webhooks.schedule import asked_for, pause
from os_events.messaging.webhooks.signing import signed

CONTENT = {
    "Content-Type": "application/cloudevents+json; charset=utf-8",
    "User-Agent": "os-events-webhooks/1",
}
GONE = 410


@dataclass(frozen=True)
class Sender:
    """Sends what is due to an endpoint, one after the other. Any thread may."""

    endpoints: Endpoints
    deliveries: Deliveries
    letters: Letters
    post: Post
    clock: Callable[[], datetime]
    draw: Callable[[], float]

    def step(self, endpoint: UUID, order: UUID | None = None) -> Settled | None:
        """Try what is due the longest; say what came of it, or None if nothing is due.

        Raises: UnavailableError, TamperedError.
        """
        delivery = self.deliveries.claim(endpoint, order)
        if delivery is None:
            return None
        try:
            answer = self._posted(delivery)
        except (AddressRefusedError, NoAnswerError) as error:
            settled = self._failed(delivery, error=error.slug)
        else:
            settled = self._answered(delivery, answer)
        failpoint("webhooks.sent")
        metrics.WEBHOOK_ATTEMPTS.labels(outcome(settled)).inc()
        self._settle(delivery, settled)
        return settled

    def _posted(self, delivery: Delivery) -> Answer:
        now, (url, with_secrets) = self.clock(), self.endpoints.addressed(delivery.endpoint)
        body = self.letters.body(delivery, now)
        headers = signed(body, delivery.id, int(now.timestamp()), with_secrets)
        return self.post.send(url, body, CONTENT | headers)

    def _answered(self, delivery: Delivery, answer: Answer) -> Settled:
        if answer.status // 100 == 2:  # noqa: PLR2004 - of HTTP: it is taken
            return Settled("done", self.clock(), answer.status)
        return self._failed(delivery, answer)

    def _failed(
        self, delivery: Delivery, answer: Answer | None = None, error: str | None = None
    ) -> Settled:
        now = self.clock()
        asked = asked_for(answer.retry_after, now) if answer else None
        due_at = now + pause(delivery.attempt, self.draw, asked)
        state = "failed" if delivery.is_test else "waiting"
        return Settled(state, due_at, answer.status if answer else None, error)

    def _settle(self, delivery: Delivery, settled: Settled) -> None:
        with available("webhooks"), self.deliveries.pool.connection() as one, one.transaction():
            ours = self.deliveries.settle(one, delivery, settled)
            if delivery.is_test or not ours:
                return
            if settled.state == "done":
                self.endpoints.got_through(one, delivery.endpoint)
            else:
                self.endpoints.failed(one, delivery.endpoint, gone=settled.status == GONE)


def outcome(settled: Settled) -> str:
    """Say in a word what came of an attempt: the class of the status, or an error's slug."""
    return settled.error or f"{(settled.status or 0) // 100}xx"
