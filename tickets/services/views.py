"""A list's filters under a name, as a person's own tab."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from core.tenancy import verb
from tickets.models import SavedView

MOST_VIEWS = 12


@verb
def save_view(*, actor: Actor, name: str, query: str, noun: str = "ticket") -> SavedView:
    """Keep the filters of a list; the same name again replaces them."""
    name = name.strip()
    if not name or len(name) > 40:
        raise DomainError(_("Give it a name of at most 40 characters."), field="name")
    # Where one was in the list is no part of the view.
    pairs = [(key, value) for key, value in parse_qsl(query) if value and key != "after"]
    kept = urlencode(pairs)
    if len(kept) > 500:
        raise DomainError(_("These are too many filters to keep."), field="name")
    mine = SavedView.objects.filter(user_id=actor.person_id, noun=noun)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise DomainError(_("Twelve views are enough: delete one first."), field="name")
    view, _new = SavedView.objects.update_or_create(
        user_id=actor.person_id, noun=noun, name=name, defaults={"query": kept}
    )
    return view


@verb
def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Forget a view; somebody else's is untouched."""
    SavedView.objects.filter(pk=view.pk, user_id=actor.person_id).delete()
