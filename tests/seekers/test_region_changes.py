"""Regions renamed, renumbered, merged, handed over: everybody has one managing region, nobody gains
access.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.accounts import region_changes
from app.accounts.models import RoleGrant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import AppError, NotFound
from app.core.sheets.importing import RowProblem
from app.core.tasks import Task, TaskRunner
from app.jobs.models import JobPosting
from app.regions import amendments, gazetteer, holders
from app.regions.change_checks import Wish
from app.regions.change_models import RegionChange
from app.regions.errors import VillageExists
from app.regions.gazetteer import Amendments
from app.regions.models import Region
from app.regions.queries import villages_by_town
from app.regions.schemas import VillageIn
from app.regions.service import add_village, import_villages
from app.regions.terms import RegionChangeState
from app.seekers import finding
from app.seekers.history import as_of
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.places import PlaceReader
from app.seekers.imports.shapes import LedgerShape
from app.seekers.imports.terms import ImportState
from app.seekers.models import Household, LedgerChange, Person
from tests.databases import RolledBackDatabase
from tests.employers.factories import verified_employer
from tests.jobs.factories import open_job
from tests.regions.situations import (
    COUNTY,
    FAR,
    MERGE,
    NEW_CODE,
    OTHER_TOWN,
    RENAME,
    TOWN,
    TRANSFER,
    A,
    B,
    World,
    settle,
    strays,
)  # fmt: skip

NEW = "610204101288"


@pytest.fixture(autouse=True)
def forget_amendments() -> Iterator[None]:
    yield
    gazetteer.amend(Amendments(0))


@contextmanager
def refused(error: type[AppError], words: str) -> Iterator[None]:
    """Refused with this error, whose sentence says `words`."""
    with pytest.raises(error) as caught:
        yield
    assert words in caught.value.title


@pytest.fixture
def world(session: Session, clock: FixedClock, cipher: FieldCipher) -> World:
    return settle(session, clock, cipher)


def test_every_table_with_region_codes_has_spoken() -> None:
    assert holders.missing_columns() == []


def test_a_new_code_takes_people_officer_history_and_old_posters_along(world: World) -> None:
    home = world.people_in(A)
    before = world.seen_by("villagea")
    change = world.change(NEW_CODE, A, NEW, "柳树塬新村")
    home = world.session.get_one(Household, home.id)
    assert home.region_code == NEW
    assert strays(world.session) == 0
    assert change.state is RegionChangeState.APPLIED
    assert world.grants("villagea") == [("village_officer", NEW)]
    assert world.seen_by("villagea") == before != set()
    old = world.session.get_one(Region, A)
    assert (old.retired_on, old.moved_to) == (world.clock.today(), NEW)
    assert world.session.get_one(Region, NEW).pinyin == "liushuyuanxincun"
    assert gazetteer.current_code(A) == NEW
    person = world.session.scalars(select(Person).where(Person.household_id == home.id)).first()
    assert person is not None
    line = world.session.scalars(
        select(LedgerChange).where(LedgerChange.record_id == person.id, LedgerChange.record_kind == "person")
        .order_by(LedgerChange.id.desc())
    ).first()  # fmt: skip
    assert line is not None
    assert (line.kind, line.before, line.after) == ("moved", {"region_code": A}, {"region_code": NEW})
    assert line.version == person.version == 2
    assert "耀政发" in line.reason


def test_a_past_day_shows_the_old_region(world: World) -> None:
    home = world.people_in(A)
    made_on = world.clock.today()
    world.clock.move(timedelta(days=3))
    world.change(NEW_CODE, A, NEW)
    home = world.session.get_one(Household, home.id)
    past = as_of(world.session, home, made_on)
    now = as_of(world.session, home, world.clock.today())
    assert past is not None
    assert now is not None
    assert past.fields["region_code"] == A
    assert now.fields["region_code"] == NEW


def test_after_a_merge_neither_officer_sees_the_other_village(world: World) -> None:
    world.people_in(A)
    world.people_in(B)
    world.change(MERGE, A, B)
    assert strays(world.session) == 0
    assert world.seen_by("villagea") == set()
    assert world.seen_by("villageb") == set()
    assert len(world.seen_by("town")) == 4
    assert len(world.seen_by("county1")) == 4


def test_the_approver_may_widen_a_role_by_name(world: World) -> None:
    world.people_in(A)
    world.people_in(B)
    keeps = world.grant_id("villageb", B)
    world.change(MERGE, A, B, confirm=[keeps])
    assert world.grants("villageb") == [("village_officer", B)]
    assert len(world.seen_by("villageb")) == 4
    assert world.grants("villagea") == []


def test_who_had_both_villages_keeps_them(world: World) -> None:
    world.people_in(A)
    world.people_in(B)
    world.give("villagea", Role.VILLAGE_OFFICER, B)
    before = world.seen_by("villagea")
    world.change(MERGE, A, B)
    assert world.seen_by("villagea") == before
    assert len(before) == 4


def test_who_had_both_but_one_only_until_tomorrow_does_not_keep_it_for_ever(world: World) -> None:
    world.people_in(A)
    world.people_in(B)
    grant = world.give("villageb", Role.VILLAGE_OFFICER, A)
    grant.valid_until = world.clock.now() + timedelta(days=1)
    world.session.flush()
    world.change(MERGE, A, B)
    world.clock.move(timedelta(days=2))
    assert world.seen_by("villageb") == set()


def test_a_village_that_goes_to_another_town_is_not_seen_there_unasked(world: World) -> None:
    world.people_in(A)
    world.people_in(FAR)
    new = f"{OTHER_TOWN}288"
    own = world.seen_by("villagea")
    change = world.prepare(TRANSFER, A, new)
    fates = region_changes.preview_of(world.session, world.actor("county2"), change, world.clock).fates
    assert [(fate.user_name, fate.shows_more) for fate in fates] == [("othertown", True), ("villagea", False)]
    world.approve(change)
    world.carry_out(change)
    assert world.seen_by("villagea") == own
    assert world.grants("othertown") == []
    assert world.grants("villagefar") == [("village_officer", FAR)]
    assert len(world.seen_by("county1")) == 4
    assert world.seen_by("town") == set()


def test_a_countys_own_code_is_the_administrators_affair(world: World) -> None:
    with pytest.raises(NotFound):
        world.prepare(RENAME, COUNTY, name="耀县")
    world.people_in(A)
    seen = world.seen_by("county1")
    change = world.change(NEW_CODE, COUNTY, "610288", "耀州新区", preparer="admin1", approver="admin2")
    assert change.manager_code == "610200"
    assert strays(world.session) == 0
    assert world.seen_by("county1") == seen != set()
    assert world.grants("villagea") == [("village_officer", "610288101201")]
    assert gazetteer.path_name("610288101201").startswith("陕西省铜川市耀州新区")
    assert gazetteer.search("耀州新区")[0].code == "610288"
    assert gazetteer.find(COUNTY) is None
    assert gazetteer.current_code(f"{A}") == "610288101201"
    assert gazetteer.scope_prefix("610288") == "610288"


def test_a_renamed_town_is_found_and_read_by_both_names(world: World) -> None:
    name = gazetteer.get(TOWN).name
    world.change(RENAME, TOWN, name="清河口镇")
    assert gazetteer.get(TOWN).name == "清河口镇"
    assert [one.code for one in gazetteer.search("qinghekou", within=COUNTY)] == [TOWN]
    assert world.session.get_one(Region, TOWN).initials == "qhkz"
    assert gazetteer.get(TOWN).name != name
    assert world.grants("town") == [("township_officer", TOWN)]


def test_towns_merged_keep_their_villages_apart(world: World) -> None:
    near, far = world.people_in(A), world.people_in(FAR)
    confirm = [world.grant_id("town", TOWN)]
    world.session.add(
        Region(code=f"{TOWN}203", level="village", name="另一个村", short_name="另一个", parent_code=TOWN,
               pinyin="", initials="", source="office")
    )  # fmt: skip
    # 610204103201 finds 610204101201 taken and is given the next free number.
    change = world.change(MERGE, OTHER_TOWN, TOWN, confirm=confirm)
    world.session.expire_all()
    assert world.session.get_one(Household, near.id).region_code == A
    moved = world.session.get_one(Household, far.id).region_code
    assert moved == f"{TOWN}204"
    assert world.grants("villagefar") == [("village_officer", moved)]
    assert len(world.seen_by("villagefar")) == 2
    assert len(world.seen_by("town")) == 4
    assert world.grants("othertown") == []
    assert gazetteer.current_code(FAR) == moved
    assert gazetteer.current_code(OTHER_TOWN) == TOWN
    assert gazetteer.current_code(f"{OTHER_TOWN}999") == TOWN
    world.undo(change)
    assert world.session.get_one(Household, far.id).region_code == FAR
    assert len(world.seen_by("town")) == 2
    assert world.grants("othertown") == [("township_officer", OTHER_TOWN)]


def test_postings_buses_and_offices_go_along(world: World) -> None:
    firm = verified_employer(world.session, world.clock, region_code=A)
    job = open_job(world.session, world.clock, firm, region_code=A, pickup=[A, B])
    world.change(NEW_CODE, A, NEW, "柳林新村")
    world.session.expire_all()
    job = world.session.get_one(JobPosting, job.id)
    assert (job.region_code, job.pickup) == (NEW, [B, NEW])
    assert job.office_code == NEW
    assert "柳 林 新 村" in job.search_text
    assert world.session.get_one(type(firm), firm.id).office_code == NEW


def test_the_task_waits_for_an_unfinished_import_and_then_goes_on(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher
) -> None:
    with database.write() as session:
        world = settle(session, clock, cipher)
        batch = ImportBatch(
            region_code=COUNTY,
            file_name="x.csv",
            file_hash="x",
            file_kind="csv",
            shape=LedgerShape.PERSONS,
            header_row=0,
            columns={},
            state=ImportState.PREVIEWED,
            created_at=clock.now(),
        )
        session.add(batch)
        session.flush()
        change_id = world.approve(world.prepare(MERGE, A, B)).id
    runner = TaskRunner(database, clock)
    assert runner.run_due() == 1
    with database.write() as session:
        change = session.get_one(RegionChange, change_id)
        assert change.state is RegionChangeState.APPROVED
        assert "导入还没办完" in change.trouble
        session.execute(update(ImportBatch).values(state=ImportState.DONE))
    clock.move(timedelta(minutes=11))
    assert runner.run_due() == 1
    with database.read() as session:
        change = session.get_one(RegionChange, change_id)
        assert (change.state, change.trouble) == (RegionChangeState.APPLIED, "")
        assert session.get_one(Region, A).moved_to == B
    assert session.scalars(select(Task.state)).all()


def test_a_forgotten_table_stops_every_change(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    change = world.prepare(RENAME, A, name="一村")
    world.approve(change)
    monkeypatch.setattr(holders, "missing_columns", lambda: ["new_table.region_code"])
    with pytest.raises(RuntimeError, match="new_table"):
        world.carry_out(change)


def test_ended_roles_stay_where_they_were_held(world: World) -> None:
    grant = world.session.get_one(RoleGrant, world.grant_id("villagea", A))
    grant.ended_at = world.clock.now()
    world.session.flush()
    world.change(NEW_CODE, A, NEW)
    assert world.session.get_one(RoleGrant, grant.id).region_code == A


def test_finding_people_still_works_after_a_towns_new_code(world: World) -> None:
    world.people_in(A)
    world.change(NEW_CODE, TOWN, "610204188")
    found, _ = finding.find_people(
        world.session, world.actor("county1"), "王小0", world.clock.today(), cipher=world.cipher, limit=5
    )
    assert {person.region_code for person in found} == {"610204188201"}
    assert world.grants("town") == [("township_officer", "610204188")]
    assert len(world.seen_by("town")) == 2
    preview = region_changes.preview(
        world.session, world.actor("county1"), Wish(RENAME, "610204188", "", "新名镇"), world.clock
    )
    assert preview.trouble is None


def test_sheets_with_old_codes_and_names_land_in_the_new_village(world: World) -> None:
    world.change(MERGE, A, B)
    reader = PlaceReader(COUNTY, lambda town: villages_by_town(world.session, town).get(town, {}))
    assert reader.read({"region_code": A}).code == B
    assert reader.read({"town": gazetteer.get(TOWN).name, "village": "柳树塬村"}).code == B
    world.change(NEW_CODE, TOWN, "610204188", "新河镇")
    reader = PlaceReader(COUNTY, lambda town: villages_by_town(world.session, town).get(town, {}))
    new = f"610204188{B[-3:]}"
    for said in ({"region_code": A}, {"region_code": B}, {"town": "新河镇", "village": "北塬村"}):
        assert reader.read(said).code == new
    assert reader.read({"region_code": TOWN}).code == "610204188"


def test_another_process_hears_of_it(database: RolledBackDatabase, world: World) -> None:
    world.change(RENAME, TOWN, name="清河口镇")
    gazetteer.amend(Amendments(0))  # as a process that has not looked yet
    with amendments.watching(database):
        assert gazetteer.get(TOWN).name == "清河口镇"


def test_an_old_list_of_villages_does_not_bring_a_merged_one_back(world: World) -> None:
    world.change(MERGE, A, B)
    (outcome,) = import_villages(world.session, [VillageIn(code=A, name="柳树塬村")])
    assert isinstance(outcome, RowProblem)
    assert B in outcome.reason
    with pytest.raises(VillageExists):
        add_village(world.session, A, "柳树塬村")
    assert world.session.get_one(Region, A).moved_to == B
