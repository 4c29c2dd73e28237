"""Customers: found, opened, changed, merged, exported."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import menu, sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from core.phones import display
from dealers.queries import name_regions
from dealers.services import note_export
from machines import access, queries, services
from machines.filters import CustomerFilter, page_fields
from machines.forms import CustomerForm, MergeForm, NewCustomerForm, write_phones
from machines.models import Customer

FORM_METHODS = ["GET", "HEAD", "POST"]
PHONES = {"phone": "phones"}


@require_safe
@page("customer.view")
def customer_list(request: ActorRequest) -> HttpResponse:
    """Customers by words, region, class and dealer; newest first."""
    found = CustomerFilter(request.GET, queries.customer_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""))
    name_regions(listed.rows)
    context = {
        "fields": page_fields(found, "q", "region", "customer_class", "kind"),
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("machines:customers_export")
        if request.actor.may("customer.export")
        else "",
    }
    return render(request, "machines/customers.html", context)


@require_safe
@page("customer.view")
def customer_options(request: ActorRequest) -> HttpResponse:
    """Customers that fit what is typed, for a `<datalist>`."""
    keys = ("q", "customer", "target")
    typed = next((request.GET[key] for key in keys if key in request.GET), "")
    rows = queries.matching_customers(
        request.actor, queries.customer_list(request.actor), typed.partition(" ")[0]
    )
    return render(request, "machines/_customer_options.html", {"found": rows[:12]})


@require_safe
@page("customer.export")
def customers_export(request: ActorRequest) -> HttpResponse:
    """The filtered customers as a file; the audit keeps who took it (R-006)."""
    found = CustomerFilter(request.GET, queries.customer_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    name_regions(rows)
    note_export(actor=request.actor, company=request.tenant, noun="customer", rows=len(rows))
    head = [
        _("Customer number"),
        pgettext("of a customer", "Name"),
        _("Kind"),
        _("Class"),
        _("Telephones"),
    ]
    head += [_("Region"), _("Address"), _("Note"), _("Opened at")]
    cells = (
        [c.number, c.name, c.get_kind_display(), c.get_customer_class_display()]
        + ["、".join(display(p.number) for p in c.phones.all()), vars(c)["region"]]
        + [c.address, c.note, c.created_at]
        for c in rows
    )
    return sheets.answer(request.GET.get("format", ""), _("customers"), head, cells)


@require_safe
@page("customer.view")
def customer_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One customer: telephones, machines, and the tickets where that app is there."""
    customer = access.get_customer(request.actor, number)
    if customer.number != number:
        messages.info(
            request, _("Record %(number)s was merged into this one.") % {"number": number}
        )
        return redirect("machines:customer", number=customer.number)
    rows = queries.with_machines(request.actor, queries.customer_list(request.actor))
    customer = rows.get(pk=customer.pk)
    machines = list(customer.machines.all())
    name_regions([customer, *machines])
    context = {
        "customer": customer,
        "machines": machines,
        "owned_before": queries.owned_before(request.actor, customer),
        "events": queries.events_of(request.actor, customer),
        "dealers": queries.serving_dealers(request.actor, customer),
        "tickets_part": _tickets_of(customer),
        "call_url": menu.address("tickets:call"),
    }
    return render(request, "machines/customer.html", context)


def _tickets_of(customer: Customer) -> str:
    """The list of a customer's tickets, or "" while no higher app has one."""
    listing = menu.address("tickets:list")
    return f"{listing}?customer={customer.number}" if listing else ""


@require_http_methods(FORM_METHODS)
@page("customer.edit")
def customer_new(request: ActorRequest) -> HttpResponse:
    """Open a customer's file; `?partial=1` answers with the form or the record alone."""
    initial = {"phones": request.GET.get("phone", ""), "name": request.GET.get("name", "")}
    form = NewCustomerForm(request.POST or None, initial=initial)
    namesakes: list[Customer] = []
    if request.method == "POST" and form.is_valid():
        if "is_another" not in request.POST:
            namesakes = _namesakes(request, form)
        data = form.cleaned_data
        customer = None
        if not form.errors:
            customer = attempt(
                form, lambda: services.create_customer(actor=request.actor, **data), PHONES
            )
        if customer is not None:
            return _created(request, customer)
    if "is_another" not in request.POST and not namesakes:
        del form.fields["is_another"]
    context = {"form": form, "namesakes": namesakes, "heading": _("New customer")}
    context |= {"verb": _("Save customer"), "partial": "partial" in request.GET}
    return _form(request, context)


def _namesakes(request: ActorRequest, form: NewCustomerForm) -> list[Customer]:
    """Customers with one of the telephones; the form then asks whether they are the same."""
    found = {
        customer.pk: customer
        for phone in form.cleaned_data["phones"]
        for customer in queries.callers(request.actor, phone.number)
    }
    if found:
        form.add_error("phones", _("Somebody has this telephone already: see below."))
    return list(found.values())


def _created(request: ActorRequest, customer: Customer) -> HttpResponse:
    if "partial" not in request.GET:
        messages.success(request, _("Customer %(number)s is saved.") % {"number": customer.number})
        return redirect("machines:customer", number=customer.number)
    response = render(request, "machines/_customer_card.html", {"customer": customer}, status=201)
    response["HX-Trigger"] = json.dumps({"customerCreated": {"number": customer.number}})
    return response


@require_http_methods(FORM_METHODS)
@page("customer.edit")
def customer_edit(request: ActorRequest, number: str) -> HttpResponse:
    """Change a customer's file."""
    customer = access.get_customer(request.actor, number, to="customer.edit")
    initial = {name: getattr(customer, name) for name in services.CUSTOMER_FIELDS}
    form = CustomerForm(request.POST or None, initial=initial | {"phones": write_phones(customer)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form,
            lambda: services.edit_customer(actor=request.actor, customer=customer, **data),
            PHONES,
        ):
            messages.success(request, _("The changes are saved."))
            return redirect("machines:customer", number=customer.number)
    heading = _("Edit customer %(name)s") % {"name": customer.name}
    return _form(
        request, {"form": form, "heading": heading, "verb": _("Save"), "customer": customer}
    )


@require_http_methods(FORM_METHODS)
@page("customer.merge")
def customer_merge(request: ActorRequest, number: str) -> HttpResponse:
    """Merge this record into another one: first a look at what will happen, then the deed."""
    source = access.get_customer(request.actor, number, to="customer.merge")
    form = MergeForm(
        request.POST or ({"target": request.GET["target"]} if request.GET.get("target") else None),
        actor=request.actor,
    )
    target = form.cleaned_data["target"] if form.is_bound and form.is_valid() else None
    if target is not None and target.pk == source.pk:
        form.add_error("target", str(services.SameCustomer()))
        target = None
    if request.method == "POST" and target is not None and "confirmed" in request.POST:
        kept = attempt(
            form,
            lambda: services.merge_customers(actor=request.actor, source=source, target=target),
        )
        if kept is not None:
            messages.success(
                request,
                _("%(gone)s is merged into %(kept)s.")
                % {"gone": source.number, "kept": kept.number},
            )
            return redirect("machines:customer", number=kept.number)
    context = {"source": source, "target": target, "form": form}
    if target is not None:
        context["preview"] = queries.merge_preview(source, target)
    return render(request, "machines/merge.html", context, status=status_of(form))


def _form(request: ActorRequest, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    assert isinstance(form, CustomerForm)
    name = "machines/_customer_form.html" if context.get("partial") else "machines/form.html"
    return render(request, name, context, status=status_of(form))
