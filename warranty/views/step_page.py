"""Steps of a case, a spot check or a recovery: each a small form of its own, with its own gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.actor import Actor
from core.errors import WrongState
from core.forms import attempt, status_of
from warranty.actions import Actions
from warranty.forms.steps import StepForm
from warranty.services.moving import may_take

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Step:
    """`actions` are those of the state table, any of which offers the step; `service` takes the
    actor, the thing under its noun's name, and the form's facts."""

    name: str
    label: Any
    permission: str
    form: type[StepForm]
    service: Callable[..., Any]
    actions: tuple[str, ...]
    done: Any
    hint: Any = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one noun: `url_name` is its page, `argument` what services call it."""

    url_name: str
    argument: str
    get: Callable[..., Any]
    table: Actions
    steps: Sequence[Step]

    def urls(self, prefix: str) -> list[URLPattern]:
        return [
            path(f"{prefix}{s.name}/", self.view_of(s), name=f"{self.url_name}-{s.name}")
            for s in self.steps
        ]

    def buttons(self, actor: Actor, thing: Any) -> list[dict[str, Any]]:
        """The steps that this person may take now."""
        open_to = may_take(actor, thing, self.table)
        return [
            {
                "label": step.label,
                "url": reverse(f"warranty:{self.url_name}-{step.name}", args=[thing.number]),
                "is_main": step.is_main,
            }
            for step in self.steps
            if open_to & set(step.actions)
        ]

    def view_of(self, step: Step) -> Callable[..., HttpResponse]:
        """The page of a step: gate, form, service, and the thing is shown again."""

        @require_http_methods(FORM_METHODS)
        @page(step.permission)
        def view(request: ActorRequest, number: str) -> HttpResponse:
            thing = self.get(request.actor, number, to=step.permission)
            back = reverse(f"warranty:{self.url_name}", args=[thing.number])
            is_posted = request.method == "POST"
            if not is_posted and not may_take(request.actor, thing, self.table) & set(step.actions):
                messages.error(request, str(WrongState()))
                return redirect(back)
            form = step.form(request.POST if is_posted else None, thing=thing)
            if is_posted and form.is_valid() and self._done(request, step, thing, form):
                messages.success(request, step.done)
                return redirect(back)
            context = {
                "form": form,
                "thing": thing,
                "step": step,
                "heading": str(step.label).replace("…", ""),
                "back_url": back,
            }
            return render(request, "warranty/step.html", context, status=status_of(form))

        view.__doc__ = f"{self.url_name}: {step.name}."
        return view

    def _done(self, request: ActorRequest, step: Step, thing: Any, form: StepForm) -> bool:
        facts = {self.argument: thing} | form.facts()
        return bool(attempt(form, lambda: step.service(actor=request.actor, **facts) or True))
