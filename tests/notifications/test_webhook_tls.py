"""A call by https: to the number that was looked at, under the certificate of the name."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.webhooks import guard
from notifications.webhooks import post as wire
from notifications.webhooks.post import Call, post

NAME = "hooks.example"


def certificate(folder: Path) -> Path:
    """A certificate of the name, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "hooks.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem


@pytest.fixture
def asked() -> list[str]:
    """The names under which the server was asked for its certificate."""
    return []


@pytest.fixture
def port(
    tmp_path: Path, asked: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    """A server by TLS on this machine, to which every name leads."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    pem = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda _line, name, _context: asked.append(str(name))
    trusting = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(wire, "create_default_context", lambda: trusting)
    server = socket.create_server(("127.0.0.1", 0))
    number: int = server.getsockname()[1]
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", number))]
    monkeypatch.setattr(guard, "getaddrinfo", lambda *_args, **_more: answer)

    def serve() -> None:
        line, _peer = server.accept()
        try:
            with context.wrap_socket(line, server_side=True) as secure:
                heard = b""
                while b"{}" not in heard:
                    heard += secure.recv(4096)
                asked.append(heard.decode())
                secure.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        except ssl.SSLError:
            asked.append("hung up")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield number
    thread.join(5)
    server.close()


def test_the_certificate_is_asked_and_checked_for_the_name_not_for_the_number(
    port: int, asked: list[str]
) -> None:
    assert post(Call(f"https://{NAME}:{port}/hook", {"webhook-id": "msg_1"}, b"{}")) == 204
    name, request = asked
    assert name == NAME
    assert request.startswith("POST /hook HTTP/1.1\r\n")
    assert f"Host: {NAME}:{port}\r\n" in request


def test_a_server_that_cannot_prove_its_name_hears_nothing(port: int, asked: list[str]) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        post(Call(f"https://other.example:{port}/hook", {}, b"{}"))
    assert not any("POST" in heard for heard in asked)
