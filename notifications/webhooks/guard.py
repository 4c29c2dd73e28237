"""Which addresses a webhook may reach: public ones only.

The address comes from a person, so it could name a machine of ours: a metadata service, Redis,
another web server. The name is resolved once, every answer must be public, and the call goes
to exactly that answer, so that a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import DomainError

PORTS = {"https": 443, "http": 80}
# What Python's tables, which change with its versions, do not refuse by themselves: answers that
# lead somewhere else than they say (NAT64, 6to4, Teredo), protocol assignments, discard
# prefixes, documentation, and a cloud's own service on an address that looks public.
MISLEADING = [
    ip_network(text)
    for text in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/32",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
]


class Forbidden(Exception):
    """The address leads, or may lead, to where a webhook has no business."""


def checked_url(url: str) -> str:
    """The address as it is kept; a sentence for the person when it cannot be one."""
    try:
        parts = _parts(url.strip())
    except (Forbidden, ValueError) as error:
        raise DomainError(_("This is not a complete web address."), field="url") from error
    if parts.scheme != "https" and not settings.WEBHOOKS_MAY_STAY_INSIDE:
        raise DomainError(
            _("The address must begin with https:// so that nobody reads along."), field="url"
        )
    if parts.username is not None or parts.password is not None:
        raise DomainError(
            _("Leave out name and password; the signature shows who calls."), field="url"
        )
    return url.strip()


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.fragment:
        raise Forbidden("not a complete http(s) address")
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise Forbidden("blanks in the address")
    _port = parts.port  # raises ValueError when it is none
    return parts


def destinations(url: str) -> list[tuple[str, int]]:
    """Every answer to the name, as (address, port); none is returned unless all are public."""
    parts = _parts(url)
    if parts.scheme != "https" and not settings.WEBHOOKS_MAY_STAY_INSIDE:
        raise Forbidden("https only")
    port = parts.port or PORTS[parts.scheme]
    found = getaddrinfo(parts.hostname, port, type=SOCK_STREAM)
    addresses = [str(answer[4][0]) for answer in found]
    if not addresses:
        raise OSError("the name has no address")
    if not settings.WEBHOOKS_MAY_STAY_INSIDE:
        for address in addresses:
            if not is_public(address):
                raise Forbidden(f"{parts.hostname} leads to {address}, which is not public")
    return [(address, port) for address in dict.fromkeys(addresses)]


def is_public(address: str) -> bool:
    """Whether the whole internet means the same machine by it."""
    if "%" in address:
        return False
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in MISLEADING if network.version == ip.version):
        return False
    inside = (
        ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
        or (isinstance(ip, IPv6Address) and ip.is_site_local)
    )
    return ip.is_global and not inside
