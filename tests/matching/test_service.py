"""Ranking stored postings, through the service and over HTTP, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.errors import Invalid
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.matching import queries, service
from app.matching.schemas import RankingOut, SeekerProfile
from app.regions.errors import UnknownRegion
from app.regions.models import Region
from tests.employers.factories import (
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    pending_employer,
    verified_employer,
)
from tests.jobs.factories import open_job, put_in_state


@pytest.fixture
def factory(session: Session, clock: FixedClock) -> Employer:
    return verified_employer(session, clock)


def rank(
    session: Session, clock: FixedClock, limit: int = 20, cursor: str | None = None, **profile: Any
) -> RankingOut:
    asked = SeekerProfile.model_validate({"region_code": VILLAGE, "travel": "county"} | profile)
    return service.match_profile(session, asked, clock.today(), limit=limit, cursor=cursor)


def test_the_known_trade_nearby_comes_first_with_reasons(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    far = open_job(session, clock, factory, region_code=OTHER_TOWN, title="缝纫工", skills=["缝纫"])
    near = open_job(session, clock, factory, title="平车工", skills=["缝纫"], board=True)
    other = open_job(session, clock, factory, title="电焊工", skills=["电焊"])
    ranking = rank(session, clock, skills=["会踩缝纫机"], age=40)
    assert [match.job.id for match in ranking.items] == [near.id, far.id, other.id]
    assert ranking.items[0].reasons == ["你会缝纫", "就在本镇", "管饭"]
    assert ranking.items[0].verdict_label == "很合适"
    assert ranking.items[2].gaps == ["要会电焊"]
    assert ranking.total == 3
    assert ranking.excluded == {}
    assert ranking.understood.skills[0].label == "缝纫"


def test_left_out_postings_are_counted_by_reason(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    open_job(session, clock, factory, title="叉车工", certificates=["叉车证"])
    open_job(session, clock, factory, region_code=OTHER_COUNTY, title="保洁员")
    open_job(session, clock, factory, title="夜班保安", demands=["night"])
    filled = open_job(session, clock, factory, title="收银员", openings=1)
    filled.filled = 1
    put_in_state(session, filled, JobState.FILLED)
    ranking = rank(session, clock, limits=["night"])
    assert ranking.total == 0
    assert ranking.excluded == {"full": 1, "certificate": 1, "limits": 1, "reach": 1}
    assert {reason.label for reason in ranking.excluded_reasons} >= {"人招满了", "比你说的远，或是你说了不去"}
    assert [miss.text for miss in ranking.near_misses] == ["愿意去本市，多出 1 个", "有了叉车证，多出 1 个"]


def test_what_the_public_may_not_see_is_neither_ranked_nor_counted(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    for state in (JobState.DRAFT, JobState.REVIEW, JobState.PAUSED, JobState.CLOSED, JobState.REJECTED):
        put_in_state(session, open_job(session, clock, factory, title=f"缝纫工{state.value}"), state)
    late = open_job(session, clock, factory, title="过期的活")
    late.valid_until = clock.today() - timedelta(days=1)
    newcomer = pending_employer(session, clock)
    put_in_state(session, open_job(session, clock, newcomer, title="没核验的活"), JobState.OPEN)
    session.flush()
    ranking = rank(session, clock)
    assert (ranking.total, ranking.excluded) == (0, {})


def test_a_muted_employer_s_postings_are_left_out(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    open_job(session, clock, factory)
    factory.muted_until = clock.today()
    session.flush()
    assert rank(session, clock).excluded == {"employer": 1}
    factory.muted_until = clock.today() - timedelta(days=1)
    session.flush()
    assert rank(session, clock).total == 1


def test_pages_neither_repeat_nor_lose_a_posting(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    ids = {open_job(session, clock, factory, title=f"缝纫工{n}号").id for n in range(7)}
    seen: list[int] = []
    cursor: str | None = None
    for _ in range(5):
        page = rank(session, clock, limit=3, cursor=cursor)
        seen += [match.job.id for match in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(ids)
    assert set(seen) == ids


def test_a_changed_posting_is_in_the_next_answer(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    job = open_job(session, clock, factory)
    assert rank(session, clock).total == 1
    job.age_max = 30
    session.flush()
    assert rank(session, clock, age=40).excluded == {"age": 1}


def test_a_village_with_a_point_of_its_own_is_measured_from_there(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    open_job(session, clock, factory, lng=109.02, lat=34.98)
    village = session.get(Region, VILLAGE)
    assert village is not None
    village.x, village.y = 352_187, -105_253
    session.flush()
    match = rank(session, clock).items[0]
    assert match.distance_km == pytest.approx(7.6, abs=0.5)
    assert match.reasons[-1].startswith("离家大约 ")


def test_an_address_narrows_a_posting_known_only_by_its_county(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    open_job(session, clock, factory, region_code="610204", address="耀州区董家河镇工业街 8 号")
    assert rank(session, clock, travel="township").total == 1
    open_job(session, clock, factory, region_code="610204", title="另一个")
    assert rank(session, clock, travel="township").excluded == {"reach": 1}


def test_unknown_home_and_bad_cursor_are_told(session: Session, clock: FixedClock) -> None:
    with pytest.raises(UnknownRegion):
        rank(session, clock, region_code="999999")
    with pytest.raises(Invalid):
        rank(session, clock, cursor="bm9uc2Vuc2U")
    with pytest.raises(Invalid):
        rank(session, clock, cursor="WyJ4IiwieSIsInoiXQ")


def test_an_old_county_code_still_finds_home(session: Session, clock: FixedClock, factory: Employer) -> None:
    open_job(session, clock, factory)
    assert rank(session, clock, region_code="610204").total == 1


def test_stored_rows_and_scenes_share_one_reader(
    session: Session, clock: FixedClock, factory: Employer
) -> None:
    job: JobPosting = open_job(session, clock, factory, skills=["缝纫"], pickup=[OTHER_TOWN], shifts=["day"])
    facts = queries.list_live_postings(session, clock.today())[0]
    assert (facts.id, facts.skills, facts.pickup) == (job.id, ("sewing",), (OTHER_TOWN,))
    assert (facts.pay_min, facts.pay_max) == (3_000_00 * 12, 4_500_00 * 12)
    assert facts.region_scope == TOWN


class TestOverHttp:
    """POST /matches/jobs."""

    def test_it_answers_as_the_contract_says(
        self, client: TestClient, session: Session, clock: FixedClock, factory: Employer
    ) -> None:
        open_job(session, clock, factory, skills=["缝纫"])
        session.commit()
        body = {
            "region_code": VILLAGE,
            "class": "ordinary",
            "skills": ["缝纫"],
            "education": "junior",
            "age": 44,
        }
        answer = client.post("/api/v1/matches/jobs?limit=5", json=body)
        assert answer.status_code == 200
        ranking = answer.json()
        match = ranking["items"][0]
        assert set(match) >= {"job", "score", "distance_km", "parts", "reasons", "gaps"}
        assert set(match["parts"]) >= {
            "skill",
            "place",
            "wage",
            "occupation",
            "answers",
            "freshness",
            "fair_share",
        }
        assert 0 <= match["score"] <= 100
        assert match["job"]["employer"]["name"] == "耀州红星制衣"
        assert ranking["formula"]
        assert ranking["excluded"] == {}
        assert ranking["next"] is None

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 422),
            ({"region_code": VILLAGE, "sex": "female"}, 422),
            ({"region_code": VILLAGE, "travel": "moon"}, 422),
            ({"region_code": VILLAGE, "age": -1}, 422),
            ({"region_code": VILLAGE, "lng": 109.0}, 422),
            ({"region_code": VILLAGE, "skills": ["x" * 61]}, 422),
            ({"region_code": "999999"}, 404),
            ({"region_code": VILLAGE, "wage_floor_fen": -5}, 422),
        ],
    )
    def test_bad_profiles_are_refused(self, client: TestClient, body: dict[str, Any], status: int) -> None:
        answer = client.post("/api/v1/matches/jobs", json=body)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("application/problem+json")
