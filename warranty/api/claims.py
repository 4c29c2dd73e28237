"""Claims over REST: the same gates, verbs and sentences as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.errors import DomainError
from warranty.access import claims as gate
from warranty.access.reports import get_report
from warranty.api import claim_bodies as bodies
from warranty.filters.claims import ClaimFilter
from warranty.models import Claim, ClaimLine
from warranty.queries import claim_lists, claim_pages
from warranty.queries.claims import expected
from warranty.queries.decisions import open_to_appeal
from warranty.rules.decisions import Decision
from warranty.services import claims as services
from warranty.services import reviews
from warranty.services.moving import may_take
from warranty.states.claims import CLAIM_ACTIONS

ONE = bodies.ClaimDetailSerializer
# What only those whose claim it is may do; the house's own people file for nobody else.
OF_FILERS = frozenset({"submit", "discard", "withdraw", "correct", "give_up", "appeal"})


@extend_schema(tags=["claims"])
class ClaimViewSet(mixins.ListModelMixin, TenantViewSet):
    """Claims from the draft to the money; a dealer sees its own."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "claim.view",
        "retrieve": "claim.view",
        "begin": "claim.submit",
        "partial_update": "claim.submit",
        "submit": "claim.submit",
        "discard": "claim.submit",
        "withdraw": "claim.submit",
        "give_up": "claim.give_up",
        "decide": "claim.decide",
        "correction": "claim.decide",
        "give_back": "claim.return",
        "raise_level": "claim.decide",
        "cancel": "claim.cancel",
        "appeal": "claim.appeal",
        "decide_appeal": "claim.decide_appeal",
        "accept": "claim.appeal",
        "confirm": "claim.confirm",
        "send_back": "claim.confirm",
    }
    serializer_class = bodies.ClaimSerializer
    filterset_class = ClaimFilter
    lookup_field = "number"
    queryset = Claim.objects.none()

    def get_queryset(self) -> Any:
        return claim_lists.claim_list(self.actor)

    def _told(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        claim = gate.get_claim(self.actor, number)
        versions = claim_pages.versions_of(claim)
        lines = claim_pages.lines_of_version(versions[0] if versions else None)
        findings = claim_pages.findings_of(self.actor, claim)
        is_dealer = self.actor.is_dealer
        steps = may_take(self.actor, claim, CLAIM_ACTIONS)
        if not is_dealer and claim.dealer_id is not None:
            steps -= OF_FILERS
        vars(claim).update(
            expected=expected(claim),
            shown_lines=claim_pages.shown_lines(claim, lines, findings, open_to_appeal(claim)),
            shown_findings=findings,
            shown_level=None if is_dealer else claim.level,
            shown_risks=[] if is_dealer else claim.risk_flags,
            shown_steps=sorted(steps),
        )
        return Response(ONE(claim).data, status=code)

    def _body(self, request: Request, body_class: type[Body]) -> dict[str, Any]:
        body = body_class(data=request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _claim(self, number: str) -> Claim:
        return gate.get_claim(self.actor, number, to=self.permissions[self.action])

    def _take(
        self, request: Request, number: str, body_class: type[Body], service: Callable[..., Any]
    ) -> Response:
        claim = self._claim(number)
        service(actor=self.actor, claim=claim, **self._body(request, body_class))
        return self._told(number)

    @extend_schema(responses=ONE)
    def retrieve(self, request: Request, number: str) -> Response:
        return self._told(number)

    @extend_schema(request=bodies.NoBody, responses={201: ONE})
    def begin(self, request: Request, number: str) -> Response:
        """The claim of a signed report, with the lines that it proposes; asked again, the same."""
        report = get_report(self.actor, number)
        if not self.actor.is_dealer and report.dealer_id is not None:
            raise gate.DealersOwn

        def made() -> Response:
            self._body(request, bodies.NoBody)
            claim = services.draft_claim(actor=self.actor, report=report)
            return self._told(claim.number, status.HTTP_201_CREATED)

        return self.once(request, made)

    @extend_schema(request=bodies.DraftBody, responses=ONE)
    def partial_update(self, request: Request, number: str) -> Response:
        """Keep the draft as it is typed, readable or not; it is read when the claim is filed."""
        return self._take(request, number, bodies.DraftBody, services.save_draft)

    @extend_schema(request=bodies.NoBody, responses=ONE)
    def submit(self, request: Request, number: str) -> Response:
        """File a draft, or a returned claim as corrected."""
        return self._take(request, number, bodies.NoBody, services.submit_claim)

    @extend_schema(request=bodies.NoBody, responses=ONE)
    def discard(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NoBody, services.discard_claim)

    @extend_schema(request=bodies.ClaimNoteBody, responses=ONE)
    def withdraw(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimNoteBody, services.withdraw_claim)

    @extend_schema(request=bodies.ClaimNoteBody, responses=ONE)
    def give_up(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimNoteBody, services.give_up_claim)

    @extend_schema(request=bodies.LongWordsBody, responses=ONE)
    def correction(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.LongWordsBody, reviews.ask_correction)

    @extend_schema(request=bodies.LongWordsBody, responses=ONE)
    def give_back(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.LongWordsBody, reviews.return_claim)

    @extend_schema(request=bodies.ClaimNoteBody, responses=ONE)
    def raise_level(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimNoteBody, reviews.raise_level)

    @extend_schema(request=bodies.ClaimWordsBody, responses=ONE)
    def cancel(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimWordsBody, reviews.cancel_claim)

    @extend_schema(request=bodies.NoBody, responses=ONE)
    def accept(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NoBody, reviews.accept_decision)

    @extend_schema(request=bodies.NoBody, responses=ONE)
    def confirm(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NoBody, reviews.confirm_claim)

    @extend_schema(request=bodies.ClaimWordsBody, responses=ONE)
    def send_back(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ClaimWordsBody, reviews.send_back)

    @extend_schema(request=bodies.DecideBody, responses=ONE)
    def decide(self, request: Request, number: str) -> Response:
        """Decide every line: as claimed, less with a reason and words, or nothing."""
        return self._decided(request, number, reviews.decide_claim)

    @extend_schema(request=bodies.DecideBody, responses=ONE)
    def decide_appeal(self, request: Request, number: str) -> Response:
        """Decide the appealed lines anew: raised or kept."""
        return self._decided(request, number, reviews.decide_appeal)

    def _decided(self, request: Request, number: str, service: Callable[..., Any]) -> Response:
        claim = self._claim(number)
        said = self._body(request, bodies.DecideBody)
        lines = self._lines(claim)
        decisions: list[Decision] = []
        for each in said["decisions"]:
            line = self._line(lines, each["position"], "decisions")
            decisions.append(bodies.decision_of(each, line.pk, line.claimed_cents))
        service(actor=self.actor, claim=claim, decisions=decisions, words=said.get("words", ""))
        return self._told(number)

    @extend_schema(request=bodies.AppealBody, responses=ONE)
    def appeal(self, request: Request, number: str) -> Response:
        """Ask a second person about cut lines, each once and with why."""
        claim = self._claim(number)
        said = self._body(request, bodies.AppealBody)
        lines = self._lines(claim)
        asked = {
            self._line(lines, each["position"], "lines").pk: each["words"] for each in said["lines"]
        }
        if len(asked) < len(said["lines"]):
            raise DomainError(_("A line is named twice."), field="lines")
        reviews.appeal_claim(actor=self.actor, claim=claim, lines=asked)
        return self._told(number)

    def _lines(self, claim: Claim) -> dict[int, ClaimLine]:
        rows = ClaimLine.objects.filter(version__claim=claim, version__number=claim.version_count)
        return {line.position: line for line in rows}

    def _line(self, lines: dict[int, ClaimLine], position: int, field: str) -> ClaimLine:
        if position not in lines:
            sentence = _("There is no line %(position)s.") % {"position": position}
            raise exceptions.ValidationError({field: [sentence]})
        return lines[position]
