"""Pre-authorisations over REST: asked before the work, answered with a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.money import cents
from dealers.models import Dealer
from machines.access import get_machine
from tickets.access import get_ticket
from warranty.access import claims as gate
from warranty.api import claim_bodies as bodies
from warranty.filters.claims import PreAuthorisationFilter
from warranty.models import PreAuthorisation
from warranty.queries.claims import consent_list
from warranty.rules.amounts import Shares
from warranty.services import claims as services

ONE = bodies.PreAuthorisationSerializer


@extend_schema(tags=["preauthorisations"])
class PreAuthorisationViewSet(mixins.ListModelMixin, TenantViewSet):
    """Consent before the work, up to a limit and until a day."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "claim.view",
        "retrieve": "claim.view",
        "create": "claim.submit",
        "partial_update": "claim.submit",
        "submit": "claim.submit",
        "discard": "claim.submit",
        "approve": "claim.decide",
        "give_back": "claim.decide",
        "reject": "claim.decide",
    }
    serializer_class = ONE
    filterset_class = PreAuthorisationFilter
    lookup_field = "number"
    queryset = PreAuthorisation.objects.none()

    def get_queryset(self) -> Any:
        return consent_list(self.actor)

    def _told(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        return Response(ONE(gate.get_pre_authorisation(self.actor, number)).data, status=code)

    def _body(
        self, request: Request, body_class: type[Body], *, partial: bool = False
    ) -> dict[str, Any]:
        body = body_class(data=request.data, partial=partial)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    @extend_schema(responses=ONE)
    def retrieve(self, request: Request, number: str) -> Response:
        return self._told(number)

    @extend_schema(request=bodies.NewAskBody, responses={201: ONE})
    def create(self, request: Request) -> Response:
        """Ask for consent; it is sent in at once."""

        def made() -> Response:
            said = self._body(request, bodies.NewAskBody)
            machine = self._named("machine", get_machine, said.pop("machine"))
            ticket = said.pop("ticket", None)
            row = services.ask_consent(
                actor=self.actor,
                machine=machine,
                dealer=Dealer.objects.filter(pk=self.actor.dealer_id or 0).first(),
                ticket=self._named("ticket", get_ticket, ticket) if ticket else None,
                **_asked(said),
            )
            row = services.submit_consent(actor=self.actor, consent=row)
            return self._told(row.number, status.HTTP_201_CREATED)

        return self.once(request, made)

    def _named(self, field: str, get: Callable[..., Any], name: str) -> Any:
        """A thing that the asker sees; what is missing is said at its field."""
        try:
            return get(self.actor, name)
        except Http404 as error:
            sentence = _("There is no such thing here.")
            raise exceptions.ValidationError({field: [sentence]}) from error

    @extend_schema(request=bodies.AskBody, responses=ONE)
    def partial_update(self, request: Request, number: str) -> Response:
        """Change what is asked for while it is back with its maker."""
        row = gate.get_pre_authorisation(self.actor, number, to="claim.submit")
        changes = _asked(self._body(request, bodies.AskBody, partial=True))
        services.edit_consent(actor=self.actor, consent=row, changes=changes)
        return self._told(number)

    def _take(
        self, request: Request, number: str, body_class: type[Body], service: Callable[..., Any]
    ) -> Response:
        to = self.permissions[self.action]
        row = gate.get_pre_authorisation(self.actor, number, to=to)
        service(actor=self.actor, consent=row, **self._body(request, body_class))
        return self._told(number)

    @extend_schema(request=bodies.NoBody, responses=ONE)
    def submit(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NoBody, services.submit_consent)

    @extend_schema(request=bodies.NoBody, responses=ONE)
    def discard(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NoBody, services.discard_consent)

    @extend_schema(request=bodies.ApproveBody, responses=ONE)
    def approve(self, request: Request, number: str) -> Response:
        """Consent, as asked or up to another limit."""

        def approve(*, limit: Any = None, **given: Any) -> Any:
            limit_cents = None if limit is None else cents(limit)
            return services.approve_consent(limit_cents=limit_cents, **given)

        return self._take(request, number, bodies.ApproveBody, approve)

    @extend_schema(request=bodies.ClaimWordsBody, responses=ONE)
    def give_back(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimWordsBody, services.return_consent)

    @extend_schema(request=bodies.ClaimWordsBody, responses=ONE)
    def reject(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimWordsBody, services.reject_consent)


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    """The words of a body as the service takes them."""
    facts = dict(said)
    if "asked" in facts:
        facts["asked_cents"] = cents(facts.pop("asked"))
    if "shares" in facts:
        facts["shares"] = Shares(**facts["shares"])
    return facts
