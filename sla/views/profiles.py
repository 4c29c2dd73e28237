"""Ready profiles: what each would add or change is shown before it does (R-018)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import services
from sla.facts import facts
from sla.profiles import PROFILES, Profile
from sla.services.profiles import Planned, planned
from sla.views.formpages import form_page, say

LINES = "product_line"


class ProfileForm(forms.Form):
    """For which product lines a profile counts, and which standing policies it may change."""

    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these product lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: for all."),
    )
    overwrite = forms.MultipleChoiceField(
        label=gettext_lazy("Change these, too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, rows: list[Planned], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: Any = self.fields["lines"]
        lines.choices = facts()[LINES].choices if LINES in facts() else []
        overwrite: Any = self.fields["overwrite"]
        overwrite.choices = [(row.plan.code, row.name) for row in rows if row.changes]


@require_safe
@page("policy.manage")
def profiles(request: ActorRequest) -> HttpResponse:
    """The profiles there are, with how many of their policies stand already."""
    rows = [(profile, _counted(planned(profile))) for profile in PROFILES.values()]
    return render(request, "sla/profiles.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy.manage")
def profile(request: ActorRequest, profile: str) -> HttpResponse:
    """One profile, policy by policy: new, the same, or with differences; then installed."""
    chosen = PROFILES.get(profile)
    if chosen is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    rows = _rows(request, chosen)
    form = ProfileForm(posted, rows=rows)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            done = services.install_profile(
                actor=request.actor,
                code=chosen.code,
                lines=form.cleaned_data["lines"],
                overwrite=form.cleaned_data["overwrite"],
            )
        except DomainError as error:
            say(form, error)
        else:
            said = ngettext(
                "%(count)s policy was added or changed.",
                "%(count)s policies were added or changed.",
                len(done),
            )
            messages.success(request, said % {"count": len(done)})
            return redirect("sla:policies")
    context = {"profile": chosen, "rows": rows, "form": form}
    return form_page(request, "sla/profile.html", context, form)


def _rows(request: ActorRequest, chosen: Profile) -> list[Planned]:
    known = {str(value) for value, _label in facts()[LINES].choices} if LINES in facts() else set()
    return planned(chosen, lines=known & set(request.POST.getlist("lines")))


def _counted(rows: list[Planned]) -> str:
    new = sum(row.is_new for row in rows)
    if new == len(rows):
        return _("Not in use")
    changed = sum(bool(row.changes) for row in rows)
    if not new and not changed:
        return _("In use as it is")
    return _("%(new)s to add, %(changed)s with other times") % {"new": new, "changed": changed}
