"""The REST API of tickets: the same gates, filters and verbs as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from core.api import TenantViewSet
from core.api_schema import READS, WRITES, answers
from core.downloads import give
from core.files import FileRefused
from core.pagination import KeysetPagination
from sla.queries import clocks_of
from tickets import access, exports, queries, services
from tickets import serializers as shapes
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.services.clocks import SUBJECT


class NewestFirst(KeysetPagination):
    ordering = ("-reported_at", "-id")  # type: ignore[assignment]  # one or several


def verb(takes: type[Serializer[Any]] | None = None, *, path: str) -> Callable[[Any], Any]:
    """A POST on one ticket that answers with the ticket as it then is, or 204 if it is gone."""

    def decorate(method: Any) -> Any:
        described = extend_schema(
            request=takes,
            responses={**answers(shapes.TicketDetail, errors=WRITES), **answers(status=204)},
            filters=False,
        )
        return described(action(detail=True, methods=["post"], url_path=path)(method))

    return decorate


class TicketViewSet(TenantViewSet):
    """Tickets, from the call to the close."""

    queryset = Ticket.objects.none()
    lookup_field = "number"
    lookup_value_regex = r"[^/]+"
    pagination_class = NewestFirst
    filterset_class = TicketFilter
    serializer_class = shapes.TicketDetail
    permissions: ClassVar[dict[str, str]] = {
        "list": "ticket.view",
        "retrieve": "ticket.view",
        "create": "ticket.create",
        "partial_update": "ticket.edit",
        "offer": "ticket.dispatch",
        "withdraw": "ticket.dispatch",
        "accept": "offer.answer",
        "refuse": "offer.answer",
        "hand_over": "ticket.dispatch",
        "take_back": "ticket.dispatch",
        "arrange": "ticket.arrange",
        "pause": "ticket.pause",
        "resume": "ticket.pause",
        "opinion": "ticket.give_opinion",
        "delay": "ticket.delay",
        "done": "ticket.report_done",
        "close": "ticket.close",
        "reopen": "ticket.reopen",
        "cancel": "ticket.cancel",
        "merge": "ticket.merge",
        "checks": "ticket.check",
        "watch": "ticket.watch",
        "unwatch": "ticket.watch",
        "notes": "ticket.note",
        "attach": "ticket.attach",
        "attachments": "ticket.view",
        "attachment": "ticket.view",
        "timeline": "ticket.view",
        "clocks": "ticket.view",
        "offers": "ticket.view",
        "assign": "ticket.bulk_assign",
    }

    def get_queryset(self) -> QuerySet[Ticket]:
        if getattr(self, "swagger_fake_view", False):
            return Ticket.objects.none()
        late = queries.has_late_clock(timezone.now())
        return queries.ticket_list(self.actor).annotate(is_late=late)

    # Reading

    @extend_schema(responses=answers(shapes.TicketRow(many=True)))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(shapes.TicketRow(page, many=True).data)

    @extend_schema(responses=answers(shapes.TicketDetail, errors=READS))
    def retrieve(self, request: Request, number: str) -> Response:
        return self._shown(self._ticket(number))

    @extend_schema(responses=answers(shapes.TimelineLine(many=True), errors=READS), filters=False)
    @action(detail=True, pagination_class=None)
    def timeline(self, request: Request, number: str) -> Response:
        """The story, newest first; dealers read no internal line."""
        lines = queries.timeline(self.actor, self._ticket(number))
        return Response(shapes.TimelineLine(lines, many=True).data)

    @extend_schema(responses=answers(shapes.ClockLine(many=True), errors=READS), filters=False)
    @action(detail=True, pagination_class=None)
    def clocks(self, request: Request, number: str) -> Response:
        """Every promise of the ticket, the oldest first; dealers see their own."""
        clocks = clocks_of(self.actor, SUBJECT, self._ticket(number).pk)
        return Response(shapes.ClockLine(clocks, many=True).data)

    @extend_schema(responses=answers(shapes.OfferLine(many=True), errors=READS), filters=False)
    @action(detail=True, pagination_class=None)
    def offers(self, request: Request, number: str) -> Response:
        """To whom it was offered, and the answers; dealers see their own."""
        return Response(shapes.OfferLine(queries.offers(self._ticket(number)), many=True).data)

    # Writing

    @extend_schema(
        request=shapes.NewTicket,
        responses=answers(shapes.TicketDetail, status=201, errors=WRITES),
    )
    def create(self, request: Request) -> Response:
        def take_in() -> Response:
            ticket = services.register_ticket(
                actor=self.actor, **self._taken(shapes.NewTicket, request)
            )
            return self._shown(ticket, status=201)

        return self.once(request, take_in)

    @extend_schema(
        request=shapes.TicketChanges,
        responses=answers(shapes.TicketDetail, errors=WRITES),
    )
    def partial_update(self, request: Request, number: str) -> Response:
        """Correct some facts; 409 when `version` is no longer the one that stands."""
        ticket = self._ticket(number)
        changes = self._taken(shapes.TicketChanges, request)
        version = changes.pop("version")
        return self._shown(
            services.edit_ticket(actor=self.actor, ticket=ticket, version=version, changes=changes)
        )

    @verb(shapes.DealerChoice, path="offer")
    def offer(self, request: Request, number: str) -> Response:
        return self._do(services.offer_ticket, number, shapes.DealerChoice)

    @verb(shapes.Reason, path="withdraw")
    def withdraw(self, request: Request, number: str) -> Response:
        return self._do(services.withdraw_offer, number, shapes.Reason)

    @verb(path="accept")
    def accept(self, request: Request, number: str) -> Response:
        return self._do(services.accept_offer, number)

    @verb(shapes.Reason, path="refuse")
    def refuse(self, request: Request, number: str) -> Response:
        return self._do(services.refuse_offer, number, shapes.Reason)

    @verb(shapes.HandOver, path="hand-over")
    def hand_over(self, request: Request, number: str) -> Response:
        return self._do(services.hand_over, number, shapes.HandOver)

    @verb(shapes.Reason, path="take-back")
    def take_back(self, request: Request, number: str) -> Response:
        return self._do(services.take_back, number, shapes.Reason)

    @verb(shapes.Arrangement, path="arrange")
    def arrange(self, request: Request, number: str) -> Response:
        return self._do(services.arrange, number, shapes.Arrangement)

    @verb(shapes.Wait, path="pause")
    def pause(self, request: Request, number: str) -> Response:
        return self._do(services.pause_ticket, number, shapes.Wait)

    @verb(path="resume")
    def resume(self, request: Request, number: str) -> Response:
        return self._do(services.resume_ticket, number)

    @verb(shapes.NewOpinion, path="opinion")
    def opinion(self, request: Request, number: str) -> Response:
        """What the complainant was told: the verdict and what is done about it."""
        return self._do(services.give_opinion, number, shapes.NewOpinion)

    @verb(shapes.NewDelay, path="delay")
    def delay(self, request: Request, number: str) -> Response:
        """A later due time that the customer agreed to; 409 after the due time."""
        return self._do(services.announce_delay, number, shapes.NewDelay)

    @verb(shapes.Done, path="done")
    def done(self, request: Request, number: str) -> Response:
        return self._do(services.report_done, number, shapes.Done)

    @verb(path="close")
    def close(self, request: Request, number: str) -> Response:
        return self._do(services.close_ticket, number)

    @verb(shapes.Reason, path="reopen")
    def reopen(self, request: Request, number: str) -> Response:
        return self._do(services.reopen_ticket, number, shapes.Reason)

    @verb(shapes.Reason, path="cancel")
    def cancel(self, request: Request, number: str) -> Response:
        return self._do(services.cancel_ticket, number, shapes.Reason)

    @verb(shapes.MergeInto, path="merge")
    def merge(self, request: Request, number: str) -> Response:
        return self._do(services.merge_ticket, number, shapes.MergeInto)

    @verb(shapes.NewCheck, path="checks")
    def checks(self, request: Request, number: str) -> Response:
        """The desk's check: arranged or not; not arranged goes to management."""
        return self._do(services.record_check, number, shapes.NewCheck)

    @verb(path="watch")
    def watch(self, request: Request, number: str) -> Response:
        return self._do(services.watch, number)

    @extend_schema(
        request=None,
        responses=answers(status=204, errors=READS),
        operation_id="tickets_unwatch",
    )
    @watch.mapping.delete
    def unwatch(self, request: Request, number: str) -> Response:
        services.unwatch(actor=self.actor, ticket=self._ticket(number))
        return Response(status=204)

    @extend_schema(
        request=shapes.NewNote,
        responses=answers(shapes.TimelineLine, status=201, errors=WRITES),
    )
    @action(detail=True, methods=["post"])
    def notes(self, request: Request, number: str) -> Response:
        """A note, or with `is_call` a telephone call that was held."""
        ticket = self._ticket(number)

        def write() -> Response:
            entry = services.add_note(
                actor=self.actor, ticket=ticket, **self._taken(shapes.NewNote, request)
            )
            return Response(shapes.TimelineLine(entry).data, status=201)

        return self.once(request, write)

    @extend_schema(responses=answers(shapes.AttachmentLine(many=True), errors=READS), filters=False)
    @action(detail=True, pagination_class=None)
    def attachments(self, request: Request, number: str) -> Response:
        files = queries.attachments(self.actor, self._ticket(number))
        return Response(shapes.AttachmentLine(files, many=True).data)

    @extend_schema(
        request={"multipart/form-data": shapes.NewAttachment},
        responses=answers(shapes.AttachmentLine, status=201, errors=WRITES),
        operation_id="tickets_attach",
    )
    @attachments.mapping.post
    def attach(self, request: Request, number: str) -> Response:
        ticket = self._ticket(number)

        def keep() -> Response:
            taken = self._taken(shapes.NewAttachment, request)
            try:
                attachment = services.attach_file(
                    actor=self.actor,
                    ticket=ticket,
                    upload=taken["file"],
                    visibility=taken["visibility"],
                )
            except FileRefused as error:
                error.field = "file"  # as clients call it
                raise
            return Response(shapes.AttachmentLine(attachment).data, status=201)

        return self.once(request, keep)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        filters=False,
    )
    @action(detail=True, url_path=r"attachments/(?P<public_id>[0-9a-f-]{36})")
    def attachment(self, request: Request, number: str, public_id: str) -> FileResponse:
        """The file itself."""
        found = access.get_attachment(self.actor, _uuid(public_id))
        ticket = self._ticket(number)
        if found.ticket_id != ticket.pk:
            raise Http404
        return give(found)

    @extend_schema(
        request=shapes.BulkAssign,
        responses=answers(shapes.BulkAnswer, errors=WRITES),
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def assign(self, request: Request) -> Response:
        """Offer or hand over many at once; `refused` says why some could not be."""
        taken = self._taken(shapes.BulkAssign, request)
        tickets = list(access.visible(self.actor).filter(number__in=taken["tickets"]))
        bulk = services.assign_tickets(
            actor=self.actor,
            tickets=tickets,
            dealer=taken.get("dealer"),
            team=taken.get("team"),
        )
        return Response(
            {
                "done": [ticket.number for ticket in bulk.done],
                "refused": {ticket.number: why for ticket, why in bulk.refused},
            }
        )

    # Shared

    def _ticket(self, number: str) -> Ticket:
        return access.get_ticket(self.actor, number, to=self.permissions[self.action])

    def _taken(self, shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
        taken = shape(data=request.data, context={"actor": self.actor})
        taken.is_valid(raise_exception=True)
        return dict(taken.validated_data)

    def _do(
        self,
        service: Callable[..., Any],
        number: str,
        shape: type[Serializer[Any]] | None = None,
    ) -> Response:
        ticket = self._ticket(number)
        taken = self._taken(shape, self.request) if shape else {}
        service(actor=self.actor, ticket=ticket, **taken)
        return self._shown(ticket)

    def _shown(self, ticket: Ticket, *, status: int = 200) -> Response:
        """The ticket as it is now; a dealer that gave it back sees it no longer: 204."""
        fresh = self.get_queryset().select_related("merged_into").filter(pk=ticket.pk).first()
        if fresh is None:
            return Response(status=204)
        return Response(shapes.TicketDetail(fresh).data, status=status)


class ExportViewSet(TenantViewSet):
    """The filtered list as a file: ordered, watched, fetched."""

    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-f-]{36}"
    serializer_class = shapes.JobLine
    pagination_class = None
    permissions: ClassVar[dict[str, str]] = {
        "create": "ticket.export",
        "retrieve": "ticket.export",
        "file": "ticket.export",
    }

    @extend_schema(
        request=shapes.NewExport,
        responses=answers(shapes.JobLine, status=201, errors=WRITES),
    )
    def create(self, request: Request) -> Response:
        def order() -> Response:
            taken = shapes.NewExport(data=request.data)
            taken.is_valid(raise_exception=True)
            job = exports.start_export(actor=self.actor, **taken.validated_data)
            return Response(shapes.JobLine(job).data, status=201)

        return self.once(request, order)

    @extend_schema(responses=answers(shapes.JobLine, errors=READS))
    def retrieve(self, request: Request, public_id: str) -> Response:
        return Response(shapes.JobLine(exports.get_job(self.actor, _uuid(public_id))).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, public_id: str) -> FileResponse:
        """The finished file; 404 while it is not there."""
        return exports.get_file(self.actor, _uuid(public_id))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
