"""What clients of the API send: read strictly, so that a misspelt name is not lost silently."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers, serializers


class Body(serializers.Serializer[Any]):
    """The body of a writing call; a field that it does not know is refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            sentence = _("There is no such field here.")
            raise serializers.ValidationError({name: [sentence] for name in unknown})
        return super().to_internal_value(data)


class JSONParser(parsers.JSONParser):
    """JSON whose nesting exhausts the reader is as unreadable as any other."""

    def parse(self, stream: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(stream, *args, **kwargs)
        except RecursionError as error:
            raise exceptions.ParseError(_("This is nested too deeply.")) from error


def is_storable(text: str) -> bool:
    """Whether the database can be asked for this text: no NUL, no half of a character."""
    return not any(c == "\0" or unicodedata.category(c) == "Cs" for c in text)
