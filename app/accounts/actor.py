"""操作人: who is acting. Every service that changes or shows something is told."""

from dataclasses import dataclass
from typing import Final

from app.accounts.terms import OFFICER_ROLES, Role
from app.regions.scope import contains


@dataclass(frozen=True)
class Grant:
    """角色授权: one role in force, with the region or the employer it holds for."""

    role: Role
    region_code: str | None = None
    employer_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """操作人: a user with the roles in force at this moment; `user_id` is None for the public and the system."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_officer(self) -> bool:
        return any(grant.role in OFFICER_ROLES for grant in self.grants)

    @property
    def employer_ids(self) -> frozenset[int]:
        """The employers this user is a member of."""
        return frozenset(
            g.employer_id for g in self.grants if g.role is Role.EMPLOYER and g.employer_id is not None
        )

    def has_role(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def manages(self, region_code: str, *roles: Role) -> bool:
        """Whether one of `roles` (any officer's when left out) is held over the region of `region_code`."""
        wanted = roles or tuple(OFFICER_ROLES)
        return any(
            grant.role in wanted
            and grant.region_code is not None
            and contains(grant.region_code, region_code)
            for grant in self.grants
        )

    def officer_regions(self) -> tuple[str, ...]:
        """Codes of the regions this user manages as an officer."""
        return tuple(
            g.region_code for g in self.grants if g.role in OFFICER_ROLES and g.region_code is not None
        )


PUBLIC: Final = Actor(None, "公众")
# Imports run by an office on its own server, demo data, background tasks.
SYSTEM: Final = Actor(None, "系统", is_system=True)
