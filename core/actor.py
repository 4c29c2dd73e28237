"""Who is asking: the value that every gate, read and write takes first."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, role and company on whose behalf a call is made.

    `dealer_ids` is None for the manufacturer's own people, who see the whole tenant, and the
    dealer with its sub-dealers for a dealer's people (R-001). `user_id` is None only for the
    system itself (a sweep, an import); its `label` then says which part of it.
    """

    tenant_id: int
    label: str
    role: str = "system"
    user_id: int | None = None
    membership_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    dealer_id: int | None = None
    dealer_ids: tuple[int, ...] | None = None
    via_token: bool = False

    def may(self, permission: str) -> bool:
        """Whether the role grants `noun.verb`; the system may do everything."""
        return self.is_system or permission in self.permissions

    @property
    def person_id(self) -> int:
        """The person for lookups of what is one's own; 0, which is nobody, for the system."""
        return self.user_id or 0

    @property
    def is_system(self) -> bool:
        return self.role == "system"

    @property
    def is_dealer(self) -> bool:
        return self.dealer_ids is not None

    @classmethod
    def system(cls, tenant_id: int, label: str = "Sanbao") -> Actor:
        """The actor of sweeps, imports and scheduled work inside one tenant."""
        return cls(tenant_id=tenant_id, label=label)
