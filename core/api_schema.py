"""What every address of the API says in the OpenAPI file beside its own answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from core.api import KEY_HEADER

ErrorAnswer = inline_serializer(
    "Error",
    {
        "error": inline_serializer(
            "ErrorBody",
            {
                "code": serializers.CharField(),
                "message": serializers.CharField(),
                "fields": serializers.DictField(),
                "request_id": serializers.CharField(),
            },
        )
    },
)
ONCE = OpenApiParameter(
    KEY_HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Sent again with the same body, the stored answer is given once more.",
)
_SAYS = {
    400: "The request cannot be read.",
    401: "No token, or one that is expired or revoked.",
    403: "The role may not do this.",
    404: "There is no such thing for whoever asks.",
    409: "Not in the present state, or somebody else changed it in the meantime.",
    422: "Some entries need a correction; `fields` names them.",
}


def answers(ok: Any = None, *, status: int = 200, errors: tuple[int, ...] = ()) -> dict[int, Any]:
    """The good answer and the errors that may come instead of it."""
    said = OpenApiResponse(description="Nothing to say.") if ok is None else ok
    codes = (401, 403, *errors)
    refused = {code: OpenApiResponse(ErrorAnswer, description=_SAYS[code]) for code in codes}
    return {status: said, **refused}


READS = (404,)
WRITES = (400, 404, 409, 422)
