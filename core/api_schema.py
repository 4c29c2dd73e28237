"""What every address of the API says in the OpenAPI file beside its own answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import append_meta, force_instance
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from core.api import KEY_HEADER
from core.bodies import Body

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
    405: "This address knows no such method.",
    409: "Not in the present state, or somebody else changed it in the meantime.",
    415: "Neither JSON nor a form with files.",
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


class TrueSchema(AutoSchema):
    """Says of each address what may really come: the refusals of the base, strict bodies."""

    def get_override_parameters(self) -> list[Any]:
        """Every address that creates takes an Idempotency-Key."""
        said = list(super().get_override_parameters())
        answers_said: Any = self.get_response_serializers()
        creates = isinstance(answers_said, dict) and 201 in answers_said
        return [*said, ONCE] if self.method == "POST" and creates else said

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        said = super()._get_response_bodies(direction)
        refused = {401, 403, 405}
        if "{" in self.path:
            refused.add(404)
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            refused.add(409)
        if self.method in ("POST", "PUT", "PATCH") and self.get_request_serializer() is not None:
            refused |= {400, 415}
        # A query may always hold characters that no row can.
        refused.add(422)
        for code in sorted(refused):
            answer = OpenApiResponse(ErrorAnswer, description=_SAYS[code])
            said.setdefault(str(code), self._get_response_for_code(answer, str(code)))
        return said

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(force_instance(serializer), Body):
            schema["additionalProperties"] = False
        if direction == "response":
            # What is missing on the way to a field is answered with its default.
            for name, field in force_instance(serializer).fields.items():
                if field.default is None:
                    told = schema["properties"][name]
                    schema["properties"][name] = append_meta(told, {"nullable": True})
        return schema
