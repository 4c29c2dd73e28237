"""What all writes of parts share: a code folded, a row saved once, fields named."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from dealers.services import apply_changes
from parts.errors import CodeTaken, NoCode
from parts.rules import fold, is_plain


def folded(text: str, field: str = "code") -> str:
    """A code as it is kept; a sentence when nothing is left of it, or what nobody can type."""
    code = fold(text)
    if not is_plain(code):
        raise NoCode(field=field)
    return code


def created(actor: Actor, noun: str, thing: Any, taken: type[DomainError] = CodeTaken) -> Any:
    """Save a new row and tell the audit; a sentence when its key is in use."""
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise taken from error
    audit.record(actor, f"{noun}.created", thing, name=str(thing.name))
    return thing


def edited(actor: Actor, thing: Any, changes: dict[str, Any], fields: frozenset[str]) -> Any:
    """Change named fields of a locked row; the audit says what was and what is."""
    if unknown := set(changes) - fields:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    thing = locked(thing)
    apply_changes(actor, thing, changes)
    return thing
