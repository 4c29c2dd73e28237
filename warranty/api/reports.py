"""Work reports over REST: begun, written, photographed, signed, corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.api_errors import error_body
from core.files import FileRefused
from core.money import cents
from machines.access import visible_machines
from machines.models import Machine
from machines.rules import clean_serial
from tickets.access import visible as visible_tickets
from tickets.models import Ticket
from warranty.access import reports as gate
from warranty.api import report_bodies as bodies
from warranty.filters.reports import ReportFilter
from warranty.models import WorkReport
from warranty.queries import reports as queries
from warranty.rules.reports import Flaw
from warranty.services import reports as services
from warranty.services.reports import ReportFlaws

WRITE = "report.write"


@extend_schema(tags=["reports"])
class ReportViewSet(mixins.ListModelMixin, TenantViewSet):
    """Reports of one's own work; the manufacturer's people see those of every dealer."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "report.view",
        "retrieve": "report.view",
        "create": WRITE,
        "partial_update": WRITE,
        "sign": WRITE,
        "code": WRITE,
        "attach": WRITE,
        "correct": WRITE,
        "discard": WRITE,
    }
    serializer_class = bodies.ReportSerializer
    filterset_class = ReportFilter
    lookup_field = "number"
    queryset = WorkReport.objects.none()

    def get_queryset(self) -> Any:
        return queries.report_list(self.actor)

    def told(self, report: WorkReport, status: int = 200) -> Response:
        """The very version that was asked for or written."""
        row = gate.visible(self.actor).select_related(*gate.LINKS).get(pk=report.pk)
        answer = bodies.ReportDetailSerializer(row, context={"actor": self.actor})
        return Response(answer.data, status=status)

    @extend_schema(responses=bodies.ReportDetailSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(gate.get_report(self.actor, number))

    @extend_schema(request=bodies.NewReportInput, responses={201: bodies.ReportDetailSerializer})
    def create(self, request: Request) -> Response:
        """Begin and write a report; the same `client_key` again gives the one that there is."""
        facts = self._taken(bodies.NewReportInput, request)

        def made() -> Response:
            ticket = self._ticket(facts.pop("ticket", None))
            machine = self._machine(facts.pop("machine", None))
            if ticket is None and machine is None:
                sentence = _("Name the ticket or the machine.")
                raise exceptions.ValidationError({"ticket": [sentence]})
            with transaction.atomic():
                report = services.start_report(
                    actor=self.actor,
                    ticket=ticket,
                    machine=machine,
                    client_key=facts.pop("client_key"),
                )
                self._save(report, facts)
            return self.told(report, 201)

        return self.once(request, made)

    @extend_schema(request=bodies.ReportInput, responses=bodies.ReportDetailSerializer)
    def partial_update(self, request: Request, number: str) -> Response:
        report = gate.get_report(self.actor, number, to=WRITE)
        self._save(report, self._taken(bodies.ReportInput, request, partial=True))
        return self.told(report)

    @extend_schema(request=bodies.SignInput, responses=bodies.ReportDetailSerializer)
    def sign(self, request: Request, number: str) -> Response:
        """Freeze the report under the customer's signature or code; again: the same answer."""
        report = gate.get_report(self.actor, number, to=WRITE)
        facts = self._taken(bodies.SignInput, request)
        if facts.get("code"):
            services.count_try(actor=self.actor, report=report)
        try:
            signed = services.sign_report(actor=self.actor, report=report, **facts)
        except ReportFlaws as error:
            raise exceptions.ValidationError(nested(error.flaws)) from error
        except (services.WrongCode, services.CodeOver) as error:
            # Not raised on: the counted try must stay.
            told = error_body(error.code, str(error), {"code": [str(error)]})
            return Response(told, status=422)
        return self.told(signed)

    @extend_schema(request=bodies.CodeInput, responses=bodies.CodeSentSerializer)
    def code(self, request: Request, number: str) -> Response:
        """Send the customer a code by text message."""
        report = gate.get_report(self.actor, number, to=WRITE)
        facts = self._taken(bodies.CodeInput, request)
        sent = services.send_code(actor=self.actor, report=report, **facts)
        return Response(bodies.CodeSentSerializer(sent).data)

    @extend_schema(
        request={"multipart/form-data": bodies.EvidenceInput},
        responses={201: bodies.EvidenceLine},
    )
    def attach(self, request: Request, number: str) -> Response:
        """Keep a photo or paper; the same one sent again is the same one."""
        report = gate.get_report(self.actor, number, to=WRITE)

        def kept() -> Response:
            facts = self._taken(bodies.EvidenceInput, request)
            try:
                evidence = services.attach_evidence(
                    actor=self.actor, report=report, upload=facts.pop("file"), **facts
                )
            except FileRefused as error:
                error.field = "file"  # as clients call it
                raise
            return Response(bodies.EvidenceLine(evidence).data, status=201)

        return self.once(request, kept)

    @extend_schema(request=bodies.ReasonInput, responses={201: bodies.ReportDetailSerializer})
    def correct(self, request: Request, number: str) -> Response:
        """A new version of a signed report, to be written and signed anew."""
        report = gate.get_report(self.actor, number, to=WRITE)
        facts = self._taken(bodies.ReasonInput, request)

        def made() -> Response:
            return self.told(services.correct_report(actor=self.actor, report=report, **facts), 201)

        return self.once(request, made)

    @extend_schema(request=None, responses=bodies.ReportDetailSerializer)
    def discard(self, request: Request, number: str) -> Response:
        """Throw a draft away."""
        report = gate.get_report(self.actor, number, to=WRITE)
        return self.told(services.discard_report(actor=self.actor, report=report))

    def _taken(self, shape: Any, request: Request, **how: Any) -> dict[str, Any]:
        body = shape(data=request.data, **how)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _save(self, report: WorkReport, facts: dict[str, Any]) -> None:
        if "charged" in facts:
            facts["charged_cents"] = cents(facts.pop("charged"))
        try:
            services.save_report(
                actor=self.actor,
                report=report,
                parts=facts.pop("parts", None),
                labour=facts.pop("labour", None),
                stamp=facts.pop("stamp", ""),
                facts=facts,
            )
        except ReportFlaws as error:
            raise exceptions.ValidationError(nested(error.flaws)) from error

    def _ticket(self, number: str | None) -> Ticket | None:
        if not number:
            return None
        ticket = visible_tickets(self.actor).filter(number=number).first()
        if ticket is None:
            raise exceptions.ValidationError({"ticket": [_("There is no such ticket.")]})
        if not gate.may_report(self.actor, ticket):
            raise services.NotHeld
        return ticket

    def _machine(self, serial: str | None) -> Machine | None:
        if not serial:
            return None
        machines = visible_machines(self.actor).select_related("model")
        machine = machines.filter(serial_number=clean_serial(serial)).first()
        if machine is None:
            sentence = _("No machine has this serial number.")
            raise exceptions.ValidationError({"machine": [sentence]})
        return machine


def nested(flaws: Sequence[Flaw]) -> dict[str, Any]:
    """Flaws in the shape of the body: rows as lists, {} where a row is right."""
    tree: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    for flaw in flaws:
        if len(flaw.path) == 1:
            name = str(flaw.path[0]).replace("charged_cents", "charged")
            tree.setdefault(name, []).append(str(flaw))
            continue
        noun, place, name = str(flaw.path[0]), int(flaw.path[1]), str(flaw.path[2])
        rows.setdefault(noun, {}).setdefault(place, {}).setdefault(name, []).append(str(flaw))
    for noun, found in rows.items():
        tree[noun] = [found.get(place, {}) for place in range(max(found) + 1)]
    return tree
