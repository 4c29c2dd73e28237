"""The hub of all settings, one's own profile, and the company's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries, services
from accounts.forms import CompanyForm, OptionsForm, ProfileForm
from accounts.gate import page, signed_in
from accounts.middleware import ActorRequest
from accounts.models import User
from accounts.views.keyset import keyset
from core import menu
from core.models import Tenant
from core.notices import notices_for
from core.options import OPTIONS, option, set_option


@dataclass(frozen=True, slots=True)
class Card:
    """A way to a page of settings; not shown while the page is not built or not allowed."""

    label: Any
    text: Any
    icon: str
    url_name: str
    permission: str = ""


MINE = (
    Card(
        gettext_lazy("My profile"),
        gettext_lazy("Name, telephone, language, time zone"),
        "user",
        "accounts:profile",
    ),
    Card(
        gettext_lazy("Password"),
        gettext_lazy("A new one ends my other sessions"),
        "key",
        "account_change_password",
    ),
    Card(
        gettext_lazy("Two-step sign-in"),
        gettext_lazy("A code from my phone beside the password"),
        "shield-lock",
        "mfa_index",
    ),
    Card(
        gettext_lazy("What reaches me"),
        gettext_lazy("Which events come by mail"),
        "bell",
        "notifications:preferences",
    ),
)
COMPANY = (
    Card(
        gettext_lazy("Absences and deputies"),
        gettext_lazy("Who is away, and who stands in"),
        "calendar-off",
        "accounts:absences",
    ),
    Card(
        gettext_lazy("People"),
        gettext_lazy("Invite, roles, deactivate"),
        "users",
        "accounts:people",
        "user.manage",
    ),
    Card(
        gettext_lazy("API tokens"),
        gettext_lazy("For programs that read and write"),
        "api",
        "accounts:tokens",
        "token.manage",
    ),
    Card(
        gettext_lazy("Company"),
        gettext_lazy("Name, hotline, address, language"),
        "building",
        "accounts:company",
        "setting.manage",
    ),
    Card(
        gettext_lazy("Limits and switches"),
        gettext_lazy("Each change with its date and reason"),
        "adjustments",
        "accounts:options",
        "setting.manage",
    ),
    Card(
        gettext_lazy("Working calendars"),
        gettext_lazy("Which hours count"),
        "calendar",
        "sla:calendars",
        "calendar.manage",
    ),
    Card(
        gettext_lazy("Seasons"),
        gettext_lazy("When each product line is busy"),
        "plant-2",
        "sla:seasons",
        "calendar.manage",
    ),
    Card(
        gettext_lazy("Promises"),
        gettext_lazy("How fast, and who hears of a delay"),
        "clock",
        "sla:policies",
        "policy.manage",
    ),
    Card(
        gettext_lazy("Dealers"),
        gettext_lazy("Who sells and repairs, and where"),
        "building-store",
        "dealers:list",
        "dealer.view",
    ),
    Card(
        gettext_lazy("Rate cards"),
        gettext_lazy("What work of dealers is paid, from which day"),
        "receipt-yuan",
        "dealers:rate_cards",
        "rate.view",
    ),
    Card(
        gettext_lazy("Grades of dealers"),
        gettext_lazy("Who passes without review, what waits for old parts"),
        "medal",
        "dealers:levels",
        "rate.edit",
    ),
    Card(
        gettext_lazy("Checks of claims"),
        gettext_lazy("What a filing is asked, who decides how much, why less is paid"),
        "list-check",
        "warranty:rules",
        "claim.rules",
    ),
    Card(
        gettext_lazy("Money and statements"),
        gettext_lazy("Balances, and what moved them"),
        "calculator",
        "ledger:accounts",
        "ledger.view",
    ),
    Card(
        gettext_lazy("Imports"),
        gettext_lazy("Customers, machines and dealers from Excel"),
        "file-import",
        "imports:list",
        "import.run",
    ),
    Card(
        gettext_lazy("Messages not delivered"),
        gettext_lazy("Mails, text messages and calls that were given up"),
        "mail-exclamation",
        "notifications:outbox",
        "message.manage",
    ),
    Card(
        gettext_lazy("Webhooks"),
        gettext_lazy("Programs that we call when something happens"),
        "webhook",
        "notifications:webhooks",
        "webhook.manage",
    ),
    Card(
        gettext_lazy("Audit trail"),
        gettext_lazy("Who did what, when"),
        "history",
        "accounts:audit",
        "audit.view",
    ),
    Card(
        gettext_lazy("System health"),
        gettext_lazy("Sweeps, queues, backlog"),
        "heart-rate-monitor",
        "sla:health",
        "health.view",
    ),
    Card(
        gettext_lazy("API handbook"),
        gettext_lazy("Every address with its fields"),
        "book",
        "api-docs",
        "token.manage",
    ),
)


@require_safe
@signed_in
def hub(request: ActorRequest) -> HttpResponse:
    """Cards to everything that this role may set."""
    groups = [
        (gettext_lazy("My own"), _shown(request, MINE)),
        (gettext_lazy("Company"), _shown(request, COMPANY)),
    ]
    context = {
        "groups": [(name, cards) for name, cards in groups if cards],
        "notices": notices_for(request.actor),
    }
    return render(request, "accounts/settings.html", context)


def _shown(request: ActorRequest, cards: tuple[Card, ...]) -> list[tuple[Card, str]]:
    allowed = [c for c in cards if not c.permission or request.actor.may(c.permission)]
    return [(card, url) for card in allowed if (url := menu.address(card.url_name))]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: ActorRequest) -> HttpResponse:
    """My name, telephone, language and time zone."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        # The form has written into `person`; the service takes it from there.
        user = services.edit_profile(actor=request.actor, user=person, **form.cleaned_data)
        with override(user.language or request.tenant.language or get_language()):
            messages.success(request, _("Your profile is kept."))
        return redirect("accounts:profile")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page("setting.manage")
def company(request: ActorRequest) -> HttpResponse:
    """What papers, messages and pages say of the company."""
    form = CompanyForm(request.POST or None, instance=Tenant.objects.get(pk=request.tenant.pk))
    if request.method == "POST" and form.is_valid():
        services.edit_company(actor=request.actor, tenant=request.tenant, **form.cleaned_data)
        messages.success(request, _("The company's data are kept."))
        return redirect("accounts:company")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/company.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page("setting.manage")
def options(request: ActorRequest) -> HttpResponse:
    """All limits and switches, and what they were before (R-002)."""
    present = {key: option(key) for key in OPTIONS}
    form = OptionsForm(request.POST or None, present=present)
    if request.method == "POST" and form.is_valid():
        changes = form.changes()
        for key, value in changes.items():
            reason = form.cleaned_data["reason"]
            set_option(actor=request.actor, key=key, value=value, reason=reason)
        if changes:
            messages.success(request, _("Kept. Clocks that run already keep their time."))
        else:
            messages.info(request, _("Nothing was different."))
        return redirect("accounts:options")
    rows, next_after = keyset(request, queries.option_history(request.actor))
    history = [(row, OPTIONS.get(row.key)) for row in rows]
    context = {"form": form, "history": history, "next_after": next_after}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/options.html", context, status=status)
