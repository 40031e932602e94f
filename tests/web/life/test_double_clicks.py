"""Important buttons clicked twice at once: one row each, and the page that a single click leads to."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from app.jobs.models import JobPosting
from app.referrals.models import Referral, ReferralEvent
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell, FollowUpCheck
from tests.web.life.hands import PATIENCE_MS, Hand, Hands
from tests.web.life.place import Place

pytestmark = pytest.mark.browser
HIRED = ("interested", "submit", "hire")
DOSE, FULL_DOSE = 2, 100


@dataclass
class Scene:
    """Many at one posting, each with a referral that has come as far as the button needs."""

    place: Place
    job: int
    people: list[int]
    referrals: list[int]

    @classmethod
    def of(cls, place: Place, size: int, *actions: str) -> "Scene":
        job = place.posting(openings=size + 1)
        people = place.neighbours(size)
        referrals = [place.moved(place.offered(each, job), *actions) for each in people]
        return cls(place, job, people, referrals)

    def events(self, action: str) -> list[int]:
        """How often the step was taken with each of the referrals."""
        counts = select(ReferralEvent.referral_id, func.count()).where(ReferralEvent.action == action)
        found = self.place.read(lambda s: s.execute(counts.group_by(ReferralEvent.referral_id)).all())
        taken = {row[0]: row[1] for row in found}
        return [taken.get(each, 0) for each in self.referrals]

    def places(self) -> tuple[int, int]:
        job = self.place.read(lambda s: s.get_one(JobPosting, self.job))
        return job.held, job.filled


def twice(hand: Hand, button: Locator, leads_to: str) -> None:
    """Two clicks, the second before the first is answered; both forms go in together."""
    posts, mouse = hand.place.posts, hand.page.mouse
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    before = posts.came
    posts.door.clear()
    for number in (1, 2):
        # Where it is on the screen: Playwright's own click would wait for the answer to the first.
        mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        posts.wait_for(before + number, answered=False)
    posts.door.set()
    expect(hand.page.locator("main")).to_contain_text(leads_to, timeout=PATIENCE_MS)
    posts.wait_for(before + 2)


def count(place: Place, model: type) -> int:
    return int(place.read(lambda s: s.scalar(select(func.count()).select_from(model))))


def push(place: Place, hands: Hands, times: int) -> None:
    job, people = place.posting(openings=times), place.neighbours(times)
    officer = hands.staff(script=True)
    for person in people:
        officer.goto(f"/staff/people/{person}/push")
        twice(officer, officer.page.locator(f"button[name=job_id][value='{job}']"), "推过了")
    made = place.read(lambda s: s.scalars(select(Referral.person_id).where(Referral.job_id == job)).all())
    assert sorted(made) == people
    assert count(place, ReferralEvent) == times
    assert all(len(place.messages("job_offer", f"person:{person}")) == 1 for person in people)


def answer_yes(place: Place, hands: Hands, times: int) -> None:
    scene = Scene.of(place, times)
    woman = hands.anybody("seeker")
    for person in scene.people:
        woman.goto(place.link("job_offer", f"person:{person}"))
        twice(woman, woman.page.locator("button[value=interested]"), "办到哪一步了")
    assert scene.events("interested") == [1] * times


def hire(place: Place, hands: Hands, times: int) -> None:
    scene = Scene.of(place, times, "interested", "submit")
    boss = hands.boss()
    for referral in scene.referrals:
        boss.goto(f"/employer/people/{referral}")
        twice(boss, boss.page.locator("button[value=hire]"), "记下了")
    assert scene.events("hire") == [1] * times
    assert scene.places() == (times, 0)


def arrive(place: Place, hands: Hands, times: int) -> None:
    scene = Scene.of(place, times, *HIRED)
    woman = hands.anybody("seeker")
    for person in scene.people:
        woman.goto(place.link("job_offer", f"person:{person}"))
        woman.page.locator("summary", has_text="我到了").click()
        woman.fill("tail", place.tail(person))
        button = woman.page.locator("button[value=arrive]")
        twice(woman, button, "办到哪一步了")
        expect(button).to_have_count(0, timeout=PATIENCE_MS)
    assert scene.events("arrive") == [1] * times
    assert scene.places() == (0, times)
    assert (count(place, EmploymentSpell), count(place, FollowUpCheck)) == (times, 4 * times)


def check(place: Place, hands: Hands, times: int) -> None:
    Scene.of(place, times, *HIRED, "arrive")
    place.later(days=7, hours=2)
    checks = place.read(
        lambda s: s.scalars(select(FollowUpCheck.id).where(FollowUpCheck.day == 7).order_by("id")).all()
    )
    officer = hands.staff(script=True)
    for number in checks:
        officer.goto(f"/staff/checks/{number}")
        twice(officer, officer.page.get_by_role("button", name="按时发了"), "已经记上了")
    spells = place.read(lambda s: s.scalars(select(EmploymentAnswer.spell_id)).all())
    assert len(spells) == len(set(spells)) == times


BUTTONS: dict[str, Callable[[Place, Hands, int], None]] = {
    "push": push,
    "answer_yes": answer_yes,
    "hire": hire,
    "arrive": arrive,
    "check": check,
}


@pytest.mark.parametrize("button", BUTTONS)
def test_clicked_twice(place: Place, hands: Hands, button: str) -> None:
    BUTTONS[button](place, hands, DOSE)


@pytest.mark.slow
@pytest.mark.parametrize("button", BUTTONS)
def test_clicked_twice_a_hundred_times(place: Place, hands: Hands, button: str) -> None:
    BUTTONS[button](place, hands, FULL_DOSE)
