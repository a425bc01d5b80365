"""Where events may be posted to: never into our own network, whatever a name resolves to."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from os_events.errors import RuleViolationError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[Address]]

LONGEST = 2000  # characters
PORTS = {"https": 443, "http": 80}
# ``is_global`` is not enough: what it calls global differs between versions of Python, and it does
# not know of addresses inside addresses. Source: IANA's special-purpose registries.
NOT_PUBLIC = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
GLOBAL_UNICAST = ip_network("2000::/3")
TRANSLATED = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last four bytes


class AddressRefusedError(RuleViolationError):
    """Nothing is posted there. Give an https address of a server that the internet reaches."""

    slug = "webhook-address"


class UnresolvedError(AddressRefusedError):
    """The name has no address now. Check it, or wait for the name server."""

    slug = "webhook-unresolved"


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. Shape: ``path`` has the query as well."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Give what the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def resolved(host: str, port: int) -> list[Address]:
    """Ask the system for all addresses of a name. Raises UnresolvedError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnresolvedError(host) from error
    return [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


@dataclass(frozen=True)
class Gate:
    """Decides where posts may go.

    Shape: with ``development`` to this machine as well, by http and on any port.
    """

    ports: Sequence[int] = (443,)
    development: bool = False
    resolve: Resolve = resolved

    def parsed(self, url: str) -> Target:
        """Take an address apart. Raises AddressRefusedError where it is of no use."""
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
            raise AddressRefusedError("an address is printable ASCII, 2,000 characters at most")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise AddressRefusedError(f"no address: {error}") from error
        if parts.scheme not in PORTS or not parts.hostname:
            raise AddressRefusedError("it begins with https://, and names a host")
        if "@" in parts.netloc or "#" in url:
            raise AddressRefusedError("it has no user, no password and no fragment")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)
        if not self.development and (target.scheme != "https" or target.port not in self.ports):
            allowed = ", ".join(map(str, self.ports))
            raise AddressRefusedError(f"https on port {allowed} only")
        return target

    def addresses(self, target: Target) -> list[Address]:
        """Resolve the name, once; all that it resolves to must be allowed.

        Raises: AddressRefusedError, UnresolvedError.
        """
        found = list(dict.fromkeys(self.resolve(target.host, target.port)))
        if not found:
            raise UnresolvedError(target.host)
        only_here = target.scheme != "https" or target.port not in self.ports
        for one in found:
            here = self.development and one.is_loopback
            if not here and (only_here or not is_public(one)):
                raise AddressRefusedError(f"{target.host} is at {one}")
        return found


def is_public(address: Address) -> bool:
    """Say whether the internet routes to it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in TRANSLATED:
            return is_public(IPv4Address(address.packed[-4:]))
        if address not in GLOBAL_UNICAST:
            return False
    return not any(address in network for network in NOT_PUBLIC)
