"""How a message leaves the house: a mail server, a gateway for text messages, or a file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from email.utils import parseaddr
from http import HTTPStatus
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives

TIMEOUT_SECONDS = 10
# Answers of a gateway or mail server after which trying again is no use.
TEMPORARY = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
SMTP_FOR_GOOD = 500


class Undeliverable(Exception):
    """The receiver's side refused for good: more attempts would only annoy it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words, ready to go. `key` is the same at each attempt."""

    key: str
    address: str
    subject: str
    text: str
    html: str = ""


def send_mail(letter: Letter) -> None:
    """One mail with a Message-ID of its own, by which receivers drop a second copy."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        # A line break in a name must not become a header.
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        to=[letter.address],
        headers={"Message-ID": f"<{letter.key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        if codes and min(codes) >= SMTP_FOR_GOOD:
            raise Undeliverable(str(error.recipients)) from error
        raise


def send_sms(letter: Letter) -> None:
    if settings.SMS_GATEWAY_URL:
        _through_gateway(letter)
    else:
        _into_spool(letter)


def _through_gateway(letter: Letter) -> None:
    """POST {"id", "to", "text"}; the gateway is asked to take each id once."""
    url = settings.SMS_GATEWAY_URL
    if not url.startswith(("https://", "http://")):
        raise ImproperlyConfigured("SMS_GATEWAY_URL must be an http(s) address.")
    body = {"id": letter.key, "to": letter.address, "text": letter.text}
    headers = {"Content-Type": "application/json", "Idempotency-Key": letter.key}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    request = Request(url, json.dumps(body).encode(), headers, method="POST")
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1024)
    except HTTPError as error:
        with error:
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in TEMPORARY:
                raise Undeliverable(f"HTTP {error.code}") from error
            raise


def _into_spool(letter: Letter) -> None:
    """Without a gateway: a file that one can open; a second attempt writes the same one."""
    folder = Path(settings.SMS_SPOOL)
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{letter.key}.{os.getpid()}"
    half.write_text(f"To: {letter.address}\nId: {letter.key}\n\n{letter.text}\n", encoding="utf-8")
    half.replace(folder / f"{letter.key}.txt")
