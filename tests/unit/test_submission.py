"""What callers are told, and what of a request is stored: no database."""

import asyncio
from hashlib import sha256
from uuid import UUID

from os_events.eventlog.submission import Answer, Promised, RequestKey, keep

DONE = Answer("done", UUID(int=1), 1, 1, 1)


def test_who_gave_up_does_not_keep_the_answer_from_the_others() -> None:
    async def settle() -> Answer:
        gone, waiting = Promised(), Promised()
        gone.cancel()
        keep([(gone, DONE), (waiting, DONE)])
        async with asyncio.timeout(5):
            return await waiting

    assert asyncio.run(settle()) == DONE


def test_what_was_asked_cannot_be_guessed_without_the_idempotency_key() -> None:
    body = b'{"cpf":"00000000191"}'

    stored = RequestKey.of("a secret of the caller", body)

    assert stored.body != UUID(bytes=sha256(body).digest()[:16])
    assert stored.body != RequestKey.of("another", body).body
    assert stored == RequestKey.of("a secret of the caller", body)
