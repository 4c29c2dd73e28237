"""A flood after an outage: one letter per person, and never two (R-009)."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from notifications import bundles, delivery, services
from notifications.models import OutboxMessage, OutboxState
from notifications.services import BUNDLE_WAIT, Told
from tests.cast import Cast, World
from tests.servers import ROOT, with_path

THREE = ("clerk", "supervisor", "manager")


def flood(cast: Cast, count: int, people: tuple[str, ...] = THREE, bundle: str = "sla") -> None:
    """`count` promises missed, told to people in turn."""
    events = ("sla.breached", "sla.escalated")
    services.notify_all(
        told=[
            Told(
                cast.people[people[n % len(people)]],
                events[n % 5 == 0],
                {"number": f"T-{n:04}", "promise": "P", "holder": "desk", "due_at": timezone.now()},
                f"step:{bundle}:{n}",
                url=f"/tickets/T-{n:04}/",
                bundle=bundle,
            )
            for n in range(count)
        ]
    )


def later(**more: float) -> datetime:
    return timezone.now() + BUNDLE_WAIT + timedelta(seconds=1, **more)


def test_a_thousand_mails_for_three_people_leave_as_three_letters(world: World) -> None:
    with world.owner.scope():
        flood(world.owner, 1000)
    assert delivery.deliver_due().sent == 0  # they wait for company
    assert delivery.deliver_due(now=later()).sent == 1000
    assert len(mail.outbox) == 3
    with world.owner.scope():
        for letter in mail.outbox:
            rows = OutboxMessage.objects.filter(address=letter.to[0])
            (leader,) = set(rows.values_list("digest__public_id", flat=True))
            assert len(set(rows.values_list("sent_at", flat=True))) == 1
            assert set(rows.values_list("state", flat=True)) == {OutboxState.SENT}
            assert letter.extra_headers["Message-ID"].startswith(f"<sanbao-{leader}@")
    assert delivery.deliver_due(now=later(minutes=9)).sent == 0


def test_a_digest_says_how_many_and_lists_the_first_ones_by_what_happened(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_LINES", 10)
    with world.owner.scope():
        flood(world.owner, 25, ("clerk",))
        OutboxMessage.objects.update(language="en")
    delivery.deliver_due(now=later())
    (letter,) = mail.outbox
    html = str(letter.alternatives[0].content)
    assert letter.subject == "Promises and deadlines: 25 messages"
    for text in (str(letter.body), html):
        assert text.count("T-00") >= 10
        assert "A missed promise was escalated to me (5)" in text
        assert "A promise was missed (20)" in text
        assert "and 15 more" in text
        assert "/company/owner/?to=%2Ftickets%2FT-0000%2F" in text
        assert "/company/owner/?to=%2Fnotifications%2F" in text
    assert "T-0010" not in html


def test_a_digest_is_written_in_the_language_of_its_reader(world: World) -> None:
    with world.owner.scope():
        flood(world.owner, 3, ("clerk",))
        OutboxMessage.objects.update(language="zh-hans")
    delivery.deliver_due(now=later())
    assert mail.outbox[0].subject == "承诺与时限：3 条消息"


def test_a_single_mail_of_a_bundle_is_an_ordinary_letter(world: World) -> None:
    with world.owner.scope():
        flood(world.owner, 1)
        OutboxMessage.objects.update(language="en")
    delivery.deliver_due(now=later())
    assert mail.outbox[0].subject == "Escalated to you: P of T-0000"


def test_another_bundle_another_person_and_an_urgent_mail_keep_their_own_letters(
    world: World,
) -> None:
    clerk = world.owner.people["clerk"]
    with world.owner.scope():
        flood(world.owner, 4, ("clerk", "manager"))
        flood(world.owner, 4, ("clerk",), bundle="checks")
        services.notify(
            user=clerk,
            event="sla.breached",
            params={},
            cause="urgent",
            urgent=True,
            bundle="sla",
        )
        services.notify(user=clerk, event="ticket.refused", params={}, cause="plain")
    assert delivery.deliver_due().sent == 2
    delivery.deliver_due(now=later())
    assert len(mail.outbox) == 2 + 3


def test_what_comes_after_the_letter_is_closed_waits_for_the_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_letter: Any) -> None:
        raise OSError("mail server down")

    with world.owner.scope():
        flood(world.owner, 5, ("clerk",))
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "send_mail", down)
        assert delivery.deliver_due(now=later()).failed == 1
    with world.owner.scope():
        flood(world.owner, 8, ("clerk",))  # five of them were told before
        states = Counter(OutboxMessage.objects.values_list("state", flat=True))
        assert states == {"queued": 1 + 3, "bundled": 4}
    assert delivery.deliver_due(now=later(minutes=10)).sent == 8
    assert [len(set(re.findall(r"T-\d{4}", str(one.body)))) for one in mail.outbox] in (
        [5, 3],
        [3, 5],
    )


def test_a_refused_digest_is_given_up_whole_shown_once_and_sent_again_whole(
    world: World, as_: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_letter: Any) -> None:
        raise delivery.Undeliverable("no such mailbox")

    with world.owner.scope():
        flood(world.owner, 12, ("clerk",))
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "send_mail", refuse)
        delivery.deliver_due(now=later())
    with world.owner.scope():
        assert OutboxMessage.objects.filter(state="failed", error__contains="mailbox").count() == 12
        line = OutboxMessage.objects.order_by("pk")[5]
    admin = as_("administrator")
    ((row, title),) = admin.get("/settings/messages/").context["rows"]
    assert row.rows == 12
    assert "12" in title
    assert admin.post(f"/settings/messages/{line.public_id}/send/").status_code == 302
    delivery.deliver_due()
    assert len(mail.outbox) == 1
    with world.owner.scope():
        assert set(OutboxMessage.objects.values_list("state", "error")) == {("sent", "")}


POSTMAN = """
import os, signal, sys
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from notifications import delivery
if sys.argv[1] == "die":
    delivery._mark_sent = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
