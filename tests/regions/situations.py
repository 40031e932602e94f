"""Region changes in 铜川市耀州区: two villages of a town, one of another, with people, officers and
postings.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import queries, region_changes
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import RoleGrant, User
from app.accounts.schemas import NewStaff
from app.accounts.service import create_staff, grant_role
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.regions.change_checks import Wish
from app.regions.change_models import RegionChange
from app.regions.models import Region
from app.regions.terms import RegionChangeKind
from app.seekers.models import Household, Person
from app.seekers.queries import visible_people
from tests.seekers import factories

COUNTY, TOWN, OTHER_TOWN = factories.COUNTY, factories.TOWN, factories.OTHER_TOWN
A, B, FAR = factories.VILLAGE, factories.OTHER_VILLAGE, factories.FAR_VILLAGE
RENAME, NEW_CODE = RegionChangeKind.RENAME, RegionChangeKind.NEW_CODE
MERGE, TRANSFER = RegionChangeKind.MERGE, RegionChangeKind.TRANSFER


@dataclass
class World:
    """The session with its clock and keys, and who works where (user id by name)."""

    session: Session
    clock: FixedClock
    cipher: FieldCipher
    staff: dict[str, int] = field(default_factory=dict)

    def open_account(self, name: str, role: Role, code: str | None) -> int:
        new = NewStaff(username=name, display_name=name, role=role, region_code=code)
        user = create_staff(self.session, self.clock, SYSTEM, new, password_hash="x")
        self.staff[name] = user.id
        return user.id

    def give(self, name: str, role: Role, code: str) -> RoleGrant:
        return grant_role(self.session, self.clock, SYSTEM, self.staff[name], Grant(role, code))

    def actor(self, name: str) -> Actor:
        user = self.session.get_one(User, self.staff[name])
        return queries.actor_of(self.session, user, self.clock.now())

    def grants(self, name: str) -> list[tuple[str, str | None]]:
        rows = queries.grants_of(self.session, self.staff[name], self.clock.now())
        return [(row.role.value, row.region_code) for row in rows]

    def people_in(self, code: str, count: int = 2) -> Household:
        """A household with that many people."""
        home = factories.household(self.session, self.cipher, self.clock, region_code=code, address="3组7号")
        for number in range(count):
            factories.member(
                self.session, self.cipher, self.clock, home, name=f"王小{number}", birth_on="1980-06-01",
                relation="other",
            )  # fmt: skip
        return home

    def seen_by(self, name: str) -> set[int]:
        """Ids of the people an officer sees."""
        return {person.id for person in self.session.scalars(visible_people(self.actor(name)))}

    def prepare(
        self, kind: RegionChangeKind, old: str, new: str = "", name: str = "", *,
        by: str = "county1", on: date | None = None,
    ) -> RegionChange:  # fmt: skip
        return region_changes.prepare(
            self.session,
            self.actor(by),
            Wish(kind, old, new, name),
            effective_on=on or self.clock.today(),
            reason="耀政发〔2026〕12号",
            clock=self.clock,
            cipher=self.cipher,
        )

    def approve(self, change: RegionChange, *confirmed: int, by: str = "county2") -> RegionChange:
        return region_changes.approve(
            self.session, self.actor(by), change.id, confirmed=confirmed, clock=self.clock, cipher=self.cipher
        )

    def carry_out(self, change: RegionChange) -> None:
        done = region_changes.apply_change(
            self.session, change.id, clock=self.clock, cipher=self.cipher, actor=SYSTEM
        )
        assert done
        self.session.commit()

    def change(
        self, kind: RegionChangeKind, old: str, new: str = "", name: str = "", *,
        confirm: Collection[int] = (), preparer: str = "county1", approver: str = "county2",
    ) -> RegionChange:  # fmt: skip
        change = self.prepare(kind, old, new, name, by=preparer)
        self.approve(change, *confirm, by=approver)
        self.carry_out(change)
        return change

    def undo(self, change: RegionChange, by: str = "county2") -> None:
        region_changes.undo(
            self.session, self.actor(by), change.id, reason="办错了", clock=self.clock, cipher=self.cipher
        )
        self.session.commit()

    def grant_id(self, name: str, code: str) -> int:
        return next(
            row.id
            for row in queries.grants_of(self.session, self.staff[name], self.clock.now())
            if row.region_code == code
        )


def strays(session: Session) -> int:
    """People or households at a code that is not a living region, or people apart from their household."""
    from_home = select(func.count()).select_from(Person).join(Household, Household.id == Person.household_id)
    apart = session.scalar(from_home.where(Household.region_code != Person.region_code)) or 0
    lost = 0
    for model in (Household, Person):
        codes = set(session.scalars(select(model.region_code).distinct()))
        living = select(Region.code).where(Region.code.in_(codes), Region.retired_on.is_(None))
        lost += len(codes - set(session.scalars(living)))
    return apart + lost


def settle(session: Session, clock: FixedClock, cipher: FieldCipher) -> World:
    """Two county officers and an officer for each place."""
    factories.plant_regions(session)
    world = World(session, clock, cipher)
    for name in ("county1", "county2"):
        world.open_account(name, Role.COUNTY_OFFICER, COUNTY)
    for name in ("admin1", "admin2"):
        world.open_account(name, Role.ADMIN, None)
    world.open_account("town", Role.TOWNSHIP_OFFICER, TOWN)
    world.open_account("othertown", Role.TOWNSHIP_OFFICER, OTHER_TOWN)
    world.open_account("villagea", Role.VILLAGE_OFFICER, A)
    world.open_account("villageb", Role.VILLAGE_OFFICER, B)
    world.open_account("villagefar", Role.VILLAGE_OFFICER, FAR)
    return world
