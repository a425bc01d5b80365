"""How messages are signed, as those verify them who wrote the standard."""

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from os_events.messaging.webhooks.signing import new_secret, signed

BODY = '{"id":"1:2","data":{"description":"Peça trocada"}}'.encode()


def now() -> int:
    return int(datetime.now(UTC).timestamp())  # noqa: TID251 - the verifier looks at this clock too


def test_a_receiver_verifies_a_message_by_its_secret() -> None:
    secret = new_secret()

    headers = signed(BODY, "1:2", now(), [secret])

    assert Webhook(secret).verify(BODY, headers) == json.loads(BODY)
    assert headers["webhook-id"] == "1:2"


def test_while_a_secret_is_rotated_receivers_verify_by_either() -> None:
    former, latter = new_secret(), new_secret()

    headers = signed(BODY, "1:2", now(), [latter, former])

    assert Webhook(former).verify(BODY, headers) == Webhook(latter).verify(BODY, headers)


@pytest.mark.parametrize(
    ("changed", "other"),
    [("webhook-id", "77"), ("webhook-signature", "AA")],
)
def test_a_changed_header_is_found(changed: str, other: str) -> None:
    secret = new_secret()
    headers = signed(BODY, "1:2", now(), [secret])
    headers[changed] = headers[changed][:-2] + other

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers)


def test_a_message_that_claims_to_be_newer_is_found() -> None:
    secret, at = new_secret(), now()
    headers = signed(BODY, "1:2", at, [secret]) | {"webhook-timestamp": str(at + 1)}

    with pytest.raises(WebhookVerificationError, match="No matching"):
        Webhook(secret).verify(BODY, headers)


def test_a_changed_body_is_found() -> None:
    secret = new_secret()
    headers = signed(BODY, "1:2", now(), [secret])

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)


def test_an_old_message_is_refused_when_it_comes_again() -> None:
    secret = new_secret()
    headers = signed(BODY, "1:2", now() - 301, [secret])

    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(secret).verify(BODY, headers)


def test_no_two_secrets_are_the_same() -> None:
    assert new_secret() != new_secret()