delivery.deliver_due(now=timezone.now() + timedelta(minutes=float(sys.argv[2])))
"""


def postman(database: str, box: Path, how: str, minutes: float) -> subprocess.Popen[bytes]:
    """A process of its own that delivers into files, `minutes` from now."""
    here = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": with_path(os.environ["DATABASE_URL"], database),
        "EMAIL_URL": f"filemail:///{box}",
    }
    command = [sys.executable, "-c", POSTMAN, how, str(minutes)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | here)


def letters(box: Path) -> list[str]:
    """The Message-ID of each letter that left."""
    text = "".join(path.read_text() for path in box.glob("*.log"))
    return re.findall(r"^Message-ID: (.+)$", text, re.MULTILINE)


def test_two_postmen_at_once_bring_each_person_one_digest(
    committed_db: str, committed_world: World, tmp_path: Path
) -> None:
    with committed_world.owner.scope():
        flood(committed_world.owner, 600)
    both = [postman(committed_db, tmp_path, "live", 3) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
    delivery.deliver_due(now=later(minutes=1))
    assert mail.outbox == []
    assert len(letters(tmp_path)) == len(set(letters(tmp_path))) == 3
    with committed_world.owner.scope():
        rows = OutboxMessage.objects.all()
        assert set(rows.values_list("state", flat=True)) == {OutboxState.SENT}
        assert len(set(rows.values_list("digest", "recipient_user"))) == 3


def test_a_postman_killed_after_sending_leaves_a_copy_that_says_the_same(
    committed_db: str, committed_world: World, tmp_path: Path
) -> None:
    with committed_world.owner.scope():
        flood(committed_world.owner, 90)
    assert postman(committed_db, tmp_path, "die", 3).wait() == -signal.SIGKILL
    with committed_world.owner.scope():
        flood(committed_world.owner, 120)  # thirty more while he lies there
    before_the_lease_ends = postman(committed_db, tmp_path, "live", 6)
    assert before_the_lease_ends.wait() == 0
    assert postman(committed_db, tmp_path, "live", 14).wait() == 0
    sent = Counter(letters(tmp_path))
    # Three letters of thirty, three of the ten that came after; the copy has its first one's name.
    assert sorted(sent.values()) == [1, 1, 1, 1, 1, 2]
    with committed_world.owner.scope():
        rows = OutboxMessage.objects.all()
        assert set(rows.values_list("state", flat=True)) == {OutboxState.SENT}
        sizes = Counter(rows.values_list("digest", flat=True))
    assert sorted(sizes.values()) == [10, 10, 10, 30, 30, 30]
