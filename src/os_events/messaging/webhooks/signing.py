"""Standard Webhooks: how a message is signed, and with what.

Source: https://github.com/standard-webhooks/standard-webhooks, specification 1.0.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Draw a secret, as it is handed to the receiver."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(body: bytes, message_id: str, at: int, with_secrets: Iterable[str]) -> dict[str, str]:
    """Give the headers of a message: one signature a secret. Unit: ``at`` in seconds since 1970."""
    content = f"{message_id}.{at}.".encode() + body
    signatures = [f"v1,{_signature(secret, content)}" for secret in with_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return b64encode(hmac.digest(key, content, sha256)).decode()
