"""The pages of reports: written from a ticket, refused at the field, signed, read, printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import a_ticket
from tests.warranty.reports.conftest import HOUR, STROKES, Job, photo
from tickets.models import Ticket
from visits.models import Visit
from warranty.models import Evidence, SigningCode, WorkReport
from warranty.services import reports

As = Callable[..., Client]
JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


def new_url(job: Job) -> str:
    return reverse("warranty:report-new") + f"?ticket={job.ticket.number}"


def edit_url(report: WorkReport) -> str:
    return reverse("warranty:report-edit", args=[report.number])


def typed(job: Job, **changes: Any) -> dict[str, Any]:
    at = timezone.localtime(job.arrived_at)
    fields = {
        "client_key": str(job.key),
        "technician_name": "李师傅",
        "reported_at": f"{at - 5 * HOUR:%Y-%m-%dT%H:%M}",
        "arrived_at": f"{at:%Y-%m-%dT%H:%M}",
        "started_at": f"{at:%Y-%m-%dT%H:%M}",
        "finished_at": f"{at + HOUR:%Y-%m-%dT%H:%M}",
        "fault_on": f"{at:%Y年%m月%d日}",
        "meter_reading": "３２０.５",
        "meter_unit": "hours",
        "complaint": "发动机不启动",
        "cause": "高压油泵泄漏",
        "correction": "更换高压油泵",
        "distance_km": "42",
        "people": "2",
        "nights": "",
        "charged_cents": "",
        "device_at": "2026-11-22T01:02:03.000Z",
        "parts-TOTAL_FORMS": "2",
        "parts-INITIAL_FORMS": "0",
        "parts-0-part": "gy-200 高压油泵",
        "parts-0-quantity": "1",
        "parts-0-source": "own",
        "parts-0-old_serial": "OLD1",
        "parts-0-new_serial": "NEW1",
        "parts-0-is_causal": "on",
        "parts-1-quantity": "1",
        "labour-TOTAL_FORMS": "1",
        "labour-INITIAL_FORMS": "0",
        "labour-0-operation": "R10 更换高压油泵",
        "labour-0-minutes": "45",
    }
    return fields | changes


def test_the_sheet_knows_what_the_ticket_knows(job: Job, as_: As) -> None:
    page = as_("dealer_technician").get(new_url(job)).content.decode()
    assert "早上打不着火" in page
    assert "李师傅" in page
    assert f"{timezone.localtime(job.arrived_at):%Y-%m-%dT%H:%M}" in page
    assert "GY-200 高压油泵" in page
    assert "SC-1" not in page, "parts of other machines are not offered"


def test_a_report_is_written_and_written_on(job: Job, as_: As) -> None:
    client = as_("dealer_technician")
    answer = client.post(new_url(job), typed(job))
    report = WorkReport.objects.get()
    assert answer.headers["Location"] == edit_url(report)
    assert (str(report.meter_reading), report.people, report.client_key) == ("320.5", 2, job.key)
    assert report.arrived_at == job.arrived_at.replace(second=0)
    assert [row.part for row in report.parts.all()] == [job.pump]
    assert client.get(new_url(job)).headers["Location"] == edit_url(report)
    page = client.get(edit_url(report))
    assert "NEW1" in page.content.decode()
    stamp = page.context["stamp"]
    client.post(edit_url(report), typed(job, cause="油封老化", stamp=stamp))
    assert WorkReport.objects.get().cause == "油封老化"


def test_sending_the_same_sheet_twice_makes_one_report(job: Job, as_: As) -> None:
    client = as_("dealer_technician")
    first = client.post(new_url(job), typed(job), **JSON).json()
    again = client.post(new_url(job), typed(job), **JSON).json()
    assert first["number"] == again["number"]
    assert WorkReport.objects.count() == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(job: Job, as_: As) -> None:
    wrong = typed(
        job,
        **{
            "finished_at": f"{timezone.localtime(job.arrived_at - HOUR):%Y-%m-%dT%H:%M}",
            "parts-0-quantity": "2",
            "parts-1-part": "SC-1",
            "parts-1-quantity": "1",
        },
    )
    answer = as_("dealer_technician").post(new_url(job), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "高压油泵泄漏" in page
    assert "NEW1" in page
    assert set(answer.context["forms"].errors()) == {
        "finished_at",
        "parts-0-quantity",
        "parts-1-part",
    }
    assert not WorkReport.objects.exists()


def test_a_third_decimal_and_an_unknown_number_are_refused(job: Job, as_: As) -> None:
    wrong = typed(
        job,
        **{
            "parts-0-quantity": "0.125",
            "parts-1-part": "NIX-9",
            "labour-0-operation": "NIX",
            "charged_cents": "1.999",
        },
    )
    answer = as_("dealer_technician").post(new_url(job), wrong, **JSON)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {
        "parts-0-quantity",
        "parts-1-part",
        "labour-0-operation",
        "charged_cents",
    }


def test_a_serial_of_another_company_looks_unknown(job: Job, as_: As, world: Any) -> None:
    foreign = world.stranger.machine.serial_number
    client = as_("dealer_technician")
    url = reverse("warranty:report-new")
    for serial in (foreign, "NIX-1"):
        answer = client.post(url, typed(job, serial_number=serial), **JSON)
        assert list(answer.json()["errors"]) == ["serial_number"]
    assert client.get(f"{url}?machine={foreign}").status_code == 404
    own = typed(job, serial_number=job.cast.machine.serial_number.lower())
    assert client.post(url, own, **JSON).status_code == 200


def test_two_people_at_once_are_told_and_keep_what_they_typed(job: Job, as_: As) -> None:
    report = job.save(job.start())
    client = as_("dealer_technician")
    seen = reports.stamp_of(report)
    job.save(report, cause="同事写的原因")
    answer = client.post(edit_url(report), typed(job, cause="我写的原因", stamp=seen), **JSON)
    assert answer.status_code == 409
    assert answer.json()["stamp"] == reports.stamp_of(WorkReport.objects.get())
    page = client.post(edit_url(report), typed(job, cause="我写的原因", stamp=seen))
    assert page.status_code == 422
    assert "我写的原因" in page.content.decode()
    assert WorkReport.objects.get().cause == "同事写的原因"


def test_who_does_not_hold_the_job_does_not_report_it(job: Job, as_: As) -> None:
    assert as_("neighbour_principal").get(new_url(job)).status_code == 404
    assert as_("field_engineer").get(new_url(job)).status_code == 403
    assert as_("engineer").get(new_url(job)).status_code == 403
    assert as_("clerk").get(new_url(job)).status_code == 200
    fresh = a_ticket(job.cast, dealer=job.cast.dealer, team="dealer", state="offered")
    url = reverse("warranty:report-new") + f"?ticket={fresh.number}"
    assert as_("dealer_technician").get(url).status_code == 403


def sign(client: Client, report: WorkReport, **how: Any) -> Any:
    url = reverse("warranty:report-sign", args=[report.number])
    body = {"signer_name": "张丰收", "signature": json.dumps(STROKES)} | how
    return client.post(url, body, **JSON)


def test_signing_reports_the_work_done(job: Job, as_: As) -> None:
    report = job.save(job.start())
    client = as_("dealer_technician")
    at = timezone.now() - timedelta(minutes=20)
    answer = sign(client, report, signed_at=at.isoformat(), is_done="on")
    assert answer.json()["state"] == "signed"
    report.refresh_from_db()
    assert report.signed_at == at
    ticket = Ticket.objects.get(pk=job.ticket.pk)
    assert (ticket.state, ticket.result, ticket.cause) == (
        "done",
        report.correction,
        report.cause,
    )
    assert Visit.objects.get(pk=job.visit.pk).finished_at == report.finished_at


def test_signing_without_the_tick_leaves_the_ticket_open(job: Job, as_: As) -> None:
    report = job.save(job.start())
    assert sign(as_("dealer_technician"), report).status_code == 200
    assert Ticket.objects.get(pk=job.ticket.pk).state == "arranged"


def test_a_missing_signature_is_told_at_its_field(job: Job, as_: As) -> None:
    report = job.save(job.start())
    client = as_("dealer_technician")
    answer = sign(client, report, signature="")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["signature"])
    answer = sign(client, report, signer_name="")
    assert list(answer.json()["errors"]) == ["signer_name"]
    page = client.post(reverse("warranty:report-sign", args=[report.number]), {"signer_name": "张"})
    assert page.status_code == 422


def test_wrong_codes_are_counted_over_requests(job: Job, as_: As) -> None:
    report = job.save(job.start())
    client = as_("dealer_technician")
    phone = {"phone": "+8613800138000"}
    url = reverse("warranty:report-code", args=[report.number])
    assert client.post(url, {"phone": "+8613900139000"}).status_code == 422
    assert client.post(url, phone).status_code == 302
    for _each in range(6):
        answer = sign(client, report, signature="", code="x")
        assert list(answer.json()["errors"]) == ["code"]
    assert SigningCode.objects.get().tries == 6


def test_photos_are_kept_once_and_told_when_used_before(job: Job, as_: As) -> None:
    report = job.save(job.start())
    client = as_("dealer_technician")
    url = reverse("warranty:report-evidence", args=[report.number])
    for _each in range(2):
        body = {"kind": "fault", "upload": photo(), "taken_at": "2026-11-20T08:00:00+08:00"}
        assert client.post(url, body, **JSON).status_code == 200
    kept = Evidence.objects.get()
    assert kept.taken_at is not None
    shown = client.get(reverse("warranty:evidence", args=[kept.public_id]))
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert client.post(url, {"kind": "fault"}, **JSON).status_code == 422
    job.sign(report)
    other = job.start(ticket=a_ticket(job.cast, state="accepted", team="dealer",
                      dealer=job.cast.dealer), client_key=kept.public_id)  # fmt: skip
    url = reverse("warranty:report-evidence", args=[other.number])
    answer = client.post(url, {"kind": "fault", "upload": photo()}, **JSON).json()
    assert report.number in " ".join(each["text"] for each in answer["warnings"])
    assert report.number in client.get(edit_url(other)).content.decode()


def test_a_photo_leaves_a_draft_and_never_a_signed_report(job: Job, as_: As) -> None:
    report = job.save(job.start())
    actor = job.cast.actor("dealer_technician")
    kept = reports.attach_evidence(actor=actor, report=report, upload=photo(), kind="fault")
    client = as_("dealer_technician")
    url = reverse("warranty:evidence-remove", args=[kept.public_id])
    assert client.post(url).status_code == 302
    assert not Evidence.objects.exists()
    kept = reports.attach_evidence(actor=actor, report=report, upload=photo(), kind="fault")
    job.sign(report)
    assert (
        client.post(reverse("warranty:evidence-remove", args=[kept.public_id])).status_code == 409
    )


def test_the_list_finds_by_number_serial_state_and_claim(job: Job, as_: As) -> None:
    report = job.signed()
    client = as_("engineer")
    url = reverse("warranty:reports")
    for query in (report.number, "4lz2026000001", "张丰收", job.ticket.number):
        assert report.number in client.get(url, {"q": query}).content.decode()
    assert report.number not in client.get(url, {"q": "NIX"}).content.decode()
    assert report.number in client.get(url, {"state": "signed"}).content.decode()
    assert report.number not in client.get(url, {"state": "draft"}).content.decode()
    assert report.number in client.get(url, {"is_claimed": "false"}).content.decode()
    assert report.number not in client.get(url, {"is_claimed": "true"}).content.decode()
    assert report.number not in as_("neighbour_principal").get(url).content.decode()
    export = client.get(reverse("warranty:reports-export"), {"format": "csv"})
    assert report.number in export.content.decode("utf-8-sig")


def test_the_list_takes_few_queries(job: Job, as_: As, django_assert_max_num_queries: Any) -> None:
    job.signed()
    client = as_("engineer")
    client.get(reverse("warranty:reports"))
    with django_assert_max_num_queries(14):
        client.get(reverse("warranty:reports"))


def test_one_report_on_one_page_with_versions_and_paper(job: Job, as_: As) -> None:
    report = job.signed()
    client = as_("dealer_technician")
    url = reverse("warranty:report-correct", args=[report.number])
    assert client.post(url, {"reason": ""}).status_code == 422
    answer = client.post(url, {"reason": "数量写错"})
    assert answer.headers["Location"] == edit_url(report)
    page = client.get(reverse("warranty:report-version", args=[report.number, 1])).content.decode()
    assert report.digest in page
    assert "GY-200" in page
    for language in ("zh-hans", "en"):
        paper = client.get(
            reverse("warranty:report-version-paper", args=[report.number, 1]),
            {"language": language},
        )
        assert paper.content.startswith(b"%PDF")
    assert client.post(reverse("warranty:report-discard", args=[report.number])).status_code == 302
    assert WorkReport.objects.get(version=2).state == "void"
    assert client.get(reverse("warranty:report", args=[report.number])).context["report"] == report


def test_the_page_of_a_ticket_offers_the_report_to_who_holds_it(job: Job, as_: As) -> None:
    url = reverse("warranty:reports-of-ticket", args=[job.ticket.number])
    assert "report" in as_("dealer_technician").get(url).content.decode()
    assert new_url(job) in as_("dealer_technician").get(url).content.decode()
    assert new_url(job) not in as_("engineer").get(url).content.decode()
    assert url in as_("clerk").get(f"/tickets/{job.ticket.number}/").content.decode()
    portal = reverse("portal:job", args=[job.ticket.number])
    assert url in as_("dealer_technician").get(portal).content.decode()


def test_drafts_wait_on_the_first_page_of_the_guarantee(job: Job, as_: As) -> None:
    job.start()
    assert "?state=draft" in as_("dealer_technician").get(reverse("warranty:home")).content.decode()


def test_a_signed_report_leads_to_its_claim(job: Job, as_: As) -> None:
    report = job.signed()
    url = reverse("warranty:report", args=[report.number])
    begin = reverse("warranty:claim-new")
    assert f'action="{begin}"' in as_("dealer_clerk").get(url).content.decode()
    # Who only writes reports, and who decides on claims, begins none.
    assert f'action="{begin}"' not in as_("dealer_technician").get(url).content.decode()
    assert f'action="{begin}"' not in as_("engineer").get(url).content.decode()
    answer = as_("dealer_clerk").post(begin, {"report": report.number})
    claim = report.claims.get()
    assert claim.number in answer.headers["Location"]
    page = as_("engineer").get(url).content.decode()
    assert reverse("warranty:claim", args=[claim.number]) in page
