"""Codes and papers in the console: printed, counted, called back; letters only for who sees the people."""

import io
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.codes.counting import ScanCounter
from app.codes.models import IssuedCode
from app.codes.signing import PrintedCode, numbered
from app.codes.terms import CodeKind
from app.core.clock import FixedClock
from tests.accounts.situations import COUNTY, TOWN, VILLAGE, staff_member
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village


def pages_of(answer: Any) -> int:
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    return len(pypdfium2.PdfDocument(io.BytesIO(answer.content)))


def issued(database: RolledBackDatabase, kind: CodeKind) -> list[IssuedCode]:
    with database.read() as session:
        return list(
            session.scalars(select(IssuedCode).where(IssuedCode.kind == kind).order_by(IssuedCode.id))
        )


def test_a_poster_from_printing_to_recall(
    database: RolledBackDatabase, clock: FixedClock, desk: Desk, village: Village
) -> None:
    assert "/staff/papers" in desk.see("/staff")
    shown = desk.see("/staff/papers")
    typed = {
        "region": VILLAGE,
        "kind": ["poster", "near", "leaflet"],
        "spot": "村委会门口",
        "hung_by": "王桂兰",
    }
    assert pages_of(desk.send(shown, "/staff/papers", **typed)) == 3
    (poster,) = issued(database, CodeKind.POSTER)
    assert (poster.region_code, poster.spot, poster.created_by_id) == (
        VILLAGE,
        "村委会门口",
        village.officer.user_id,
    )
    counter = ScanCounter(database, clock)
    for _ in range(3):
        counter.scanned(numbered(CodeKind.POSTER, poster.id), VILLAGE)
    counter.scanned(PrintedCode(CodeKind.VILLAGE, VILLAGE), VILLAGE)
    counter.flush()
    listed = desk.see("/staff/codes")
    for words in (f"海报 {poster.id}", "村委会门口", "3 次", "的村码", "1 次"):
        assert words in listed
    page = f"/staff/codes/poster/{poster.id}"
    assert "11 月 22 日" in desk.see(page)
    assert pages_of(desk.client.get(f"/staff/papers/poster/poster/{poster.id}?size=A3")) == 1
    moved = desk.follow(desk.send(desk.see(page), f"{page}/hang", spot="小卖部", hung_by=""))
    assert "小卖部" in moved
    short = desk.refused(desk.send(moved, f"{page}/recall", reason="假"), 422)
    assert "写明为什么收回" in short
    gone = desk.follow(desk.send(short, f"{page}/recall", reason="有人贴了假码"))
    assert "有人贴了假码" in gone
    again = desk.follow(desk.send(gone, f"/staff/codes/recalls/{_recall_id(gone)}/lift"))
    assert "又能用了" in again
    assert pages_of(desk.send(again, "/staff/papers", region=VILLAGE, kind=["away"])) == 1


def _recall_id(html: str) -> str:
    return html.split("/staff/codes/recalls/")[1].split("/")[0]


def test_a_fair_gets_a_code(database: RolledBackDatabase, desk: Desk) -> None:
    shown = desk.see("/staff/codes")
    form = {"kind": "fair", "region": VILLAGE, "title": "春风招聘会", "spot": "镇政府", "day": "2026-11-28"}
    assert "哪一天" in desk.refused(desk.send(shown, "/staff/codes", **form | {"day": ""}), 422)
    assert "没看懂" in desk.refused(desk.send(shown, "/staff/codes", **form | {"day": "礼拜六"}), 422)
    page = desk.follow(desk.send(shown, "/staff/codes", **form))
    assert "11 月 28 日开" in page
    (fair,) = issued(database, CodeKind.FAIR)
    assert pages_of(desk.client.get(f"/staff/papers/poster/fair/{fair.id}")) == 1
    recalled = desk.send(page, "/staff/codes/recall-posters", region=VILLAGE, reason="印错了电话")
    assert "全部海报" in desk.follow(recalled)


def test_letters_go_to_those_who_look_for_work_and_are_in_the_log(
    database: RolledBackDatabase, desk: Desk, village: Village
) -> None:
    shown = desk.see("/staff/papers")
    count = pages_of(desk.send(shown, "/staff/papers/letters", region=VILLAGE, everyone="1"))
    letters = issued(database, CodeKind.LETTER)
    assert count == len(letters) > 0
    with database.read() as session:
        logged = session.scalars(
            select(AuditEntry.subject_id).where(
                AuditEntry.action == "export", AuditEntry.actor_id.is_not(None)
            )
        ).all()
    assert {row.person_id for row in letters} <= set(logged)
    (run,) = issued(database, CodeKind.CAMPAIGN)
    page = desk.see(f"/staff/codes/campaign/{run.id}")
    assert "还没回话" in page


@pytest.fixture
def others(database: RolledBackDatabase, clock: FixedClock, village: Village) -> dict[str, Actor]:
    with database.write() as session:
        return {
            "broker": staff_member(session, clock, Role.BROKER, TOWN, "laochen"),
            "city": staff_member(session, clock, Role.CITY_VIEWER, COUNTY[:4] + "00", "shili"),
            "auditor": staff_member(session, clock, Role.AUDITOR, None, "shenji"),
        }


def test_who_may_look_and_who_may_print(
    database: RolledBackDatabase, desk: Desk, desk_of: Any, village: Village, others: dict[str, Actor]
) -> None:
    pages_of(desk.send(desk.see("/staff/papers"), "/staff/papers", region=VILLAGE, kind=["poster"]))
    (poster,) = issued(database, CodeKind.POSTER)
    page = f"/staff/codes/poster/{poster.id}"
    stranger = desk_of(village.stranger)
    shown = stranger.see("/staff/codes")
    assert f"poster/{poster.id}" not in shown
    stranger.see(page, 404)
    for path, typed in (
        (f"{page}/recall", {"reason": "试试看看"}),
        ("/staff/papers", {"region": VILLAGE, "kind": ["poster"]}),
        ("/staff/papers/letters", {"region": VILLAGE}),
    ):
        assert stranger.send(shown, path, **typed).status_code == 404, path
    broker = desk_of(others["broker"])
    assert broker.client.get("/staff/codes").status_code == 403
    assert broker.client.get("/staff/papers").status_code == 403
    city = desk_of(others["city"])
    assert f"海报 {poster.id}" in city.see("/staff/codes")
    assert "收回这个码" not in city.see(page)
    assert city.send(city.see(page), f"{page}/recall", reason="试试看看").status_code == 403
    assert "收回这个码" not in desk_of(others["auditor"]).see(page)
