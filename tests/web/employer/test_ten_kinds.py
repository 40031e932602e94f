"""Ten kinds of employers from the registration to the answer; and what is typed wrongly leaves nothing."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Base
from app.employers import service as employer_service
from app.employers.membership import KINDS_WITH_CODE
from app.employers.models import Employer
from app.employers.rules import credit_check_sign
from app.employers.terms import EmployerAction, EmployerKind
from app.jobs import service as job_service
from app.jobs.models import JobPosting
from app.jobs.terms import JobAction, JobState
from app.referrals.terms import ReferralState
from tests.employers.factories import TOWN, county_officer, plant_regions
from tests.referrals.situations import Scene
from tests.web.employer.firms import Boss, boss, hidden, session_given, sign_in, use_session

CODE17 = "91610204MA6X00001"
WORK = {
    EmployerKind.ENTERPRISE: "缝纫工",
    EmployerKind.COMMUNITY_FACTORY: "锁边工",
    EmployerKind.WORKSHOP: "手工组装工",
    EmployerKind.PARK: "普工",
    EmployerKind.FAMILY_FARM: "摘苹果",
    EmployerKind.COOPERATIVE: "大棚采摘工",
    EmployerKind.PROJECT: "钢筋工",
    EmployerKind.PUBLIC_WELFARE: "乡村保洁员",
    EmployerKind.AGENCY: "分拣员",
    EmployerKind.INDIVIDUAL: "饭店服务员",
}


def register(client: TestClient, kind: EmployerKind) -> Response:
    page = client.get(f"/employer?at={TOWN}")
    typed = {
        "name": "石柱红旗",
        "kind": kind.value,
        "place": "董家河镇",
        "region_code": TOWN,
        "contact_name": "陈厂长",
        "contact_phone": "13900007788",
        "credit_code": CODE17 + credit_check_sign(CODE17) if kind in KINDS_WITH_CODE else "",
    }
    return client.post("/employer/join", data=hidden(page, "/employer/join") | typed)


def post(client: TestClient, typed: dict[str, str], step: str = "show") -> Response:
    usual = {"openings": "2", "low": "2600", "high": "3000", "unit": "month", "shift": "day"}
    usual |= {"profile": "long", "region_code": TOWN, "education": "none", "step": step}
    form = hidden(client.get("/employer/post"), "/employer/post")
    return client.post("/employer/post", data=form | usual | typed)


@pytest.mark.parametrize("kind", list(EmployerKind))
def test_from_the_registration_to_the_answer(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher, kind: EmployerKind
) -> None:
    plant_regions(session)
    who = boss(session, clock, cipher)
    sign_in(client, who)
    registered = register(client, kind)
    assert registered.status_code == 303, registered.text[-600:]
    token = session_given(registered)
    use_session(client, token)
    firm = session.scalars(select(Employer)).one()

    shown = post(client, {"title": WORK[kind]})
    sent = client.post("/employer/post", data=hidden(shown, "/employer/post") | {"step": "send"})
    assert sent.status_code == 303, sent.text[-600:]
    job = session.scalars(select(JobPosting)).one()
    assert job.state is JobState.REVIEW
    assert not [found for found in job.findings if found["severity"] == "block"]
    assert client.get(f"/jobs/{job.id}").status_code == 404, "nobody sees it yet"

    employer_service.act_on_employer(session, county_officer(), firm.id, EmployerAction.VERIFY, clock)
    second = county_officer(user_id=2)
    job = job_service.act_on_job(session, second, job.id, JobAction.APPROVE, clock)
    assert job.state is JobState.OPEN
    page = client.get(f"/jobs/{job.id}")
    assert page.status_code == 200
    assert WORK[kind] in page.text

    scene = Scene(session, cipher, clock)
    person = scene.neighbour(welfare_eligible=kind is EmployerKind.PUBLIC_WELFARE)
    referral = scene.at("submitted", person=person, job=job)
    actor = Actor(who.user_id, "陈厂长", (Grant(Role.EMPLOYER, employer_id=firm.id),))
    home = client.get("/employer")
    assert "1 个人等你回话" in home.text
    assert "送来 1 人" in home.text, "how the posting fares stands on the firm's home"
    answered = scene.act(referral, actor, "pool")
    assert answered.state is ReferralState.POOLED
    assert "没有人等你回话" in client.get("/employer").text


# ---------------------------------------------------------------- bad input
def rows_of_all_tables(session: Session) -> dict[str, int]:
    session.flush()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        # A request's own bookkeeping: sessions seen, limits counted.
        if table.name not in ("login_sessions", "rate_limits", "rate_limit_hits")
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"low": "300", "high": "400"}, ""),  # under the minimum: shown on the preview, nothing is stored
        ({"valid_until": "2020-01-01"}, "截止日期已经过了"),
        ({"openings": "0"}, "人数要在 1 到 10,000 之间"),
        ({"openings": "100000"}, "人数要在 1 到 10,000 之间"),
        ({"title": "<script>alert(1)</script>", "openings": ""}, "写上要几个人"),
        ({"low": "=1+1"}, "钱数只写数"),
    ],
)
def test_what_is_typed_wrongly_leaves_nothing(
    client: TestClient, session: Session, own: Boss, typed: dict[str, str], words: str
) -> None:
    sign_in(client, own)
    client.get("/employer/post")
    before = rows_of_all_tables(session)
    answer = post(client, {"title": "缝纫工"} | typed)
    assert answer.status_code == (422 if words else 200)
    assert words in answer.text
    assert "<script>alert" not in answer.text
    assert rows_of_all_tables(session) == before


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"openings": 0}, 422, "openings"),
        ({"openings": 100_000}, 422, "openings"),
        ({"valid_until": "2020-01-01"}, 422, "截止日期已经过了"),
        ({"wage": {"min_fen": 500000, "max_fen": 1, "unit": "month"}}, 422, "最低工资比最高工资还高"),
        ({"wage": {"min_fen": 500000}}, 422, "请选按月"),
        ({"title": ""}, 422, "title"),
        ({"region_code": "999999"}, 422, "没有这个地区"),
        ({"photo": "x" * 100}, 422, "photo"),
    ],
)
def test_over_the_api_too(
    client: TestClient, session: Session, own: Boss, changes: dict[str, Any], status: int, words: str
) -> None:
    sign_in(client, own)
    assert own.firm is not None
    page = client.get("/employer/post")
    before = rows_of_all_tables(session)
    form = {"employer_id": own.firm.id, "title": "缝纫工", "region_code": TOWN, "openings": 3}
    headers = {"X-CSRF-Token": hidden(page)["csrf_token"], "Origin": "http://testserver"}
    answer = client.post("/api/v1/jobs", json=form | changes, headers=headers)
    assert answer.status_code == status, answer.text
    assert words in answer.text
    assert rows_of_all_tables(session) == before


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("岗位.xlsx", b"PK\x03\x04 broken", ""),
        ("照片.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", ""),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + b"0" * 5_000_000, "2 MB"),
    ],
)
def test_a_photo_is_no_list_of_vacancies(
    client: TestClient, session: Session, own: Boss, name: str, body: bytes, words: str
) -> None:
    sign_in(client, own)
    page = client.get("/employer/batch")
    before = rows_of_all_tables(session)
    answer = client.post(
        "/employer/batch",
        data={"csrf_token": hidden(page)["csrf_token"]},
        files={"file": (name, body, "application/octet-stream")},
    )
    assert answer.status_code == 422
    assert "note stop" in answer.text
    assert words in answer.text
    assert rows_of_all_tables(session) == before
