"""操作人: who is acting. Every service that changes or shows something is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.accounts.terms import OFFICER_ROLES, STAFF_ROLES, Role
from app.regions.scope import contains


@dataclass(frozen=True)
class Grant:
    """角色授权: one role in force, with the region or the employer it holds for."""

    role: Role
    region_code: str | None = None
    employer_id: int | None = None
    # Left to a former officer after a hand-over: may still look, may not change anything.
    is_read_only: bool = False
    # Of a broker: the mandate by which they act for the employer.
    mandate_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """操作人: a user with the roles in force at this moment; `user_id` is None for public and system."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_officer(self) -> bool:
        return any(grant.role in OFFICER_ROLES and not grant.is_read_only for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        """Whether any role of a public office, or of one that works for it, is held. A mandate of a firm is
        none: an agency's people are not the office's."""
        return any(grant.role in STAFF_ROLES and grant.mandate_id is None for grant in self.grants)

    def mandate_for(self, employer_id: int) -> int | None:
        """The mandate by which this user acts for an employer; None for its own people and the office's."""
        if employer_id in self.employer_ids:
            return None
        mandates = (g.mandate_id for g in self.grants if g.employer_id == employer_id)
        return next((each for each in mandates if each is not None), None)

    @property
    def employer_ids(self) -> frozenset[int]:
        """The employers this user is a member of."""
        return frozenset(
            g.employer_id for g in self.grants if g.role is Role.EMPLOYER and g.employer_id is not None
        )

    def has_role(self, *roles: Role) -> bool:
        """Whether one of `roles` is held with the right to act, wherever."""
        return any(grant.role in roles and not grant.is_read_only for grant in self.grants)

    def manages(self, region_code: str, *roles: Role) -> bool:
        """Whether one of `roles` (any officer's when left out) is held over the region of `region_code`, with
        the right to change things there.
        """
        return any(not grant.is_read_only for grant in self._over(region_code, roles))

    def may_look_into(self, region_code: str, *roles: Role) -> bool:
        """As `manages`, but read-only roles count as well."""
        return any(True for _ in self._over(region_code, roles))

    def officer_regions(self, *, to_read: bool = False) -> tuple[str, ...]:
        """Codes of the regions managed as an officer; with `to_read` also those that may only be seen."""
        return tuple(
            g.region_code
            for g in self.grants
            if g.role in OFFICER_ROLES and g.region_code is not None and (to_read or not g.is_read_only)
        )

    def _over(self, region_code: str, roles: tuple[Role, ...]) -> Iterator[Grant]:
        wanted = roles or tuple(OFFICER_ROLES)
        for grant in self.grants:
            if (
                grant.role in wanted
                and grant.region_code is not None
                and contains(grant.region_code, region_code)
            ):
                yield grant


PUBLIC: Final = Actor(None, "公众")
# Imports run by an office on its own server, demo data, background tasks.
SYSTEM: Final = Actor(None, "系统", is_system=True)
