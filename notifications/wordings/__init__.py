"""What each event says, as data: one module per part of the house."""

from notifications.wordings.base import DEALER, DESK, Wording
from notifications.wordings.guarantee import GUARANTEE
from notifications.wordings.service import SERVICE

WORDINGS: dict[str, Wording] = SERVICE | GUARANTEE

__all__ = ["DEALER", "DESK", "WORDINGS", "Wording"]
