"""A posting as a slip: what is said of place, bus and tag, from the reader's own place."""

import pytest

from app.employers.models import Employer
from app.employers.terms import EmployerKind
from app.jobs.models import JobPosting
from app.web.formats import distance_words
from app.web.languages import languages
from app.web.portal.cards import bus_comes, hints_of, tag_of, where_of
from app.web.portal.places import Place

ZH = languages()["zh-Hans"]
VILLAGE = Place("610204107200", "柳树塬村", "小丘镇", "", (0, 0), point_is_own=True)
TOWN = Place("610204107", "小丘镇", "耀州区", "", (0, 0))
COUNTY = Place("610204", "耀州区", "铜川市", "", (0, 0))


def job(**columns: object) -> JobPosting:
    employer = Employer(kind=columns.pop("kind", EmployerKind.ENTERPRISE))
    plain: dict[str, object] = {
        "region_code": "610204103",
        "x": 6000,
        "y": 0,
        "point_is_exact": True,
        "pickup": [],
        "certificates": [],
        "suits": [],
    }
    return JobPosting(employer=employer, **(plain | columns))


@pytest.mark.parametrize(
    ("place", "columns", "words"),
    [
        (VILLAGE, {}, "离家 6 公里"),
        (VILLAGE, {"point_is_exact": False}, "离家大约 6 公里"),
        (VILLAGE, {"region_code": "610204107200", "x": 0}, "就在本村"),
        (VILLAGE, {"region_code": "610204107", "x": 300, "point_is_exact": False}, "就在本镇"),
        (VILLAGE, {"region_code": "610204", "point_is_exact": False}, "在耀州区"),
        (VILLAGE, {"x": None, "y": None}, "在瑶曲镇"),
        (TOWN, {}, "离这里大约 6 公里"),
        (COUNTY, {}, "在瑶曲镇"),
        (None, {}, "在瑶曲镇"),
    ],
)
def test_how_far(place: Place | None, columns: dict[str, object], words: str) -> None:
    assert distance_words(ZH, where_of(job(**columns), place)) == words


@pytest.mark.parametrize(
    ("place", "stops", "comes"),
    [
        (VILLAGE, ["610204107"], True),
        (VILLAGE, ["610204107200"], True),
        (VILLAGE, ["610204"], True),
        (VILLAGE, ["610204103"], False),
        (VILLAGE, [], False),
        (TOWN, ["610204107200"], True),
        (COUNTY, ["610204107200"], True),
        (COUNTY, ["610203"], False),
        (None, ["610203"], True),
    ],
)
def test_a_bus_that_goes_elsewhere_is_no_bus(place: Place | None, stops: list[str], comes: bool) -> None:
    assert bus_comes(job(pickup=stops), place) is comes


def test_one_tag_at_most() -> None:
    assert tag_of(job(kind=EmployerKind.PUBLIC_WELFARE, suits=["home_work"]), ZH) == "公益岗"
    assert tag_of(job(suits=["home_work", "care_hours"]), ZH) == "能拿回家干"
    assert tag_of(job(suits=["care_hours"]), ZH) == "能接送娃"
    assert tag_of(job(), ZH) == ""


@pytest.mark.parametrize(
    ("hours", "openings", "filled", "applicants", "hints"),
    [
        (20, 8, 1, 1, ("还缺 7 人", "回话快", "报的人少")),
        (25, 8, 0, 2, ("还缺 8 人", "报的人少")),
        (None, 8, 0, 3, ("还缺 8 人",)),
        (None, 4, 0, 0, ("还缺 4 人",)),
    ],
)
def test_hints_are_said_where_they_are_known(
    hours: int | None, openings: int, filled: int, applicants: int, hints: tuple[str, ...]
) -> None:
    posting = job(openings=openings, filled=filled, applicants=applicants)
    posting.employer.median_answer_hours = hours
    assert hints_of(posting, ZH) == hints
