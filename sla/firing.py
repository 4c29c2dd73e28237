"""What the sweep tells the other apps: the one event "sla.fired", a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from sla.models import Clock, Step

FIRED = "sla.fired"
# What fires later than this after its time comes out of a standstill, with many others.
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Firing:
    """A step that fires now, and whom it reaches.

    `instead` names, by the id of a recipient, the absent person whose place they take (R-014).
    `is_late`: its mails may wait for each other, so that a flood arrives as one letter (R-009).
    """

    clock: Clock
    step: Step
    recipients: tuple[User, ...]
    instead: Mapping[int, str]
    is_late: bool
