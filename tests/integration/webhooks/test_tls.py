"""Posting by https: the certificate is that of the name, whatever address was checked."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.posting import Answer, NoAnswerError, Post
from tests.receivers import Receiver, receiving

NAME = "hooks.example"
GATE = Gate(development=True, resolve=lambda *_: [ip_address("127.0.0.1")])


@pytest.fixture
def certificate(directory: Path) -> Path:
    """Key and certificate of hooks.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)  # noqa: TID251 - certificates are checked by this clock
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = directory / "hooks.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(encoding))
    return file


@pytest.fixture
def asked() -> list[str]:
    """The names that connections asked for (SNI)."""
    return []


@pytest.fixture
def receiver(certificate: Path, asked: list[str]) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with receiving(tls=context) as found:
        yield found


@pytest.fixture
def post(certificate: Path) -> Post:
    return Post(GATE, ssl.create_default_context(cafile=str(certificate)))


def test_the_name_is_asked_for_and_its_certificate_is_believed(
    receiver: Receiver, post: Post, asked: list[str]
) -> None:
    answer = post.send(f"https://{NAME}:{receiver.port}/hook", b"{}", {"webhook-id": "1"})

    assert (answer, asked) == (Answer(200), [NAME])
    assert receiver.received[0].headers["host"] == f"{NAME}:{receiver.port}"


def test_the_certificate_of_another_name_is_not(receiver: Receiver, post: Post) -> None:
    with pytest.raises(NoAnswerError, match="SSLCertVerificationError"):
        post.send(f"https://other.example:{receiver.port}/hook", b"{}", {})

    assert receiver.received == []


def test_a_certificate_that_nobody_vouches_for_is_not(receiver: Receiver) -> None:
    with pytest.raises(NoAnswerError, match="SSLCertVerificationError"):
        Post(GATE).send(f"https://{NAME}:{receiver.port}/hook", b"{}", {})

    assert receiver.received == []


def test_who_does_not_shake_hands_is_left_in_time(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os_events.messaging.webhooks.posting.IN_TIME", 0.3)
    with receiving() as plain, pytest.raises(NoAnswerError):
        post.send(f"https://{NAME}:{plain.port}/hook", b"{}", {})
