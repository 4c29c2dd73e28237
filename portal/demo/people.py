"""Who works in the demo: people of the manufacturers by role, and of the dealers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, User
from accounts.roles import Role
from dealers.models import Dealer
from portal.demo import names
from portal.demo.companies import Company
from portal.demo.network import Network

PASSWORD = "sanbao-demo"
GROUP_DOMAIN = "huinong.example"

# Role, the word before the @, and how many there are.
STAFF: tuple[tuple[Role, str, int], ...] = (
    (Role.CLERK, "clerk", 6),
    (Role.SUPERVISOR, "supervisor", 1),
    (Role.MANAGER, "manager", 1),
    (Role.ENGINEER, "engineer", 3),
    (Role.TECHNICAL_MANAGER, "technical", 1),
    (Role.FIELD_ENGINEER, "field", 1),
    (Role.SALES_REP, "sales", 3),
    (Role.KEEPER, "keeper", 1),
    (Role.FINANCE, "finance", 1),
    (Role.FINANCE_MANAGER, "books", 1),
    (Role.ADMINISTRATOR, "admin", 1),
)
# The dealer group's people work in both companies.
GROUP_STAFF: tuple[tuple[Role, str], ...] = (
    (Role.DEALER_PRINCIPAL, "dealer"),
    (Role.DEALER_CLERK, "dispatch"),
    (Role.DEALER_TECHNICIAN, "technician"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """One line of the table that the demo prints."""

    role: Role
    email: str


@dataclass(slots=True)
class Staff:
    """The manufacturer's own people by role."""

    by_role: dict[str, list[User]]

    def __getitem__(self, role: Role) -> list[User]:
        return self.by_role[role]


def logins(company: Company) -> Iterator[Login]:
    """One login per role of a company, the dealer group's people last."""
    for role, word, _count in STAFF:
        yield Login(role, f"{word}@{company.domain}")
    for role, word in GROUP_STAFF:
        yield Login(role, f"{word}@{GROUP_DOMAIN}")


def build(chance: Random, company: Company, network: Network) -> Staff:
    """Insert everybody; passwords are hashed once, for the demo has one."""
    hashed = make_password(PASSWORD)
    staff: dict[str, list[User]] = {}
    users: list[User] = []
    posts: list[tuple[User, Role, Dealer | None]] = []
    for role, word, count in STAFF:
        for number in range(1, count + 1):
            email = f"{word}{number if number > 1 else ''}@{company.domain}"
            user = _user(chance, email, hashed, woman=role == Role.CLERK or None)
            staff.setdefault(role, []).append(user)
            users.append(user)
            posts.append((user, role, None))
    for dealer in network.dealers:
        if dealer is network.group:
            continue
        address = f"{dealer.number.lower().replace('-', '')}@{company.domain}"
        user = _user(chance, address, hashed, name=dealer.contact_name)
        users.append(user)
        posts.append((user, Role.DEALER_PRINCIPAL, dealer))
    User.objects.bulk_create(users)
    posts += [(user, role, network.group) for role, user in _group_people()]
    Membership.objects.bulk_create(
        Membership(user=user, role=role, dealer_id=dealer.pk if dealer else None)
        for user, role, dealer in posts
    )
    return Staff(staff)


def install_group() -> None:
    """The dealer group's people belong to no company: they are made before any is loaded."""
    chance = Random(GROUP_DOMAIN)
    for _role, word in GROUP_STAFF:
        email = f"{word}@{GROUP_DOMAIN}"
        if not User.objects.filter(email=email).exists():
            _user(chance, email, make_password(PASSWORD), woman=False).save()


def _group_people() -> list[tuple[Role, User]]:
    return [(role, User.objects.get(email=f"{word}@{GROUP_DOMAIN}")) for role, word in GROUP_STAFF]


def _user(
    chance: Random, email: str, hashed: str, *, name: str = "", woman: bool | None = None
) -> User:
    return User(
        email=email,
        name=name or names.person(chance, woman=woman),
        phone=names.mobile(chance),
        password=hashed,
    )
