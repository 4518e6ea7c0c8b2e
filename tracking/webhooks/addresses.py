"""Which addresses a webhook may reach: public ones, and those of the networks in EARSHOT_WEBHOOK_ALLOW.

What a name stands for is judged when it is used: the socket itself is made by `checked_socket`, for the very address
that it is then connected to, so a name that changes in between gains nothing.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from yarl import URL

LONGEST = 500
SCHEMES = ("http", "https")

UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")
# Within public space, or taken for it by some versions of Python: special purposes (some clouds tell their machines
# secrets there), and the address at which Azure serves its own machines.
NEVER = (IPv4Network("192.0.0.0/24"), IPv4Network("168.63.129.16/32"))


class BadAddress(ValueError):
    """Not an address to send webhooks to; the text says why, and what to do."""


class Forbidden(PermissionError):
    """A connection to an address that webhooks may not reach."""


def read(text: str) -> str:
    """The address as it will be used; raises BadAddress. Names are looked up when they are used, not here."""
    try:
        url = URL(text.strip())
        port, host = url.port, url.host
    except ValueError as error:
        raise BadAddress("This is not an address. It looks like https://example.org/hooks/earshot.") from error
    if url.scheme not in SCHEMES or not host:
        raise BadAddress("Begin with https:// (or http://) and the name of your server.")
    if url.user is not None or url.password is not None:
        raise BadAddress("Leave out the user name and password; check the signature instead.")
    if not may_use(port or 0):
        raise BadAddress(f"Port {port} is not for web servers. Use 80, 443, or one from 1024 up.")
    if url.fragment:
        raise BadAddress("Leave out what follows the #: it is never sent.")
    numeric = _numeric(host.lower())
    if numeric is not None and not reachable(numeric):
        raise BadAddress(f"{host} is a private address. {WHAT_TO_DO}")
    if numeric is not None and not _is_plain(host):
        raise BadAddress(f"Write {numeric} in place of {host}.")
    if len(str(url)) > LONGEST:
        raise BadAddress(f"This is longer than {LONGEST} characters. Use a shorter one.")
    return str(url)


WHAT_TO_DO = "Use a public one, or have its network added to EARSHOT_WEBHOOK_ALLOW."


def checked_socket(info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
    """A socket for the address of `info` (as `getaddrinfo` gives it); raises Forbidden."""
    family, kind, protocol, _, (host, port, *_) = info
    if not reachable(ip_address(host)):
        raise Forbidden(f"It is at the private address {host}. {WHAT_TO_DO}")
    if not may_use(port):
        raise Forbidden(f"Port {port} is not for web servers.")
    return socket.socket(family=family, type=kind, proto=protocol)


def may_use(port: int) -> bool:
    """Not the ports below 1024 that other protocols live at."""
    return port in (80, 443) or 1024 <= port < 65536


def reachable(address: IPv4Address | IPv6Address) -> bool:
    plain = _inner(address)
    if any(one in network for network in settings.WEBHOOK_ALLOW for one in (plain, address)):
        return True
    if isinstance(plain, IPv6Address):
        return plain in UNICAST and plain not in SIX_TO_FOUR and plain.is_global
    return (
        plain.is_global
        and not (plain.is_multicast or plain.is_reserved)
        and not any(plain in network for network in NEVER)
    )


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _is_plain(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.rstrip(".").lower().endswith("localhost")
    return True


def _numeric(host: str) -> IPv4Address | IPv6Address | None:
    """The address that `host` is, also in the old forms (127.1, 0x7f.0.0.1, 2130706433); None for a name."""
    if host.rstrip(".").endswith("localhost"):
        return IPv4Address("127.0.0.1")
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None
    return ip_address(found[0][4][0])
