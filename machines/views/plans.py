"""Coverage plans: versions by model, line and company; their rows and the legal floor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from core.forms import UNPROCESSABLE, attempt
from machines import card_queries, floors, services
from machines.card_forms import PlanForm, TermForm, write_tiers
from machines.models import CoveragePlan, CoverageTerm, Layer, ProductLine, ProductModel
from machines.services.plans import PlanInUse
from machines.views.machines import FORM_METHODS

MOST_ROWS = 30
EMPTY_ROWS = 3
TermForms: Any = formset_factory(TermForm, extra=0, max_num=MOST_ROWS, validate_max=True)
COPIED = (
    "layer",
    "component",
    "months",
    "labour_months",
    "travel_months",
    "use_limit",
    "use_unit",
    "parts_percent",
    "labour_percent",
    "travel_percent",
)


@require_safe
@page("plan.view")
def plan_list(request: ActorRequest) -> HttpResponse:
    """Every version by scope, the newest first; which is in force today."""
    today = timezone.localdate()
    plans = list(card_queries.plan_list())
    for plan in plans:
        is_open = plan.until_on is None or plan.until_on >= today
        vars(plan)["is_in_force"] = plan.from_on <= today and is_open
    return render(request, "machines/plans.html", {"plans": plans})


@require_http_methods(FORM_METHODS)
@page("plan.edit")
def plan_new(request: ActorRequest) -> HttpResponse:
    """A new version; `?model=` or `?line=` starts from the version in force there."""
    model = ProductModel.objects.filter(code=request.GET.get("model", "")).first()
    line = ProductLine.objects.filter(code=request.GET.get("line", "")).first()
    initial = {
        "model": model.code if model else "",
        "line": line.code if line and not model else "",
        "from_on": timezone.localdate(),
    }
    form = PlanForm(request.POST or None, initial=initial)
    rows = TermForms(
        request.POST or None,
        prefix="terms",
        initial=_rows_of(model, None if model else line),
        # A row that nobody changed is a row all the same.
        form_kwargs={"empty_permitted": False, "use_required_attribute": False},
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        data = form.cleaned_data
        terms = [row for each in rows if (row := each.row()) is not None]
        plan = attempt(
            form,
            lambda: services.create_plan(actor=request.actor, terms=terms, **data),
        )
        if plan is not None:
            messages.success(request, _("Version %(plan)s is saved.") % {"plan": plan})
            return redirect("machines:plans")
    is_wrong = request.method == "POST"
    context = {
        "form": form,
        "rows": rows,
        "floor": floors.of_model(model) if model else floors.of_line(line),
    }
    status = UNPROCESSABLE if is_wrong else 200
    return render(request, "machines/plan_form.html", context, status=status)


@require_POST
@page("plan.edit")
def plan_withdraw(request: ActorRequest, version: int, scope: str) -> HttpResponse:
    """Take back a version that no receipt card rests on."""
    plan = get_object_or_404(_of_scope(scope), version=version)
    try:
        services.withdraw_plan(actor=request.actor, plan=plan)
    except (PlanInUse, DomainError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The version is withdrawn; the one before runs on."))
    return redirect("machines:plans")


def _of_scope(scope: str) -> Any:
    kind, _slash, code = scope.partition("/")
    plans = CoveragePlan.objects.select_related("model", "line")
    if kind == "model":
        return plans.filter(model__code=code)
    return plans.filter(line__code=code) if kind == "line" else plans.filter(model=None, line=None)


def _rows_of(model: ProductModel | None, line: ProductLine | None) -> list[dict[str, Any]]:
    """The rows of the newest version of a scope, or the legal floor; and empty ones to write."""
    newest = CoveragePlan.objects.filter(model=model, line=line).order_by("-from_on").first()
    rows = [_row(term) for term in newest.terms.order_by("pk")] if newest else []
    if not rows:
        floor = floors.of_model(model) if model else floors.of_line(line)
        whole = model.coverage_months if model else 12
        rows = [{"layer": Layer.WHOLE, "months": max(whole, floor.whole or 0)}]
        if floor.main:
            rows.append({"layer": Layer.MAIN, "months": floor.main})
    return rows + [{"layer": Layer.WEAR}] * EMPTY_ROWS


def _row(term: CoverageTerm) -> dict[str, Any]:
    return {name: getattr(term, name) for name in COPIED} | {"tiers": write_tiers(term.tiers)}
