"""Which addresses may be entered, and which may be connected to."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.webhooks import addresses
from tracking.webhooks.addresses import BadAddress, Forbidden

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",  # noqa: S104
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.0.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00::1",
    "fe80::1", "fec0::1", "ff02::1", "4000::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("text", PRIVATE)
def test_private_and_special_addresses_are_out_of_reach(text: str) -> None:
    assert not addresses.reachable(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_within_reach(text: str) -> None:
    assert addresses.reachable(ip_address(text))


def test_what_the_setting_allows_is_within_reach_and_nothing_else(settings: Any) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("10.20.0.0/16"), ip_network("fd12::/16")]
    inside = ["10.20.0.1", "10.20.255.254", "::ffff:10.20.3.4", "fd12::1"]
    assert all(addresses.reachable(ip_address(text)) for text in inside)
    assert not any(addresses.reachable(ip_address(text)) for text in ("10.21.0.1", "127.0.0.1", "fd13::1"))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_the_clothes_of_ipv6(address: Any) -> None:
    assert addresses.reachable(address) == addresses.reachable(ip_address(f"::ffff:{address}"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "https://"),
        ("nonsense", "https://"),
        ("ftp://example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("https:///hook", "https://"),
        ("https://[::1", "not an address"),
        ("https://example.org:99999/", "not an address"),
        ("https://ada:secret@example.org/", "user name"),
        ("https://example.org/#part", "#"),
        ("https://example.org:22/", "Port 22"),
        ("https://example.org:6/", "Port 6"),
        ("http://localhost/", "private address"),
        ("http://hooks.localhost:8000/", "private address"),
        ("http://LOCALHOST./", "private address"),
        ("http://127.0.0.1/", "private address"),
        ("http://127.1/", "private address"),
        ("http://2130706433/", "private address"),
        ("http://0x7f.0.0.1/", "private address"),
        ("http://[::1]/", "private address"),
        ("http://134744072/", "Write 8.8.8.8"),
        ("http://[::ffff:169.254.169.254]/latest/meta-data/", "private address"),
        ("https://example.org/" + "x" * 500, "longer than 500"),
    ],
)
def test_nonsense_is_refused_with_what_to_do(text: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        addresses.read(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" https://example.org/hooks?to=us ", "https://example.org/hooks?to=us"),
        ("http://EXAMPLE.org", "http://example.org"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://1.1.1.1/", "http://1.1.1.1/"),
    ],
)
def test_a_good_address_is_kept_as_it_is_used(text: str, kept: str) -> None:
    assert addresses.read(text) == kept


def test_a_socket_is_made_for_checked_addresses_alone(settings: Any) -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 8000))
    with pytest.raises(Forbidden, match=r"private address 127\.0\.0\.1"):
        addresses.checked_socket(info)
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]
    addresses.checked_socket(info).close()
    with pytest.raises(Forbidden, match="Port 25"):
        addresses.checked_socket((*info[:4], ("127.0.0.1", 25)))
