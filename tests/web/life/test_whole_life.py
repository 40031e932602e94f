"""A whole life in the browser: an officer pushes, a woman says yes by the link in her message, the firm meets
her and hires her, she taps that she is there, and is asked on day 7, 30, 90 and 180 until it is stable."""

from datetime import date

import pytest

from app.referrals.spells.queries import list_month, list_unanswered_month
from tests.web.life.hands import Hands
from tests.web.life.place import Place

pytestmark = pytest.mark.browser


def test_from_the_push_to_stable_work(place: Place, hands: Hands) -> None:
    job = place.posting()
    (person,) = place.neighbours()
    officer = hands.staff()
    officer.open(f"/staff/jobs/{job}/push")
    assert "送给了 3 个人" in officer.tap("送给勾上的人")
    referral = place.referral(person, job)
    assert place.state(referral) == "offered"

    # She has no account: the link came by SMS.
    woman = hands.anybody("seeker")
    assert "你愿意去吗" in woman.open(place.link("job_offer", f"person:{person}"))
    assert "办到哪一步了" in woman.tap("^愿意$")
    assert place.state(referral) == "interested"
    place.later(minutes=10)
    assert place.state(referral) == "submitted"

    # The firm, by the link in its message, without signing in.
    firm = hands.by_link(place.tell_firm())
    firm.press(firm.page.locator("label.pick").first)
    assert "1 个记下了" in firm.tap("叫来看看")
    assert place.state(referral) == "interview"
    assert "厂" in woman.open(woman.page.url.removeprefix(place.address))

    # After the meeting, on its own page.
    place.later(days=1, hours=2)
    boss = hands.boss()
    assert "说说结果" not in boss.open("/employer/people")
    boss.open(f"/employer/people/{referral}")
    boss.fill("starts_on", "2026-11-23")
    boss.fill("wage", "3300")
    assert "记下了" in boss.tap("^要了$")
    assert place.state(referral) == "hired"
    boss.open("/employer/roll")
    boss.tap("^来了$")
    assert "点名记下了" in boss.tap("记下")
    assert place.state(referral) == "departing", "the firm's word is not enough"

    # She taps that she is there.
    woman.open(woman.page.url.removeprefix(place.address))
    woman.tap("我到了，上班了")
    woman.fill("tail", place.tail(person))
    woman.press(woman.page.locator("button[value=arrive]"))
    assert place.state(referral) == "onboard"
    assert place.checks(referral) == {7: None, 30: None, 90: None, 180: None}

    # The week after.
    place.later(days=7)
    ask(hands, place, "还没到发钱的日子", wage="3300")
    assert [each.wage_fen for each in place.answers()] == [None], "what was agreed is not what was paid"
    assert place.checks(referral) == {7: "in_post", 30: None, 90: None, 180: None}
    # Day 30 is the month's verification as well.
    place.later(days=23)
    ask(hands, place, "按时发了", wage="3300")
    assert place.checks(referral)[30] == "in_post"
    township = place.colleagues.township
    december = place.read(lambda s: list_month(s, township, date(2026, 12, 1)))
    assert [(answer.wage_fen, answer.is_correction) for _, answer in december] == [(330000, False)]
    assert place.read(lambda s: list_unanswered_month(s, township, date(2026, 12, 1), limit=9)) == []
    place.later(days=60)
    ask(hands, place, "按时发了", wage="3400")
    place.later(days=90)
    ask(hands, place, "按时发了", wage="3500")
    assert place.checks(referral) == dict.fromkeys((7, 30, 90, 180), "in_post")
    assert place.steps(referral) == [
        *("offered", "interested", "submitted", "interview", "hired", "departing", "onboard")
    ]
    seen = hands.staff(place.colleagues.county, "county").open(f"/staff/referrals/{referral}")
    assert "干满半年，稳住了" in seen


def ask(hands: Hands, place: Place, button: str, wage: str) -> None:
    """The officer's check from the list of the day."""
    officer = hands.staff()
    officer.open("/staff/today?only=check_due")
    officer.press(officer.page.locator(".work a.grow").first)
    officer.fill("wage", wage)
    officer.tap(button)
    assert "已经记上了" in officer.text()
