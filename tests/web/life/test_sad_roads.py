"""The sad roads in the browser, each a story of its own: how it ends, and what everybody reads about it."""

import pytest

from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.spells.models import CallBack, EmploymentSpell
from tests.web.life.hands import Hand, Hands
from tests.web.life.place import Place

pytestmark = pytest.mark.browser
AT_THE_FIRM = ("interested", "submit")
HIRED = (*AT_THE_FIRM, "hire")


class Story:
    """Somebody who was offered a posting, and the link in their message."""

    def __init__(self, place: Place, hands: Hands, *actions: str, **posting: object) -> None:
        self.place, self.hands = place, hands
        self.job = place.posting(**posting)
        (self.person,) = place.neighbours()
        self.referral = place.offered(self.person, self.job)
        self.link = place.link("job_offer", f"person:{self.person}")
        place.moved(self.referral, *actions)

    @property
    def state(self) -> str:
        return self.place.state(self.referral)

    def seeker(self) -> Hand:
        """The person, with the page of their link in front."""
        hand = self.hands.anybody("seeker")
        hand.open(self.link)
        return hand

    def reads(self) -> str:
        """What the person reads now; nothing more can be tapped on an end but other work."""
        hand = self.seeker()
        assert hand.page.locator("button").count() == 0
        assert hand.page.get_by_role("link", name="看别的活").is_visible()
        return hand.text()

    def staff_reads(self) -> str:
        return self.hands.staff().open(f"/staff/referrals/{self.referral}")

    def places(self) -> tuple[int, int]:
        job = self.place.read(lambda s: s.get_one(JobPosting, self.job))
        return job.held, job.filled

    def call_backs(self) -> list[str]:
        rows = self.place.read(lambda s: s.query(CallBack).filter_by(person_id=self.person).all())
        return [row.cause.value for row in rows]


def test_declined_with_a_reason(place: Place, hands: Hands) -> None:
    story = Story(place, hands)
    woman = story.seeker()
    assert "是啥不合适" in woman.tap("^不愿意$")
    woman.tap("^太远$")
    assert "你说不去" in woman.tap("就是不去")
    assert story.state == "declined"
    assert "太远" in story.reads()
    seen = story.staff_reads()
    assert "本人不去" in seen
    assert "太远" in seen


def test_refused_with_a_letter(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *AT_THE_FIRM)
    firm = hands.by_link(place.tell_firm())
    firm.press(firm.page.locator("label.pick").first)
    firm.tap("^不合适$")
    assert "点一下为啥不合适" in firm.press(firm.page.locator("button[value=refuse]"))
    assert story.state == "submitted", "nobody is turned down without a word of why"
    assert firm.page.locator("[name=who]").first.is_checked()
    firm.tap("人招满了")
    assert "1 个记下了" in firm.press(firm.page.locator("button[value=refuse]"))
    assert story.state == "refused"
    seen = story.reads()
    assert "没成，不是你的事" in seen
    assert "这一批人招满了，不是您不行" in seen
    assert place.messages("refused", f"person:{story.person}")
    assert "给王巧张的话" in story.staff_reads()


def test_the_firm_s_link_says_one_thing_after_the_other(place: Place, hands: Hands) -> None:
    """Later, kept in reserve, met, hired: four answers on the one page the link opened."""
    story = Story(place, hands, *AT_THE_FIRM)
    firm = hands.by_link(place.tell_firm())
    for button, state in (("晚点回", "viewed"), ("先备着", "pooled"), ("叫来看看", "interview")):
        firm.press(firm.page.locator("label.pick").first)
        assert "1 个记下了" in firm.tap(button)
        assert story.state == state
    assert firm.page.get_by_role("button", name="晚点回").count() == 0, "nothing that cannot be said"
    firm.press(firm.page.locator("label.pick").first)
    firm.tap("要了，定日子和工钱")
    assert firm.page.locator("[name=wage]").input_value() == "3000"
    assert "1 个记下了" in firm.press(firm.page.locator("button[value=hire]"))
    assert story.state == "hired"
    assert "一个月 3,000 元" in story.seeker().text()


def test_not_come_to_the_meeting(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *AT_THE_FIRM, "interview")
    place.later(days=1)
    boss = hands.boss()
    boss.open(f"/employer/people/{story.referral}")
    boss.tap("约好没来")
    assert story.state == "no_show"
    assert "那天没去成" in story.reads()
    assert story.call_backs() == ["no_show"]
    assert "没到场，问问缘由" in hands.staff().open("/staff/today")


def test_not_come_on_the_first_day(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *HIRED)
    assert story.places() == (1, 0)
    boss = hands.boss()
    boss.open("/employer/roll")
    boss.tap("^没来$")
    assert "点名记下了" in boss.tap("记下")
    assert (story.state, story.places(), story.call_backs()) == ("no_show", (0, 0), ["no_show"])
    assert "那天没去成" in story.reads()


