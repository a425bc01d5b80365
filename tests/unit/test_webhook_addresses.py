"""Where nothing may be posted to, however it is written or resolved."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from os_events.messaging.webhooks.addresses import (
    Address,
    AddressRefusedError,
    Gate,
    UnresolvedError,
    is_public,
)

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
    "192.169.0.0", "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111",
    "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip
INNER = [
    "0.0.0.0",  # noqa: S104 - nobody listens there
    "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "127.0.0.1", "127.8.9.1", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2",
    "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
    "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
    "100:0:0:1::1", "2001::1", "2001:0:53aa:64c:0:7f9a:80ff:fffe", "2001:10::1", "2001:20::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "2002:808:808::", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1",
    "ff00::1", "ff02::1", "4000::1",
]  # fmt: skip
ODD = [
    "", "hooks.example", "ftp://hooks.example/", "file:///etc/passwd", "gopher://hooks.example",
    "javascript:alert(1)", "//hooks.example/", "https://", "https:///x", "https://:443/",
    "http://hooks.example/", "https://hooks.example:22/", "https://hooks.example:8443/",
    "https://hooks.example:99999/", "https://hooks.example:x/", "https://ana@hooks.example/",
    "https://ana:pw@hooks.example/", "https://@hooks.example/", "https://hooks.example/#x",
    "https://hooks.example/a b", "https://hooks.example/\r\nHost: x", "https://hooks.example/\t",
    "https://hooks.example/\x00", "https://höoks.example/", "https://[::1/", "https://[x]/",
    "https://hooks.example/" + "x" * 2000,
]  # fmt: skip
WRITTEN = [
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/",
    "https://127.1/", "https://0/", "https://127.0.0.1/", "https://[::1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fe80::1]/",
    "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://localhost/",
]  # fmt: skip


def at(*addresses: str) -> Gate:
    """Give the gate of a world in which every name is at these addresses."""
    return Gate(resolve=lambda _host, _port: [ip_address(one) for one in addresses])


@pytest.mark.parametrize("address", PUBLIC)
def test_what_the_internet_routes_to_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INNER)
def test_nothing_of_ours_and_nothing_special_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        at("8.8.8.8").parsed(url)


@pytest.mark.parametrize("url", WRITTEN)
def test_this_machine_is_found_however_it_is_written(url: str) -> None:
    gate = Gate()

    with pytest.raises(AddressRefusedError):
        gate.addresses(gate.parsed(url))


def test_one_inner_address_among_public_ones_is_enough_to_refuse_a_name() -> None:
    gate = at("8.8.8.8", "2606:4700::1111", "10.0.0.1")

    with pytest.raises(AddressRefusedError, match=r"is at 10\.0\.0\.1"):
        gate.addresses(gate.parsed("https://hooks.example/"))


def test_a_name_without_addresses_is_refused() -> None:
    gate = at()

    with pytest.raises(UnresolvedError):
        gate.addresses(gate.parsed("https://hooks.example/"))


def test_an_address_is_taken_apart() -> None:
    target = at("8.8.8.8").parsed("https://Hooks.example/a/b?c=d")

    assert (target.host, target.port, target.path) == ("hooks.example", 443, "/a/b?c=d")
    assert target.authority == "hooks.example"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "https://[::1]:9000/x", "http://[::1]/"])
def test_who_develops_may_post_to_this_machine(url: str) -> None:
    gate = Gate(development=True)

    assert all(one.is_loopback for one in gate.addresses(gate.parsed(url)))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://hooks.example/", "8.8.8.8"),
        ("https://hooks.example:8443/", "8.8.8.8"),
        ("https://hooks.example/", "10.0.0.1"),
        ("http://hooks.example/", "169.254.169.254"),
    ],
)
def test_who_develops_may_post_nowhere_else_by_another_way(url: str, address: str) -> None:
    gate = Gate(development=True, resolve=at(address).resolve)

    with pytest.raises(AddressRefusedError):
        gate.addresses(gate.parsed(url))


def test_a_port_may_be_allowed_besides() -> None:
    gate = Gate(ports=(443, 8443), resolve=at("8.8.8.8").resolve)

    found: Sequence[Address] = gate.addresses(gate.parsed("https://hooks.example:8443/"))

    assert found == [ip_address("8.8.8.8")]
