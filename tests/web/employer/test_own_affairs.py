"""The firm's own affairs on its pages: papers, colleagues, mandates; as a farm's boss and as an agency."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Mandate
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.employers.models import Employer
from app.employers.papers.models import EmployerPaper
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.team.queries import list_members
from app.jobs.models import JobEvent, JobPosting
from tests.employers.factories import verified_employer
from tests.employers.papers_given import photo
from tests.web.employer.firms import Boss, boss, hidden, session_given, sign_in, use_session, with_firm
from tests.web.markup import markup_faults


def see(client: TestClient, address: str) -> Response:
    page = client.get(address)
    assert page.status_code == 200, address
    assert markup_faults(page.text) == [], address
    return page


def send(browser: TestClient, page: Response, action: str, content: bytes, **typed: str) -> Response:
    return browser.post(
        f"{action}?{page.request.url.query.decode()}",
        data=hidden(page, action) | typed,
        files={"photo": ("a.jpg", content, "image/jpeg")},
    )


@pytest.fixture
def farm(session: Session, clock: FixedClock, cipher: FieldCipher) -> Boss:
    firm = verified_employer(session, clock, "惠家家庭农场", kind="family_farm", contact_phone="13900007788")
    return with_firm(session, clock, cipher, firm)


def firm_of(who: Boss) -> Employer:
    assert who.firm is not None
    return who.firm


def test_a_farmer_sends_in_the_village_proof(client: TestClient, session: Session, farm: Boss) -> None:
    sign_in(client, farm)
    home = see(client, "/employer")
    assert "/employer/firm" in home.text
    assert "村里的证明" in see(client, "/employer/firm").text
    page = see(client, "/employer/papers")
    typed = {"kind": "village_proof", "vouched_by": "村主任王桂兰", "vouched_on": "2026-11-20"}
    done = send(client, page, "/employer/papers", photo(), **typed)
    assert done.status_code == 303
    after = see(client, done.headers["location"])
    assert "村主任王桂兰证明的" in after.text
    paper = session.scalars(select(EmployerPaper)).one()
    shown = client.get(f"/employer/papers/{paper.id}/photo")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "typed", "words"),
    [
        (b"\xff\xd8\xff" + b"0" * 5_242_880, {}, "超过 5 MB"),
        (b"<svg onload=alert(1)></svg>", {}, "这不是照片"),
        (b"%PDF-1.7", {}, "这里只收照片"),
        (photo(), {"kind": ""}, "点一下是哪一种"),
        (photo(), {"expires_on": "2026-11-21"}, "已经过期了"),
        (photo(), {"expires_on": "明年"}, "2027-06-30"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_half_kept(
    client: TestClient, session: Session, farm: Boss, content: bytes, typed: dict[str, str], words: str
) -> None:
    sign_in(client, farm)
    page = see(client, "/employer/papers")
    answer = send(client, page, "/employer/papers", content, **({"kind": "licence"} | typed))
    assert answer.status_code == 422
    assert words in answer.text
    assert markup_faults(answer.text) == []
    assert session.scalars(select(EmployerPaper)).all() == []


def test_a_monster_is_refused_before_it_is_read(client: TestClient, farm: Boss) -> None:
    sign_in(client, farm)
    page = see(client, "/employer/papers")
    answer = send(client, page, "/employer/papers", b"0" * 16_000_000, kind="licence")
    assert answer.status_code == 413
    assert "5 MB" in answer.text


def test_a_colleague_is_asked_and_comes_in(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher, farm: Boss
) -> None:
    sign_in(client, farm)
    page = see(client, "/employer/members")
    form = hidden(page, "/employer/members")
    typed = {"name": "小李", "phone": "13900006622", "role": "recruiter"}
    wrong = client.post("/employer/members", data=form | typed | {"phone": "139", "step": "invite"})
    assert wrong.status_code == 422
    assert "数一数" in wrong.text
    assert client.post("/employer/members", data=form | typed | {"step": "invite"}).status_code == 303
    assert "小李" in see(client, "/employer/members").text
    friend = boss(session, clock, cipher, phone="13900006622")
    sign_in(client, friend)
    assert "惠家家庭农场请你一起招人" in see(client, "/employer").text
    asked = see(client, "/employer/invitations")
    answer = client.post(
        "/employer/invitations", data=hidden(asked, "/employer/invitations") | {"step": "yes"}
    )
    use_session(client, session_given(answer))
    home = see(client, answer.headers["location"])
    assert "惠家家庭农场" in home.text
    assert len(list_members(session, firm_of(farm).id, clock.now())) == 2
    assert "请人、收回，要负责人来办" in see(client, "/employer/members").text


def test_the_last_owner_is_told_why_not(client: TestClient, farm: Boss) -> None:
    sign_in(client, farm)
    page = see(client, "/employer/members")
    grant = re.findall(r'name=id value="(\d+)"', page.text)[0]
    form = hidden(page, "/employer/members") | {"step": "remove", "id": grant}
    answer = client.post("/employer/members", data=form)
    assert answer.status_code == 409
    assert "不能没有负责人" in answer.text


def test_an_agency_posts_for_a_farm_that_agreed(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher, farm: Boss
) -> None:
    firm = verified_employer(session, clock, "耀州顺达劳务", kind="agency")
    agent = boss(session, clock, cipher, firm=firm, phone="13900008811")
    sign_in(client, agent)
    page = see(client, "/employer/mandates")
    until = (clock.today() + timedelta(days=60)).isoformat()
    wrong = send(client, page, "/employer/mandates", photo(), client="没有这家", until_on=until)
    assert "没找到这家单位" in wrong.text
    done = send(client, page, "/employer/mandates", photo(), client="惠家家庭农场", until_on=until)
    assert done.status_code == 303
    assert "等点头" in see(client, done.headers["location"]).text
    mandate = session.scalars(select(Mandate)).one()
    sign_in(client, farm)
    asked = see(client, "/employer/mandates")
    assert "耀州顺达劳务" in asked.text
    assert client.get(f"/employer/papers/{mandate.paper_id}/photo").status_code == 200
    answer = f"/employer/mandates/{mandate.id}"
    assert client.post(answer, data=hidden(asked, answer) | {"step": "yes"}).status_code == 303
    sign_in(client, agent)
    held = see(client, "/employer/mandates")
    front = f"/employer?firm={firm_of(farm).id}"
    assert front in held.text
    assert "惠家家庭农场" in see(client, front).text
    form = see(client, "/employer/post")  # the firm in front is remembered
    typed = {"title": "苹果套袋", "openings": "5", "low": "130", "unit": "day", "step": "show"}
    shown = client.post("/employer/post", data=hidden(form, "/employer/post") | typed)
    sent = client.post("/employer/post", data=hidden(shown, "/employer/post") | {"step": "send"})
    assert sent.status_code == 303
    job = session.scalars(select(JobPosting)).one()
    assert job.employer_id == firm_of(farm).id
    assert set(session.scalars(select(JobEvent.mandate_id))) == {mandate.id}
    for own in ("/employer/papers", "/employer/members"):
        assert "惠家家庭农场" not in see(client, own).text


def test_a_sent_back_paper_says_why(
    client: TestClient, session: Session, clock: FixedClock, farm: Boss
) -> None:
    session.add(
        EmployerPaper(
            employer_id=firm_of(farm).id,
            kind=PaperKind.LICENCE,
            state=PaperState.SENT_BACK,
            reason="照片反光，字看不清",
            picture_bytes=1,
            uploaded_at=clock.now(),
        )
    )
    session.flush()
    sign_in(client, farm)
    assert "照片反光，字看不清" in see(client, "/employer/papers").text
