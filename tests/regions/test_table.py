"""The table of regions: loading, villages, searching and the API, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import Base, Database
from app.core.settings import Settings
from app.core.sheets.importing import RowOutcome, RowProblem
from app.main import create_app
from app.regions import gazetteer, queries, service
from app.regions.errors import BadVillageCode, UnknownRegion, VillageExists
from app.regions.models import Region
from app.regions.projection import unproject
from app.regions.schemas import VillageIn
from app.regions.service import LoadedDivisions
from app.regions.terms import Level, RegionSource
from app.seekers.changes import PersonChange
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings

TOWN = "610204001"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    if request.param == "sqlite":
        yield make_settings(f"sqlite:///{tmp_path_factory.mktemp('regions') / 'regions.db'}")
        return
    url = request.getfixturevalue("postgres_url")
    yield make_settings(create_postgres_database(url, "regions_only"))
    drop_postgres_database(url, "regions_only")


@pytest.fixture(scope="module")
def database(settings: Settings) -> Iterator[Database]:
    """Only this table and what follows it, filled once; the tests below undo what they add."""
    database = Database(settings)
    tables = [Region.__table__, PersonChange.__table__]
    Base.metadata.create_all(database.writer, tables=tables)  # type: ignore[arg-type]
    with database.write() as session:
        loaded = service.load_reference_divisions(session)
    assert loaded == LoadedDivisions(created=43_074, updated=0)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with Session(database.writer) as session:
        yield session
        session.rollback()


def test_loading_again_changes_nothing_and_repairs_what_differs(session: Session) -> None:
    assert service.load_reference_divisions(session) == LoadedDivisions(0, 0)
    queries.get_region(session, "610204").name = "耀县"
    session.flush()
    assert service.load_reference_divisions(session) == LoadedDivisions(0, 1)
    session.expire_all()
    assert queries.get_region(session, "610204").name == "耀州区"
    assert session.scalar(select(func.count()).select_from(Region)) == 43_074


def test_a_village_stands_below_its_town(session: Session) -> None:
    village = service.add_village(session, "610204001201", " 五里 村 ", point=(1, 2))
    assert (village.level, village.parent_code, village.name) == (Level.VILLAGE, TOWN, "五里村")
    assert (village.short_name, village.pinyin, village.initials) == ("五里", "wulicun", "wlc")
    assert service.add_village(session, "610204001201", "五里村") is village
    with pytest.raises(VillageExists):
        service.add_village(session, "610204001201", "六里村")
    children, following = queries.list_children(session, TOWN, limit=10)
    assert ([child.code for child in children], following) == (["610204001201"], None)


@pytest.mark.parametrize(
    ("code", "name", "error"),
    [
        ("610204999201", "五里村", UnknownRegion),
        ("61020400120", "五里村", BadVillageCode),
        ("610204001000", "五里村", BadVillageCode),
        ("61020400120一", "五里村", BadVillageCode),
        ("610204001201", "  ", BadVillageCode),
    ],
)
def test_bad_villages_are_refused(session: Session, code: str, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        service.add_village(session, code, name)


def test_import_counts_every_row_once(session: Session) -> None:
    service.add_village(session, "610204001201", "五里村")
    rows = [
        VillageIn(code="610204001201", name="五里村"),
        VillageIn(code="610204001202", name="下高埝村", lng=108.9, lat=34.9),
        VillageIn(code="610204001202", name="下高埝新村"),
        VillageIn(code="999999001202", name="没有的村"),
        VillageIn(code="610204001000", name="不是村"),
    ]
    result = service.import_villages(session, rows)
    assert result[:3] == [RowOutcome.UNCHANGED, RowOutcome.CREATED, RowOutcome.UPDATED]
    assert all(isinstance(refused, RowProblem) for refused in result[3:])
    village = queries.get_region(session, "610204001202")
    assert village.name == "下高埝新村"
    assert village.x is not None
    assert village.y is not None
    assert unproject(village.x, village.y) == pytest.approx((108.9, 34.9), abs=1e-4)


def test_a_village_can_be_renamed_and_retired_but_a_county_can_not(session: Session) -> None:
    from_office = service.add_village(session, "610204001201", "五里村")
    service.rename_village(session, "610204001201", "五里社区")
    assert (from_office.name, from_office.short_name) == ("五里社区", "五里")
    service.retire_village(session, "610204001201", TODAY)
    assert queries.list_children(session, TOWN, limit=10) == ([], None)
    assert queries.find_region(session, "610204001201") is not None
    with pytest.raises(UnknownRegion):
        service.rename_village(session, "610204", "耀县")
    with pytest.raises(UnknownRegion):
        service.retire_village(session, "610204", TODAY)


def test_search_finds_built_in_places_and_villages(session: Session) -> None:
    service.add_village(session, "610204001201", "耀州五里村")
    found, _ = queries.search_regions(session, "耀州", limit=10)
    assert [(region.code, region.source) for region in found] == [
        ("610204", RegionSource.BUILTIN),
        ("610204001201", RegionSource.OFFICE),
    ]
    assert queries.search_regions(session, "yzwlc", limit=10)[0][0].code == "610204001201"
    assert queries.search_regions(session, "耀州五", within="340000", limit=10) == ([], None)
    assert queries.search_regions(session, "100%", limit=10) == ([], None)


def test_search_pages_without_gap_or_repeat(session: Session) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page, cursor = queries.search_regions(session, "城关镇", limit=7, cursor=cursor)
        seen += [region.code for region in page]
        if cursor is None:
            break
    expected = [division.code for division in gazetteer.search("城关镇", limit=500)]
    assert seen == expected


@pytest.fixture
def client(database: Database, settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, database=Database(settings))
    with TestClient(app) as client:
        yield client


def test_api_walks_down_the_tree(client: TestClient) -> None:
    provinces = client.get("/api/v1/regions").json()
    assert len(provinces["items"]) == 34
    cities = client.get("/api/v1/regions", params={"parent": "610000"}).json()["items"]
    tongchuan = next(city for city in cities if city["code"] == "610200")
    assert tongchuan["path"] == "陕西省铜川市"
    assert tongchuan["children_count"] == 4
    first = client.get("/api/v1/regions", params={"parent": "610200", "limit": 3}).json()
    rest = client.get(
        "/api/v1/regions", params={"parent": "610200", "limit": 3, "cursor": first["next"]}
    ).json()
    assert [item["code"] for item in first["items"] + rest["items"]] == [
        "610202",
        "610203",
        "610204",
        "610222",
    ]
    assert rest["next"] is None


def test_api_shows_one_place(client: TestClient) -> None:
    place = client.get("/api/v1/regions/441900").json()
    assert (place["level"], place["levels"], place["parent_code"]) == ("county", ["city", "county"], "440000")
    assert [step["code"] for step in place["ancestors"]] == ["440000", "441900"]
    assert place["lng"] == pytest.approx(113.75, abs=0.3)
    assert place["lat"] == pytest.approx(23.0, abs=0.3)


def test_api_searches(client: TestClient) -> None:
    found = client.get("/api/v1/regions", params={"q": "yzq", "parent": "610000"}).json()["items"]
    assert [item["code"] for item in found] == ["610204"]
    assert client.get("/api/v1/regions", params={"q": "没有的地方"}).json() == {"items": [], "next": None}


@pytest.mark.parametrize("parameters", [{"parent": "999999"}, {"q": "耀州", "parent": "999999"}])
def test_api_tells_an_unknown_parent(client: TestClient, parameters: dict[str, str]) -> None:
    answer = client.get("/api/v1/regions", params=parameters)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "unknown_region"
    assert client.get("/api/v1/regions/999999").status_code == 404


@pytest.mark.parametrize(
    "parameters", [{"parent": "61"}, {"limit": "101"}, {"q": "城关", "cursor": "WyJhIl0"}]
)
def test_api_refuses_what_makes_no_sense(client: TestClient, parameters: dict[str, str]) -> None:
    assert client.get("/api/v1/regions", params=parameters).status_code == 422
