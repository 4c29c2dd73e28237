"""What the API of old parts and shipments takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.bodies import Body
from core.money import MOST_CENTS
from warranty.services.oldparts.judging import WAYS
from warranty.services.oldparts.receiving import ARRIVED_WITH
from warranty.states.oldparts import CauseClass, Discrepancy, Finding, Liable

ARRIVED = [each.value for each in ARRIVED_WITH]
OF_BOX = [Discrepancy.NONE.value, Discrepancy.PACKING.value, Discrepancy.NO_LIST.value]
OF_SHIPMENT = [*OF_BOX, Discrepancy.SHORT.value, Discrepancy.SURPLUS.value]


def _blank(**kwargs: Any) -> dict[str, Any]:
    return {"required": False, "allow_blank": True, **kwargs}


class PhotosBody(Body):
    photos = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=10)


class WordsPhotosBody(PhotosBody):
    words = serializers.CharField(**_blank(max_length=400))


class PieceWordsBody(Body):
    words = serializers.CharField(max_length=400)


class PieceNoteBody(Body):
    note = serializers.CharField(**_blank(max_length=400))


class ReceiptBody(PieceNoteBody):
    discrepancy = serializers.ChoiceField(choices=ARRIVED, **_blank())


class AppraisalBody(Body):
    """`supplier` is a code, for liable supplier only; `words` are needed for a refusal."""

    finding = serializers.ChoiceField(choices=Finding.choices)
    is_covered = serializers.BooleanField()
    cause_class = serializers.ChoiceField(choices=CauseClass.choices)
    liable = serializers.ChoiceField(choices=Liable.choices)
    supplier = serializers.CharField(**_blank(max_length=40))
    words = serializers.CharField(**_blank(max_length=2000))


class DispositionBody(Body):
    to = serializers.ChoiceField(choices=[each.value for each in WAYS])
    store = serializers.CharField(**_blank(max_length=20))


class FinishBody(Body):
    store = serializers.CharField(**_blank(max_length=20))
    value_cents = serializers.IntegerField(required=False, min_value=0, max_value=MOST_CENTS)
    words = serializers.CharField(**_blank(max_length=200))


class NewShipmentBody(Body):
    """`dealer` only from people of several dealers; left out: the asker's own."""

    dealer = serializers.CharField(**_blank(max_length=20))
    note = serializers.CharField(**_blank(max_length=200))


class TagBody(Body):
    """A tag in any spelling, or the address that its code holds."""

    tag = serializers.CharField(max_length=300)


class ReceivedTagBody(TagBody):
    discrepancy = serializers.ChoiceField(choices=ARRIVED, **_blank())


class ShipBody(Body):
    """`window` is the day on which it closes, `truck` the number of the run."""

    window = serializers.DateField(required=False, allow_null=True)
    truck = serializers.CharField(**_blank(max_length=30))
    carrier = serializers.CharField(**_blank(max_length=80))
    waybill = serializers.CharField(**_blank(max_length=40))


class BoxDoneBody(Body):
    discrepancy = serializers.ChoiceField(choices=OF_BOX, **_blank())
    note = serializers.CharField(**_blank(max_length=200))


class SurplusBody(Body):
    words = serializers.CharField(max_length=150)


class ShipmentDoneBody(Body):
    discrepancy = serializers.ChoiceField(choices=OF_SHIPMENT, **_blank())
    note = serializers.CharField(**_blank(max_length=200))