def test_the_person_s_clock_runs_out(place: Place, hands: Hands) -> None:
    story = Story(place, hands)
    assert "11 月 29 日前" in story.seeker().text()
    place.later(hours=49)
    assert place.messages("job_offer_reminder", f"person:{story.person}")
    assert "11 月 29 日前" in story.seeker().text(), "a reminder does not shorten the time"
    place.later(hours=24)
    assert "推了小丘针织的平车工，等回话" in hands.staff().open("/staff/today")
    place.later(days=3, hours=20)
    assert story.state == "offered"
    place.later(hours=4)
    assert story.state == "expired"
    assert "没等到你的回话，先关了" in story.reads()
    assert "过了时限，关了" in story.staff_reads()
    assert "今天没有要办的" in hands.staff().open("/staff/today")


def test_the_firm_s_clock_runs_out(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *AT_THE_FIRM)
    key = f"employer:{place.firm_id}"
    for days, chases in ((3, 1), (4, 2)):
        place.later(days=days)
        assert len(place.messages("employer_chase", key)) == chases
    assert place.messages("employer_silent", f"person:{story.person}")
    place.later(days=3)
    staff = hands.staff()
    assert "小丘针织还没回话" in staff.open("/staff/today")
    place.later(days=11)
    assert story.state == "expired"
    seen = story.reads()
    assert "厂里一直没回话，先关了" in seen
    assert "不是你的事" in seen
    assert "没有人等你回话" in hands.boss().open("/employer")


def test_taken_back_by_the_person(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *HIRED)
    woman = story.seeker()
    woman.tap("不想去了，撤掉")
    woman.fill("tail", "9999")
    assert "手机号后四位对不上" in woman.press(woman.page.locator("button[value=withdraw]"))
    assert story.state == "hired"
    assert woman.page.locator("details[open]").count() == 1
    woman.fill("tail", place.tail(story.person))
    woman.press(woman.page.locator("button[value=withdraw]"))
    assert (story.state, story.places()) == ("withdrawn", (0, 0))
    assert "你撤了" in story.reads()
    assert place.messages("employer_withdrawn", f"employer:{place.firm_id}")


def test_another_job_came_first(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *AT_THE_FIRM)
    other = place.offered(story.person, place.other_posting())
    place.moved(other, *HIRED)
    officer = hands.staff()
    officer.open(f"/staff/referrals/{other}")
    assert "上班了" in officer.tap("^到岗了$")
    assert story.state == "obsolete"
    assert "你已经在别处上班了" in story.reads()
    assert "已经在别处上班" in story.staff_reads()
    assert "没有人等你回话" in hands.boss().open("/employer")


def test_the_posting_is_closed(place: Place, hands: Hands) -> None:
    story = Story(place, hands)
    like_it = [place.other_posting() for _ in range(3)]
    boss = hands.boss()
    boss.open(f"/employer/jobs/{story.job}")
    assert "关掉了，不招了" in boss.tap("不招了")
    place.night()
    assert story.state == "cancelled"
    assert "厂里不招了" in story.reads()
    (back,) = place.read(lambda s: s.query(CallBack).filter_by(person_id=story.person).all())
    assert sorted(back.job_ids) == sorted(like_it), "three others like it to talk about"
    place.later(days=3)
    assert "岗位没了，另找三个" in hands.staff().open("/staff/today")


def test_undone_by_the_county(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *AT_THE_FIRM)
    other = place.offered(story.person, place.other_posting())
    place.moved(story.referral, "hire", "arrive")
    assert (story.state, place.state(other), story.places()) == ("onboard", "obsolete", (0, 1))
    township = hands.staff()
    township.open(f"/staff/referrals/{story.referral}")
    assert township.page.locator("summary", has_text="撤销").count() == 0, "the county's to undo"
    place.later(days=5)
    county = hands.staff(place.colleagues.county, "county")
    county.open(f"/staff/referrals/{story.referral}")
    county.tap("到岗记错了，撤销")
    county.fill("reason", "点错了人")
    assert "要了，等着上班" in county.tap("^撤销到岗$")
    assert (story.state, place.state(other), story.places()) == ("hired", "offered", (1, 0))
    spell = place.read(lambda s: s.query(EmploymentSpell).one())
    assert spell.end_reason == "undone"
    assert place.read(lambda s: s.get_one(Referral, story.referral)).spell_id is None
    assert "点错了人" in county.text()
    assert "要了，等着上班" in story.staff_reads()


def test_too_late_to_undo(place: Place, hands: Hands) -> None:
    story = Story(place, hands, *HIRED, "arrive")
    place.later(days=8)
    county = hands.staff(place.colleagues.county, "county")
    assert "撤销" not in county.open(f"/staff/referrals/{story.referral}")
