"""What a scan opens: each kind names its place and officer; what is made up, called back or over is explained
with a way on; scans are counted and readers are not."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.codes import letters, service
from app.codes.models import CodeScan, IssuedCode
from app.codes.schemas import NewCode
from app.codes.signing import PrintedCode, make_code, numbered
from app.codes.terms import CodeKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs.models import JobPosting
from app.seekers.models import Person
from tests.employers.factories import TOWN, VILLAGE
from tests.seekers.factories import add_users, household, seeker, township_officer
from tests.web.board import OFFICER, hang_board
from tests.web.markup import markup_faults

CAMERA = {"user-agent": "Mozilla/5.0 (Linux; Android 10) MicroMessenger/7.0.20"}
TOWNSHIP = township_officer(TOWN, 77)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def jobs(session: Session, clock: FixedClock) -> dict[str, JobPosting]:
    found = hang_board(session, clock)
    add_users(session, clock, TOWNSHIP)
    return found


@pytest.fixture
def address(shared_settings: Settings) -> "Address":
    return Address(shared_settings.secret_key.get_secret_value())


class Address:
    def __init__(self, key: str) -> None:
        self.key = key

    def of(self, kind: CodeKind, number: int | str) -> str:
        digits = number if isinstance(number, str) else numbered(kind, number).digits
        return f"/q/{make_code(self.key, kind, digits)}"


def issue(session: Session, clock: FixedClock, cipher: FieldCipher, **fields: object) -> IssuedCode:
    data = NewCode.model_validate({"region_code": VILLAGE} | fields)
    return service.issue_code(session, TOWNSHIP, data, cipher=cipher, clock=clock)


def see(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=CAMERA)
    assert answer.status_code == status
    assert "location" not in answer.headers
    assert set(markup_faults(answer.text)) <= {"a script"}
    assert len(answer.content) < 40_000
    return answer.text


def scans(client: TestClient, session: Session) -> dict[str, int]:
    client.app.state.scans.flush()  # type: ignore[attr-defined]
    session.expire_all()
    return {f"{row.kind} {int(row.digits)}": row.scans for row in session.scalars(select(CodeScan))}


def test_every_kind_names_the_place_and_its_officer(
    session: Session,
    clock: FixedClock,
    client: TestClient,
    cipher: FieldCipher,
    address: Address,
    jobs: dict[str, JobPosting],
) -> None:
    poster = issue(session, clock, cipher, kind="poster", spot="村委会门口", hung_by="王桂兰")
    fair = issue(
        session, clock, cipher, kind="fair", title="春风招聘会", held_on=clock.today(), spot="镇政府"
    )
    market = issue(session, clock, cipher, kind="campaign", title="十月会")
    welfare = jobs["welfare"]
    for kind, number, words in (
        (CodeKind.VILLAGE, VILLAGE, ()),
        (CodeKind.POSTER, poster.id, ("贴在村委会门口", "王桂兰贴的")),
        (CodeKind.FAIR, fair.id, ("春风招聘会", "11 月 22 日开，在镇政府")),
        (CodeKind.CAMPAIGN, market.id, ("十月会",)),
        (CodeKind.POSTING, welfare.id, ("村道保洁",)),
        (CodeKind.EMPLOYER, welfare.employer_id, ("石柱原村村委会", "村道保洁", "核验过")),
    ):
        client.cookies.clear()
        page = see(client, address.of(kind, number))
        for word in (*words, "石柱原村", OFFICER, "139 0000 2041"):
            assert word in page, (kind, word)


def test_a_made_up_code_is_told_so(
    session: Session, client: TestClient, address: Address, jobs: dict[str, JobPosting]
) -> None:
    true = address.of(CodeKind.VILLAGE, VILLAGE)
    unknown = (
        true[:-1] + ("a" if true[-1] != "a" else "b"),
        address.of(CodeKind.POSTER, 987_654),
        address.of(CodeKind.POSTING, 987_654),
        address.of(CodeKind.VILLAGE, "999999999999"),
    )
    for path in unknown:
        page = see(client, path, 404)
        assert "不是我们发的码" in page
        assert 'href="/place"' in page
    assert scans(client, session) == {}


def test_what_was_called_back_or_is_over_says_why_and_leads_on(
    session: Session,
    clock: FixedClock,
    client: TestClient,
    cipher: FieldCipher,
    address: Address,
    jobs: dict[str, JobPosting],
) -> None:
    poster = issue(session, clock, cipher, kind="poster")
    fair = issue(session, clock, cipher, kind="fair", title="春风招聘会", held_on=clock.today())
    village = PrintedCode(CodeKind.VILLAGE, VILLAGE)
    service.recall_posters(session, TOWNSHIP, TOWN, "有人贴了假码", cipher=cipher, clock=clock)
    service.recall_code(session, TOWNSHIP, village, "", "网址换了新的", cipher=cipher, clock=clock)
    clock.move(timedelta(days=1))
    for path, words in (
        (address.of(CodeKind.POSTER, poster.id), ("收回了", "11 月 22 日", "有人贴了假码")),
        (address.of(CodeKind.VILLAGE, VILLAGE), ("收回了", "网址换了新的")),
        (address.of(CodeKind.FAIR, fair.id), ("招聘会开完了", "11 月 22 日")),
    ):
        page = see(client, path, 410)
        for word in (*words, OFFICER, "看石柱原村的活", f"/?at={VILLAGE}"):
            assert word in page
    assert scans(client, session) == {}


def test_a_firm_that_is_off_the_list_is_explained(
    session: Session, client: TestClient, address: Address, jobs: dict[str, JobPosting]
) -> None:
    firm = session.get_one(Employer, jobs["welfare"].employer_id)
    path = address.of(CodeKind.EMPLOYER, firm.id)
    firm.state = EmployerState.BARRED
    session.flush()
    assert "现在不在名单上" in see(client, path, 410)


def test_a_letter_is_answered_without_saying_whose_it_is(
    session: Session,
    clock: FixedClock,
    client: TestClient,
    cipher: FieldCipher,
    address: Address,
    jobs: dict[str, JobPosting],
) -> None:
    person: Person = seeker(session, cipher, clock, household(session, cipher, clock), name="张秀梅")
    addressee = letters.Addressee(person.id, person.region_code)
    campaign, rows = letters.issue_letters(
        session, TOWNSHIP, TOWN, "一封信", [addressee], cipher=cipher, clock=clock
    )
    path = address.of(CodeKind.LETTER, rows[person.id].id)
    page = see(client, path)
    assert "张" not in page
    for said, words in (
        ("call_me", "信息员会给你打电话"),
        ("call_me", "信息员会给你打电话"),
        ("working", "有活干了"),
    ):
        sent = client.post(path, data={"said": said})
        assert sent.status_code == 303
        assert words in see(client, sent.headers["location"])
    session.refresh(rows[person.id])
    assert rows[person.id].answer == "working"
    assert client.post(path, data={"said": "nonsense"}).status_code == 303
    village = address.of(CodeKind.VILLAGE, VILLAGE)
    assert client.post(village, data={"said": "working"}).status_code == 404
    foreign = {"origin": "https://elsewhere.example"}
    assert client.post(path, data={"said": "working"}, headers=foreign).status_code == 403
    assert scans(client, session) == {f"campaign {campaign.id}": 1}
    clock.move(letters.LETTER_LIVES + timedelta(days=1))
    assert "过期" in see(client, path, 410)
    assert client.post(path, data={"said": "working"}).status_code == 410


def test_a_scan_is_counted_once_and_nobody_else_is(
    session: Session, client: TestClient, address: Address, jobs: dict[str, JobPosting]
) -> None:
    path = address.of(CodeKind.VILLAGE, VILLAGE)
    first = client.get(path, headers=CAMERA)
    kept = {**CAMERA, "if-none-match": client.get(path, headers=CAMERA).headers["etag"]}
    assert client.get(path, headers=kept).status_code == 304
    not_scans: list[tuple[str, dict[str, str]]] = [
        (path, {**CAMERA, "cache-control": "max-age=0"}),
        (path, {**CAMERA, "purpose": "prefetch"}),
        (path, {"user-agent": "Baiduspider/2.0"}),
        (path, {"user-agent": ""}),
        (f"{path}?s=2", CAMERA),
    ]
    for address_asked, headers in not_scans:
        assert client.get(address_asked, headers=headers).status_code == 200
    assert client.head(path, headers=CAMERA).status_code in (200, 405)
    assert scans(client, session) == {f"village {VILLAGE}": 2}
    cookies = first.headers.get_list("set-cookie")
    assert all(cookie.startswith(("at=", "s=", "lang=")) for cookie in cookies), "no name for a reader"
    names = set(CodeScan.__table__.c.keys())
    assert names == {"id", "kind", "digits", "region_code", "scanned_on", "scans"}


def test_a_scan_writes_nothing_while_the_page_waits(
    session: Session, client: TestClient, address: Address, jobs: dict[str, JobPosting]
) -> None:
    see(client, address.of(CodeKind.VILLAGE, VILLAGE))
    assert session.scalars(select(CodeScan)).all() == []
    assert scans(client, session) == {f"village {VILLAGE}": 1}
