"""Wishes: one for one person and posting, called back by the place's officer, taken back by the person."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.accounts.actor import Actor
from app.core.errors import TooMany
from app.jobs.errors import JobGone
from app.jobs.terms import JobState
from app.referrals.errors import GateClosed
from app.referrals.terms import Origin, ReferralState
from app.referrals.wishes import queries, rules, service
from app.referrals.wishes.errors import WishNotFound, WishSettled
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.schemas import WishIn
from app.referrals.wishes.service import Asked
from app.referrals.wishes.terms import WishClose, WishState
from app.seekers.errors import PersonNotFound
from tests.jobs.factories import put_in_state
from tests.referrals.situations import COUNTY, OWNER, VILLAGE, Scene
from tests.seekers import factories as given

PHONE = "13800006612"


def asked(region_code: str | None = given.VILLAGE, form_key: str | None = None, **more: object) -> Asked:
    return Asked(form_key=form_key or uuid4().hex, visitor="somewhere", region_code=region_code, **more)


def want(scene: Scene, by: Asked | None = None, **changes: object) -> JobWish:
    data = WishIn.model_validate({"name": "张秀梅", "phone": PHONE} | changes)
    return service.take_wish(
        scene.session, scene.job.id, data, by or asked(), cipher=scene.cipher, clock=scene.clock
    )


def test_a_wish_waits_for_the_officer_of_the_place(scene: Scene) -> None:
    wish = want(scene)
    assert wish.state is WishState.WAITING
    assert wish.due_at == rules.call_back_by(scene.clock.now())
    assert [each.id for each in queries.list_waiting(scene.session, VILLAGE)] == [wish.id]
    assert list(queries.list_waiting(scene.session, given.village_officer(given.OTHER_VILLAGE))) == []
    stranger = want(scene, asked(region_code=None), name="李冬生")
    assert stranger.region_code == scene.job.office_code


def test_ten_taps_make_one_wish(scene: Scene) -> None:
    once = asked()
    first = want(scene, once)
    assert {want(scene, once).id for _ in range(9)} == {first.id}
    assert want(scene).id == first.id, "filled in anew, it is the same person and posting"
    assert want(scene, name="张秀兰").id != first.id, "a sister on the same phone is somebody else"


def test_the_phone_is_sealed_and_its_reading_is_logged(scene: Scene) -> None:
    wish = want(scene)
    assert wish.phone is not None
    assert PHONE.encode() not in wish.phone
    assert (
        service.read_phone(scene.session, VILLAGE, wish.id, cipher=scene.cipher, clock=scene.clock) == PHONE
    )
    with pytest.raises(WishNotFound):
        service.read_phone(
            scene.session,
            given.village_officer(given.OTHER_VILLAGE),
            wish.id,
            cipher=scene.cipher,
            clock=scene.clock,
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "写上姓名"),
        ({"name": "张"}, "两个字以上"),
        ({"name": "张13800006612"}, "不要写数字"),
        ({"phone": ""}, "写上手机号"),
        ({"phone": "1380000661"}, "你填了 10 位"),
        ({"phone": "23800006612"}, "1 开头"),
        ({"extra": 1}, "Extra"),
    ],
)
def test_what_is_wrong_is_said_plainly(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        WishIn.model_validate({"name": "张秀梅", "phone": PHONE} | changes)


def test_a_phone_asks_a_limited_number_of_times(scene: Scene) -> None:
    for number in range(8):
        want(scene, name="张秀" + "梅兰竹菊春夏秋冬"[number])
    with pytest.raises(TooMany):
        want(scene, name="张秀云")


def test_nobody_asks_for_what_has_ended(scene: Scene) -> None:
    put_in_state(scene.session, scene.job, JobState.CLOSED)
    with pytest.raises(JobGone):
        want(scene)


def test_the_officer_makes_it_a_referral_the_person_said_yes_to(scene: Scene) -> None:
    wish = want(scene)
    referral = service.refer_wish(
        scene.session, VILLAGE, wish.id, scene.person.id, cipher=scene.cipher, clock=scene.clock
    )
    assert referral.state is ReferralState.INTERESTED
    assert (wish.state, wish.referral_id, wish.settled_by_id) == (
        WishState.REFERRED,
        referral.id,
        VILLAGE.user_id,
    )
    assert list(queries.list_waiting(scene.session, VILLAGE)) == []
    with pytest.raises(WishSettled):
        service.refer_wish(
            scene.session, VILLAGE, wish.id, scene.person.id, cipher=scene.cipher, clock=scene.clock
        )


def test_a_gate_keeps_it_waiting_and_somebody_of_another_place_is_not_found(scene: Scene) -> None:
    wish = want(scene)
    child = scene.neighbour(limits=["long_standing"])
    scene.job.demands = ["long_standing"]
    scene.session.flush()
    with pytest.raises(GateClosed):
        service.refer_wish(scene.session, VILLAGE, wish.id, child.id, cipher=scene.cipher, clock=scene.clock)
    elsewhere = scene.neighbour(given.OTHER_VILLAGE)
    with pytest.raises(PersonNotFound):
        service.refer_wish(
            scene.session, VILLAGE, wish.id, elsewhere.id, cipher=scene.cipher, clock=scene.clock
        )
    assert wish.state is WishState.WAITING


def test_likely_people_have_the_phone_or_the_name(scene: Scene) -> None:
    same_phone = scene.neighbour(phone=PHONE)
    scene.neighbour()
    wish = want(scene)
    found = queries.list_likely_people(scene.session, VILLAGE, wish, scene.cipher)
    assert same_phone.id in {person.id for person in found}
    assert all(person.id == same_phone.id or person.name == wish.name for person in found)


def test_it_is_taken_back_with_the_last_four_digits(scene: Scene) -> None:
    wish = want(scene)
    take_back = {"cipher": scene.cipher, "clock": scene.clock}
    assert service.withdraw_wish(scene.session, wish.id, "0000", **take_back) is None
    assert wish.state is WishState.WAITING
    assert service.withdraw_wish(scene.session, wish.id, " 6612 ", **take_back) is not None
    assert wish.state is WishState.WITHDRAWN
    for _ in range(3):
        service.withdraw_wish(scene.session, wish.id, "0000", **take_back)
    with pytest.raises(TooMany):
        service.withdraw_wish(scene.session, wish.id, "6612", **take_back)


def test_once_a_referral_taking_back_withdraws_that(scene: Scene) -> None:
    wish = want(scene)
    referral = service.refer_wish(
        scene.session, VILLAGE, wish.id, scene.person.id, cipher=scene.cipher, clock=scene.clock
    )
    service.withdraw_wish(scene.session, wish.id, "6612", cipher=scene.cipher, clock=scene.clock)
    assert referral.state is ReferralState.WITHDRAWN


def test_closing_says_why_and_only_an_officer_of_the_place_closes(scene: Scene) -> None:
    wish = want(scene)
    with pytest.raises(WishNotFound):
        service.close_wish(
            scene.session,
            given.village_officer(given.OTHER_VILLAGE),
            wish.id,
            WishClose.UNREACHABLE,
            clock=scene.clock,
        )
    service.close_wish(scene.session, VILLAGE, wish.id, WishClose.WRONG_NUMBER, clock=scene.clock)
    assert (wish.state, wish.close_reason) == (WishState.CLOSED, WishClose.WRONG_NUMBER)


def test_whoever_is_signed_in_and_known_has_the_referral_at_once(scene: Scene) -> None:
    own: Actor = scene.own()
    data = {"name": scene.person.name, "phone": f"139{scene.people_made:08d}"}
    wish = want(scene, asked(actor=own), **data)
    assert wish.state is WishState.REFERRED
    referral = scene.session.get_one(type(scene.push(person=scene.neighbour())), wish.referral_id)
    assert (referral.origin, referral.state) == (Origin.SELF, ReferralState.INTERESTED)
    for_a_sister = want(scene, asked(actor=OWNER), **(data | {"is_for_family": True}))
    assert for_a_sister.state is WishState.WAITING


def test_a_receipt_is_looked_at_for_half_a_year_and_the_phone_is_forgotten(scene: Scene) -> None:
    wish = want(scene)
    service.close_wish(scene.session, VILLAGE, wish.id, WishClose.UNREACHABLE, clock=scene.clock)
    scene.clock.move(timedelta(days=100))
    assert queries.forget_phones(scene.session, scene.clock.now() - rules.PHONE_KEPT_FOR) == 1
    scene.session.refresh(wish)
    assert queries.open_phone(wish, scene.cipher) is None
    scene.clock.move(timedelta(days=100))
    with pytest.raises(WishNotFound):
        service.see_receipt(scene.session, wish.id, scene.clock)


@pytest.mark.parametrize(
    ("asked_at", "by"),
    [
        ("2026-11-18T02:00", "2026-11-19T09:30"),  # Wednesday morning -> Thursday evening, Beijing
        ("2026-11-17T22:00", "2026-11-18T09:30"),  # Wednesday before office hours -> the same day
        ("2026-11-20T06:00", "2026-11-23T09:30"),  # Friday afternoon -> Monday
    ],
)
def test_called_back_by_the_end_of_the_next_working_day(asked_at: str, by: str) -> None:
    at = datetime.fromisoformat(asked_at).replace(tzinfo=UTC)
    assert rules.call_back_by(at) == datetime.fromisoformat(by).replace(tzinfo=UTC)


def test_the_county_sees_it_too(scene: Scene) -> None:
    assert len(queries.list_waiting(scene.session, COUNTY)) == 0
    want(scene)
    assert len(queries.list_waiting(scene.session, COUNTY)) == 1


def test_who_is_erased_leaves_no_name_or_phone_behind(scene: Scene) -> None:
    same = {"name": scene.person.name, "phone": f"139{scene.people_made:08d}"}
    referred, waiting, other = want(scene, **same), want(scene, **(same | {"name": "王桂芳"})), want(scene)
    service.refer_wish(
        scene.session, VILLAGE, referred.id, scene.person.id, cipher=scene.cipher, clock=scene.clock
    )
    phone = f"139{scene.people_made:08d}"
    queries.forget_person(scene.session, scene.person, phone, scene.cipher)
    for wish in (referred, waiting, other):
        scene.session.refresh(wish)
    assert (referred.name, referred.phone, referred.phone_index) == ("", None, None)
    assert waiting.name == "王桂芳", "a sister on the same phone keeps hers"
    assert other.name == "张秀梅"
