"""The steps of one piece: each a small form of its own, gated by its own permission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.actor import Actor
from core.errors import WrongState
from core.forms import attempt, status_of
from warranty.access import oldparts as access
from warranty.forms import oldparts as forms
from warranty.models import OldPartReturn
from warranty.queries import oldparts as queries
from warranty.services import oldparts as services
from warranty.services.moving import may_take
from warranty.states.oldparts import OLD_PART_ACTIONS, OldPartState

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Step:
    """A form about one piece: `actions` are those of the state table, any of which offers it."""

    name: str
    label: Any
    permission: str
    form: type[forms.PieceForm]
    service: Callable[..., Any]
    actions: tuple[str, ...]
    done: Any
    hint: Any = ""
    is_main: bool = False


STEPS = (
    Step(
        "appraise",
        pgettext_lazy("verb", "Appraise"),
        "old_part.appraise",
        forms.AppraiseForm,
        services.appraise,
        ("appraise",),
        _("The piece is appraised."),
        is_main=True,
    ),
    Step(
        "dispose",
        _("Decide its last place"),
        "old_part.appraise",
        forms.DisposeForm,
        services.dispose,
        ("reuse", "scrap", "give_to_supplier", "give_back"),
        _("The keeper is to move it now."),
        is_main=True,
    ),
    Step(
        "finish",
        _("Move it"),
        "old_part.move",
        forms.FinishForm,
        services.finish,
        ("finish",),
        _("The piece is where it belongs."),
        is_main=True,
    ),
    Step(
        "receive",
        _("Receive"),
        "old_part.receive",
        forms.ReceiveForm,
        services.receive_piece,
        ("receive",),
        _("The piece is received."),
        is_main=True,
    ),
    Step(
        "miss",
        _("Not in the box"),
        "old_part.receive",
        forms.PieceForm,
        services.miss_piece,
        ("miss",),
        _("The piece is noted as missing."),
        _("The list says it, the box did not hold it."),
    ),
    Step(
        "lose",
        _("Lost on the way…"),
        "old_part.receive",
        forms.WordsForm,
        services.lose_piece,
        ("lose",),
        _("The piece is noted as lost."),
        _("The carrier is liable: the dealer's money waits for it no longer."),
    ),
    Step(
        "expect-again",
        _("Ask for it again"),
        "old_part.receive",
        forms.NoteForm,
        services.expect_again,
        ("expect_again",),
        _("The piece is asked for again."),
        _("It turned out to be still with the dealer."),
    ),
    Step(
        "scrap",
        _("Scrapped, with photo"),
        "old_part.ship",
        forms.ScrapForm,
        services.scrap_at_dealer,
        ("scrap_at_dealer",),
        _("The piece is scrapped."),
        _("Destroy the piece so that nobody can use it, then take the photo."),
        is_main=True,
    ),
    Step(
        "supervise",
        _("Scrapped before my eyes"),
        "old_part.supervise",
        forms.SuperviseForm,
        services.scrap_supervised,
        ("scrap_supervised",),
        _("The piece is scrapped."),
        _("One photo of the piece as it was, one of it destroyed."),
        is_main=True,
    ),
    Step(
        "waive",
        _("Waive…"),
        "old_part.waive",
        forms.WaiveForm,
        services.waive,
        ("waive",),
        _("The piece is waived."),
        _("The dealer need not send it, and its money waits no longer."),
    ),
    Step(
        "misjudge",
        _("Misjudged…"),
        "old_part.overrule",
        forms.MisjudgeForm,
        services.misjudge,
        ("misjudge",),
        _("The appraisal is reversed."),
        _("The piece counts as approved; a deduction is given back."),
    ),
)
BY_NAME = {step.name: step for step in STEPS}


def buttons(actor: Actor, piece: OldPartReturn) -> list[dict[str, Any]]:
    """The steps that this person may take now, the main one first."""
    open_to = may_take(actor, piece, OLD_PART_ACTIONS)
    offered = [step for step in STEPS if open_to & set(step.actions) and _fits(step, piece)]
    return [
        {
            "label": step.label,
            "url": reverse(f"warranty:old-part-{step.name}", args=[piece.number]),
            "is_main": step.is_main,
        }
        for step in offered
    ]


def _fits(step: Step, piece: OldPartReturn) -> bool:
    """Scrapping is offered only where the duty asks for it."""
    if step.name == "scrap":
        return piece.duty == "dealer_scraps"
    if step.name == "supervise":
        return piece.duty != "return_to_factory"
    return True


def view_of(step: Step) -> Callable[..., HttpResponse]:
    """The page of a step: gate, form, service, and the next piece of the same work."""

    @require_http_methods(FORM_METHODS)
    @page(step.permission)
    def view(request: ActorRequest, number: str) -> HttpResponse:
        piece = access.get_piece(request.actor, number, to=step.permission)
        open_to = may_take(request.actor, piece, OLD_PART_ACTIONS)
        if request.method != "POST" and not open_to & set(step.actions):
            messages.error(request, str(WrongState()))
            return redirect("warranty:old-part", number=piece.number)
        form = step.form(request.POST or None, request.FILES or None, piece=piece)
        if request.method == "POST":
            # A form without fields is valid only when it is bound.
            form = step.form(request.POST, request.FILES, piece=piece)
        if request.method == "POST" and form.is_valid():
            done = attempt(
                form,
                lambda: step.service(actor=request.actor, piece=piece, **form.facts) or True,
            )
            if done is not None:
                messages.success(request, step.done)
                return _next(request, step, piece)
        context = {
            "form": form,
            "piece": piece,
            "step": step,
            "heading": f"{step.label} {piece.number}".replace("…", ""),
            "photos": queries.photos_of(piece),
            "appraisal": next(iter(queries.appraisals_of(piece)), None),
        }
        return render(request, "warranty/oldparts/step.html", context, status=status_of(form))

    view.__doc__ = f"{step.name}: a step of one piece."
    return view


def _next(request: ActorRequest, step: Step, piece: OldPartReturn) -> HttpResponse:
    """After an appraisal its last place is decided; else the piece is shown again."""
    if step.name == "appraise":
        return redirect("warranty:old-part-dispose", number=piece.number)
    if step.name == "dispose":
        following = queries.to_appraise(request.actor).order_by("received_at", "pk").first()
        if following is not None:
            messages.info(request, gettext("Here is the next piece to appraise."))
            return redirect("warranty:old-part-appraise", number=following.number)
    if step.name == "finish":
        moving = queries.to_move(request.actor).order_by("pk").first()
        if moving is not None and moving.state != OldPartState.DONE:
            messages.info(request, gettext("Here is the next piece to move."))
            return redirect("warranty:old-part-finish", number=moving.number)
    return redirect("warranty:old-part", number=piece.number)
