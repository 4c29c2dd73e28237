"""The list: tabs, filters in the address, a dense table, keyset pages, bulk steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import keyset
from core.errors import DomainError
from dealers.models import Dealer
from dealers.queries import region_name
from tickets import access, queries, services
from tickets.filters import TicketFilter
from tickets.forms import BulkForm, ViewForm
from tickets.views.answer import is_unchanged, version_of
from tickets.views.desk import mark, with_clocks

MOST_IN_BULK = 200
DEFAULT = "open=1"
ALL = "view=all"
# Of the address, but not of the filters.
PLACE = frozenset({"after", "view", "sort"})


@dataclass(frozen=True)
class Tab:
    label: Promise | str
    query: str
    name: str = ""  # of one's own view, which can be deleted


TABS = (
    Tab(pgettext_lazy("tickets", "Open"), DEFAULT),
    Tab(pgettext_lazy("tickets", "Mine"), "mine=1&open=1"),
    Tab(pgettext_lazy("tickets", "At the desk"), "state=new"),
    Tab(pgettext_lazy("tickets", "Offered, unanswered"), "state=offered"),
    Tab(pgettext_lazy("tickets", "Late"), "late=1"),
    Tab(pgettext_lazy("tickets", "Work done"), "state=done"),
    Tab(pgettext_lazy("tickets", "All"), ALL),
)

COLUMNS = (
    {"label": gettext_lazy("Number")},
    {"label": gettext_lazy("State")},
    {"label": gettext_lazy("What, whose, where")},
    {"label": gettext_lazy("Held by")},
    {"label": gettext_lazy("Next promise")},
)


@page("ticket.view")
@require_safe
def ticket_list(request: ActorRequest) -> HttpResponse:
    """A page of the filtered list; `?after=` goes on from a row."""
    data = request.GET if request.GET else QueryDict(DEFAULT)
    found = TicketFilter(data, queryset=queries.ticket_list(request.actor), actor=request.actor)
    rows = keyset.page(found.qs, after=request.GET.get("after", ""))
    tickets = list(rows.rows)
    with_clocks(request, tickets)
    version = version_of([(t.pk, t.version, t.state, mark(t)) for t in tickets])
    if is_unchanged(request, version):
        return HttpResponse(status=204)
    query = filters_of(data)
    context = {
        "filter": found,
        "filter_form": _filter_form(found),
        "tickets": tickets,
        "next_after": rows.next_after,
        "is_first": "after" not in request.GET,
        "columns": COLUMNS,
        "tabs": _tabs(request, query),
        "query": query,
        "chips": _chips(found) if query != DEFAULT or request.GET else [],
        "version": version,
        "live_url": f"{reverse('tickets:list')}?{query or ALL}",
        "may_bulk": request.actor.may("ticket.bulk_assign"),
        "may_export": request.actor.may("ticket.export"),
        "bulk": BulkForm(actor=request.actor, auto_id="id_bulk_%s"),
        "view_form": ViewForm(actor=request.actor, initial={"query": query}, auto_id="id_view_%s"),
    }
    return render(request, "tickets/list.html", context)


def filters_of(data: QueryDict) -> str:
    """The filters of an address in one spelling, so that two can be compared."""
    return urlencode(sorted((k, v) for k in data for v in data.getlist(k) if k not in PLACE and v))


def _tabs(request: ActorRequest, query: str) -> list[dict[str, Any]]:
    own = [Tab(v.name, v.query, v.name) for v in queries.saved_views(request.actor)]
    shown = []
    for tab in [*TABS, *own]:
        same = filters_of(QueryDict(tab.query)) == query
        shown.append({"tab": tab, "is_current": same})
    return shown


def _filter_form(found: TicketFilter) -> forms.Form:
    form: forms.Form = found.form
    for field in form.fields.values():
        if isinstance(field, forms.MultipleChoiceField):
            field.widget = forms.CheckboxSelectMultiple(choices=_labels(field))
    for name in ("since", "until"):
        form.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return form


def _labels(field: forms.MultipleChoiceField) -> list[tuple[str, Any]]:
    return list(cast(Any, field.choices))


def _chips(found: TicketFilter) -> list[dict[str, Any]]:
    """Each filter that is set, to be taken off again; what was typed wrongly is no filter."""
    chips: list[dict[str, Any]] = []
    data = found.form.cleaned_data if found.form.is_valid() else {}
    for name, field in found.form.fields.items():
        value = data.get(name)
        if value in (None, "", [], False):
            continue
        if isinstance(field, forms.MultipleChoiceField):
            labels = dict(_labels(field))
            chips += [
                {"name": name, "value": v, "label": field.label, "text": labels[v]} for v in value
            ]
        else:
            text = "" if value is True else _text_of(name, value)
            chips.append({"name": name, "value": None, "label": field.label, "text": text})
    return chips


def _text_of(name: str, value: Any) -> str:
    if name == "region":
        return region_name(str(value))
    if name == "dealer":
        dealer = Dealer.objects.filter(number__iexact=value).first()
        return str(dealer or value)
    return str(value)


@page("ticket.bulk_assign")
@require_POST
def bulk(request: ActorRequest) -> HttpResponse:
    """Offer or hand over the chosen tickets; each that cannot says why."""
    form = BulkForm(request.POST, actor=request.actor)
    back = f"{reverse('tickets:list')}?{request.POST.get('query') or ALL}"
    numbers = request.POST.getlist("number")[:MOST_IN_BULK]
    if not numbers:
        messages.error(request, _("Choose at least one ticket."))
        return redirect(back)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(back)
    tickets = list(access.visible(request.actor).filter(number__in=numbers))
    team = form.cleaned_data["team"] or None
    dealer = None if team else form.cleaned_data["dealer"]
    result = services.assign_tickets(actor=request.actor, tickets=tickets, dealer=dealer, team=team)
    if result.done:
        count = len(result.done)
        text = ngettext("%(n)d ticket was handed on.", "%(n)d tickets were handed on.", count)
        messages.success(request, text % {"n": count})
    for ticket, sentence in result.refused[:10]:
        messages.warning(request, f"{ticket.number}: {sentence}")
    return redirect(back)


@page("ticket.view")
@require_POST
def save_view(request: ActorRequest) -> HttpResponse:
    """Keep the filters that are set under a name, as one's own tab."""
    form = ViewForm(request.POST, actor=request.actor)
    query = filters_of(QueryDict(request.POST.get("query", "")[:500]))
    if form.is_valid():
        try:
            services.save_view(actor=request.actor, name=form.cleaned_data["name"], query=query)
            messages.success(request, _("The view is kept as a tab of yours."))
        except DomainError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("Give the view a name of at most 40 characters."))
    return redirect(f"{reverse('tickets:list')}?{query or ALL}")


@page("ticket.view")
@require_POST
def delete_view(request: ActorRequest) -> HttpResponse:
    """Forget one of one's own tabs."""
    mine = queries.saved_views(request.actor)
    view = get_object_or_404(mine, name=request.POST.get("name", ""))
    services.delete_view(actor=request.actor, view=view)
    return redirect("tickets:list")
