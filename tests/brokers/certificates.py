"""A certificate for a broker on this machine, and the authority that signed it."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

FROM = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = FROM + timedelta(days=36_500)


def write_certificates(server: Path, authority: Path) -> None:
    """Write key and certificate of a server, and the certificate to check it by."""
    signing, serving = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    issuer = named("authority of a test")
    ours = certificate(
        issuer, issuer, signing.public_key(), x509.BasicConstraints(ca=True, path_length=None)
    )
    name = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    its = certificate(named("127.0.0.1"), issuer, serving.public_key(), name)
    written = serving.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server.write_bytes(written + signed(its, signing))
    authority.write_bytes(signed(ours, signing))


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePublicKey,
    extension: x509.ExtensionType,
) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    critical = isinstance(extension, x509.BasicConstraints)
    dated = begun.not_valid_before(FROM).not_valid_after(UNTIL)
    return dated.add_extension(extension, critical=critical)


def signed(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> bytes:
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
