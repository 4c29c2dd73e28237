"""What the pages of parts share: the sheet of a form and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.middleware import ActorRequest
from core.forms import status_of
from parts.models import LabourOperation, Part, Store, Supplier

FORM_METHODS = ["GET", "HEAD", "POST"]


def form_page(
    request: ActorRequest,
    form: Any,
    heading: str,
    verb: str = "",
    *,
    part: Part | None = None,
    thing: Supplier | Store | LabourOperation | None = None,
    up: tuple[str, str] | None = None,
) -> HttpResponse:
    """A form on a page of its own, with the way back to what it is about."""
    up_url, up_label = up or (reverse("parts:list"), _("Parts"))
    if part is not None:
        up_url, up_label = reverse("parts:detail", args=[part.number]), part.number
    elif thing is not None:
        up_url, up_label = address_of(thing), thing.code
    context = {
        "form": form,
        "heading": heading,
        "verb": verb or _("Save"),
        "up_url": up_url,
        "up_label": up_label,
    }
    return render(request, "parts/form.html", context, status=status_of(form))


def address_of(thing: Supplier | Store | LabourOperation) -> str:
    """The page of a supplier, store or operation."""
    names = {Supplier: "parts:supplier", Store: "parts:store", LabourOperation: "parts:operation"}
    return reverse(names[type(thing)], args=[thing.code])
