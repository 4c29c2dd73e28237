"""One POST to somebody else's server: pinned to the address that was looked at, and brief.

Redirects are not followed, the body of the answer is not read, and the whole call has one
deadline: a receiver that drips its answer holds nobody up.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection
from socket import SHUT_RDWR, create_connection, socket
from ssl import create_default_context
from threading import Timer
from urllib.parse import urlsplit

from notifications.webhooks.guard import destinations

TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Call:
    """Ready to go: no table is needed any more, so it may run in a thread."""

    url: str
    headers: dict[str, str]
    body: bytes


def post(call: Call) -> int:
    """Send it; the status that came back. OSError, HTTPException or Forbidden if none did."""
    parts = urlsplit(call.url)
    host = parts.hostname or ""
    line = _Line(_connected(destinations(call.url)))
    deadline = Timer(TIMEOUT_SECONDS, line.cut)
    deadline.daemon = True
    deadline.start()
    try:
        if parts.scheme == "https":
            line.encrypt(host)
        connection = HTTPConnection(host, timeout=TIMEOUT_SECONDS)
        connection.sock = line.sock
        target = parts.path or "/"
        if parts.query:
            target = f"{target}?{parts.query}"
        connection.request("POST", target, call.body, call.headers | {"Host": _host(call.url)})
        status = connection.getresponse().status
    except Exception as error:
        if line.is_cut:
            raise TimeoutError(f"no answer within {TIMEOUT_SECONDS} s") from error
        raise
    finally:
        deadline.cancel()
        line.sock.close()
    if line.is_cut:  # the half of an answer is none
        raise TimeoutError(f"no answer within {TIMEOUT_SECONDS} s")
    return status


class _Line:
    """A connection that another thread may cut, also in the middle of a handshake."""

    def __init__(self, sock: socket) -> None:
        self.sock = sock
        self.is_cut = False

    def encrypt(self, host: str) -> None:
        """The certificate must be the name's, though we dialled a number."""
        wrapped = create_default_context().wrap_socket(
            self.sock, server_hostname=host, do_handshake_on_connect=False
        )
        self.sock = wrapped
        wrapped.do_handshake()

    def cut(self) -> None:
        self.is_cut = True
        try:
            # Not SSLSocket's own, which would pull its state from under the reader.
            socket.shutdown(self.sock, SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _connected(addresses: list[tuple[str, int]]) -> socket:
    """The first of the addresses that takes the call."""
    failure: OSError | None = None
    for address in addresses[:2]:
        try:
            return create_connection(address, timeout=TIMEOUT_SECONDS)
        except OSError as error:
            failure = error
    raise failure or OSError("no address")


def _host(url: str) -> str:
    """As it stands in the address, without a port that goes without saying."""
    return urlsplit(url).netloc.rpartition("@")[2]
