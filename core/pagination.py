"""Keyset pages of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import DateTimeField
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination

ZERO = timedelta()  # positions are written in UTC


class KeysetPagination(CursorPagination):
    """Pages by position, never by counting; `cursor` and `page_size` (≤ 200) in the query."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        by = self.get_ordering(request, queryset, view)[0].lstrip("-")
        self.positioned_by = queryset.model._meta.get_field(by)
        return super().paginate_queryset(queryset, request, view=view)

    def decode_cursor(self, request: Any) -> Any:
        """A cursor that was not made here is a bad entry (422), not a missing thing."""
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                value = self.positioned_by.to_python(cursor.position)
                if isinstance(self.positioned_by, DateTimeField) and value.utcoffset() != ZERO:
                    raise exceptions.NotFound
        except (exceptions.NotFound, DjangoValidationError, OverflowError) as error:
            sentence = _("This page address is damaged. Start again from the first page.")
            raise exceptions.ValidationError({self.cursor_query_param: [sentence]}) from error
        return cursor
