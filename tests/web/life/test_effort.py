"""What the officer's work costs in taps, and what a line that breaks does to it."""

import pytest
from playwright.sync_api import Route

from app.referrals.models import Referral
from tests.web.life.hands import Hand, Hands
from tests.web.life.place import Place

pytestmark = pytest.mark.browser
PUSH_TAPS = CHECK_TAPS = 3


class LostLine:
    """Swallows answers to forms: they reach the server, what it says never reaches the phone."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    def __enter__(self) -> None:
        self.hand.context.route("**/*", self.lose)

    def __exit__(self, *_: object) -> None:
        self.hand.context.unroute("**/*", self.lose)

    @staticmethod
    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch(max_redirects=0)
        route.abort("internetdisconnected")


def at_work(place: Place) -> int:
    """Somebody at work for a week; returns the referral."""
    job = place.posting()
    (person,) = place.neighbours()
    referral = place.offered(person, job)
    place.moved(referral, "interested", "submit", "hire", "arrive")
    place.later(days=7, hours=2)
    return referral


def test_five_people_are_asked_in_three_taps(place: Place, hands: Hands) -> None:
    job = place.posting()
    place.neighbours(6)
    officer = hands.staff()
    officer.open(f"/staff/jobs/{job}/push")
    assert "送给了 5 个人" in officer.tap("送给勾上的人")
    assert officer.counted() <= PUSH_TAPS
    assert place.read(lambda s: s.query(Referral).filter_by(job_id=job).count()) == 5


def test_a_check_takes_three_taps_and_survives_a_lost_line(place: Place, hands: Hands) -> None:
    at_work(place)
    officer = hands.staff()
    officer.open("/staff/today")
    officer.press(officer.page.locator(".work a.grow").first)
    form = officer.page.url
    button = officer.page.get_by_role("button", name="按时发了")
    with LostLine(officer):
        with officer.page.expect_event("requestfailed"):
            button.tap(no_wait_after=True)
        officer.taps += 1
    assert officer.counted() <= CHECK_TAPS
    place.posts.wait_for(1)
    (answer,) = place.answers()
    # The line is back, and the browser sends the same form again.
    officer.page.wait_for_url("chrome-error://**")
    officer.page.reload()
    assert officer.page.url == f"{form}?done=again"
    assert "已经记上了" in officer.look()
    assert [each.id for each in place.answers()] == [answer.id]


def test_a_lost_push_is_sent_once(place: Place, hands: Hands) -> None:
    job = place.posting()
    place.neighbours(3)
    officer = hands.staff()
    officer.open(f"/staff/jobs/{job}/push")
    with LostLine(officer), officer.page.expect_event("requestfailed"):
        officer.page.get_by_role("button", name="送给勾上的人").tap(no_wait_after=True)
    place.posts.wait_for(1)
    sent = place.read(lambda s: s.query(Referral).filter_by(job_id=job).count())
    officer.page.wait_for_url("chrome-error://**")
    officer.page.reload()
    assert "没有重复送" in officer.look()
    assert place.read(lambda s: s.query(Referral).filter_by(job_id=job).count()) == sent
