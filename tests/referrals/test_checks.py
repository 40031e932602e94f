"""Follow-up checks: one answer serves check and month, nobody is asked twice, three tries then a visit."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from app.accounts.actor import Actor
from app.core.errors import AppError, Invalid
from app.referrals.errors import CheckSettled
from app.referrals.models import Referral
from app.referrals.spells import answering, rules
from app.referrals.spells import queries as spell_queries
from app.referrals.spells import service as spells
from app.referrals.spells.models import CallBack, EmploymentAnswer, EmploymentSpell
from app.referrals.spells.schemas import AnswerIn, SpellIn
from app.referrals.terms import (
    CheckOutcome,
    EndReason,
    Evidence,
    Party,
    SpellOrigin,
    TodayKind,
    VerifiedLevel,
)
from app.referrals.today import list_today
from app.seekers.terms import SeekerStatus
from tests.employers.factories import SignIn
from tests.referrals.situations import BROKER, COUNTY, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

CHECKS = "/api/v1/checks"


def spell_of(scene: Scene, referral: Referral) -> EmploymentSpell:
    return scene.session.get_one(EmploymentSpell, referral.spell_id)


def answers(scene: Scene, referral: Referral) -> list[EmploymentAnswer]:
    rows = scene.session.query(EmploymentAnswer).filter_by(spell_id=referral.spell_id)
    return list(rows.order_by(EmploymentAnswer.id))


def month(scene: Scene, referral: Referral, actor: Actor = VILLAGE, **form: object) -> EmploymentAnswer:
    data = AnswerIn.model_validate({"outcome": "in_post", "method": "phone"} | form)
    return answering.answer_month(
        scene.session, actor, referral.spell_id or 0, data, cipher=scene.cipher, clock=scene.clock
    )


def test_from_the_first_week_to_stable(scene: Scene) -> None:
    referral = scene.at("onboard")
    for day, form in ((7, {}), (30, {"wage_fen": 320000}), (90, {"evidence": "payroll"})):
        scene.clock.at = scene.clock.at.replace(year=2026, month=11, day=22) + timedelta(days=day)
        due = [check for check in scene.checks(referral) if check.settled_at is None]
        assert due[0].day == day
        settled = scene.answer(due[0], **form)
        assert settled.outcome is CheckOutcome.IN_POST
    assert [check.day for check in scene.checks(referral) if check.settled_at is None] == [180]
    assert spell_of(scene, referral).level is VerifiedLevel.PROVEN
    assert len(answers(scene, referral)) == 3


def test_one_answer_serves_the_check_the_month_and_the_export(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.clock.move(timedelta(days=28))  # 20 December: day 30's window, before the month is closed
    monthly = month(scene, referral, wage_fen=330000, is_paid_on_time=True)
    seventh, thirtieth, ninetieth, _ = scene.checks(referral)
    assert (seventh.answer_id, thirtieth.answer_id) == (monthly.id, monthly.id)
    assert ninetieth.settled_at is None
    assert list_today(scene.session, VILLAGE, scene.clock) == [], "never asked again"
    listed = spell_queries.list_month(scene.session, TOWNSHIP, date(2026, 12, 1))
    assert [(spell.id, answer.id) for spell, answer in listed] == [(referral.spell_id, monthly.id)]
    left_to_ask = spell_queries.list_unanswered_month
    assert left_to_ask(scene.session, VILLAGE, date(2026, 12, 1), limit=9) == []
    assert len(left_to_ask(scene.session, VILLAGE, date(2026, 11, 1), limit=9)) == 1
    assert (
        spell_queries.list_month(scene.session, given.county_officer(given.OTHER_COUNTY), date(2026, 12, 1))
        == []
    )


def test_a_tap_is_not_proof(scene: Scene) -> None:
    owner = scene.own()
    referral = scene.at("onboard")
    scene.clock.move(timedelta(days=28))
    tap = month(scene, referral, owner)
    assert tap.level is VerifiedLevel.TOLD
    seventh, thirtieth, *_ = scene.checks(referral)
    assert (seventh.outcome, thirtieth.outcome) == (CheckOutcome.IN_POST, None)
    assert scene.answer(thirtieth, owner).settled_at is None, "by the check's own number it is still told"


def test_corrections_after_the_month_is_closed(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.clock.move(timedelta(days=2))  # 24 November
    first = month(scene, referral)
    scene.clock.move(timedelta(days=3))  # the 27th: closed
    late = month(scene, referral, wage_fen=200000, told_on="2026-11-26")
    other = scene.at("onboard", scene.neighbour(), scene.posting())
    only = month(scene, other)
    assert [first.is_correction, late.is_correction, only.is_correction] == [False, True, True]
    assert (late.corrects_id, only.corrects_id) == (first.id, None)
    assert spell_queries.latest_answer(scene.session, first.spell_id, first.month_on).id == late.id  # type: ignore[union-attr]
    assert first.wage_fen is None, "what was handed in stays as it was"


def test_three_tries_on_three_days_then_a_visit(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.clock.move(timedelta(days=7))
    check = scene.checks(referral)[0]
    for _ in range(3):  # thrice on one day is one try
        check = scene.answer(check, outcome="unreachable")
    assert (check.tries, check.needs_visit, check.settled_at) == (1, False, None)
    assert list_today(scene.session, VILLAGE, scene.clock) == [], "tomorrow again"
    for _ in range(2):
        scene.clock.move(timedelta(days=1))
        check = scene.answer(check, outcome="unreachable", method="phone")
    assert (check.tries, check.needs_visit) == (3, True)
    scene.clock.move(timedelta(days=1))
    assert list_today(scene.session, VILLAGE, scene.clock)[0].needs_visit
    assert scene.answer(check, outcome="unreachable").settled_at is None, "a call does not end it"
    scene.clock.move(timedelta(days=1))
    check = scene.answer(check, outcome="unreachable", method="visit")
    assert check.outcome is CheckOutcome.UNREACHABLE
    spell = spell_of(scene, referral)
    assert (spell.end_reason, spell.ends_on) == (EndReason.UNREACHABLE, scene.clock.today())
    call = scene.session.query(CallBack).one()
    assert call.due_at == scene.clock.now() + timedelta(days=3)
    assert all(check.settled_at for check in scene.checks(referral))


def test_leaving_ends_the_spell_and_asks_for_new_work(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.clock.move(timedelta(days=30))
    check = scene.checks(referral)[1]
    with pytest.raises(Invalid) as missing:
        scene.answer(check, outcome="left")
    assert [problem.field for problem in missing.value.fields] == ["leave_reason"]
    scene.answer(check, outcome="left", leave_reason="pay", left_on="2026-12-15")
    spell = spell_of(scene, referral)
    assert (spell.end_reason, spell.ends_on, spell.leave_reason) == ("left", date(2026, 12, 15), "pay")
    scene.session.refresh(scene.person)
    assert (scene.person.status, scene.person.employer_name) == (SeekerStatus.SEEKING, "")
    scene.clock.move(timedelta(days=1))
    items = list_today(scene.session, VILLAGE, scene.clock)
    assert [(item.kind, item.cause) for item in items] == [(TodayKind.CALL_BACK, "left")]
    call_back_id = items[0].call_back_id or 0
    stranger = given.village_officer(given.OTHER_VILLAGE)
    assert spells.finish_call_back(scene.session, stranger, call_back_id, "", scene.clock) is None
    assert spells.finish_call_back(scene.session, VILLAGE, call_back_id, "在家歇几天", scene.clock)
    assert list_today(scene.session, VILLAGE, scene.clock) == []
    with pytest.raises(CheckSettled):
        scene.answer(scene.checks(referral)[2])


def test_changing_the_firm_goes_on_with_a_spell_of_its_own(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.clock.move(timedelta(days=30))
    scene.answer(scene.checks(referral)[1], outcome="moved", employer_name="石柱镇红旗厂")
    old, new = sorted(spell_queries.list_spells_of(scene.session, scene.person.id), key=lambda s: s.id)
    assert (old.end_reason, new.employer_name, new.follows_id) == ("moved", "石柱镇红旗厂", old.id)
    assert len(spell_queries.list_open_checks(scene.session, new.id)) == 4
    assert scene.session.query(CallBack).count() == 0


def test_work_found_by_oneself(scene: Scene) -> None:
    form = {"seeker_id": scene.person.id, "employer_name": "西安一家饭店", "starts_on": "2026-11-01"}
    keys = {"cipher": scene.cipher, "clock": scene.clock}
    spell = spells.add_told_spell(scene.session, VILLAGE, SpellIn.model_validate(form), **keys)
    assert (spell.origin, spell.level) == (SpellOrigin.FOUND_SELF, VerifiedLevel.TOLD)
    with pytest.raises(Invalid):
        late = SpellIn.model_validate(form | {"starts_on": "2027-01-01"})
        spells.add_told_spell(scene.session, VILLAGE, late, **keys)
    with pytest.raises(AppError, match="not_found"):
        stranger = given.village_officer(given.OTHER_VILLAGE)
        spells.add_told_spell(scene.session, stranger, SpellIn.model_validate(form), **keys)


def test_checks_over_http(client: TestClient, scene: Scene, sign_in: SignIn) -> None:
    referral = scene.at("onboard")
    sign_in(VILLAGE)
    assert client.get(CHECKS).json()["items"] == []
    assert len(client.get(f"{CHECKS}?due=2026-11-29").json()["items"]) == 1
    assert len(client.get(f"{CHECKS}?spell={referral.spell_id}").json()["items"]) == 4
    scene.clock.move(timedelta(days=14))  # the window closed on day 10, three days before yesterday
    for due, count in (("today", 1), ("overdue", 1), ("long_overdue", 0)):
        assert len(client.get(f"{CHECKS}?due={due}").json()["items"]) == count, due
    check = client.get(CHECKS).json()["items"][0]
    assert (check["day"], check["seeker"]["name"]) == (7, "王桂兰")
    address = f"{CHECKS}/{check['id']}/answers"
    for actor in (given.village_officer(given.OTHER_VILLAGE), BROKER, scene.member):
        sign_in(actor)
        assert client.post(address, json={"outcome": "in_post"}).status_code == 404
    sign_in(COUNTY)
    left = client.post(address, json={"outcome": "left"})
    assert (left.status_code, left.json()["errors"][0]["field"]) == (422, "leave_reason")
    key = {"Idempotency-Key": "tap 7"}
    body = {"outcome": "in_post", "method": "phone", "is_as_promised": True}
    sign_in(VILLAGE)
    done = [client.post(address, json=body, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json()["answer"]["level"] == "village_checked"
    assert len(answers(scene, referral)) == 1
    corrected = client.post(address, json=body | {"is_as_promised": False}).json()
    assert corrected["answer"]["is_correction"]
    seen = client.get(f"/api/v1/spells/{referral.spell_id}")
    assert (seen.status_code, seen.json()["level"]) == (200, "village_checked")


def test_levels() -> None:
    table = {
        (Party.PERSON, None): "told",
        (Party.PERSON, Evidence.SELF): "told",
        (Party.OFFICER, None): "village_checked",
        (Party.OFFICER, Evidence.VISIT): "village_checked",
        (Party.OFFICER, Evidence.CONTRACT): "proven",
        (Party.PERSON, Evidence.PAYROLL): "proven",
    }
    for (party, evidence), level in table.items():
        assert rules.level_of(party, evidence) == level
    assert rules.is_closed(date(2026, 11, 1), date(2026, 11, 26), 25)
    assert not rules.is_closed(date(2026, 11, 1), date(2026, 11, 25), 25)


@pytest.mark.parametrize("end", ["undo", "left"])
def test_whoever_works_elsewhere_too_still_works_when_one_ends(scene: Scene, end: str) -> None:
    steady = spell_of(scene, scene.at("onboard"))
    season = scene.at("onboard", job=scene.posting())
    if end == "undo":
        scene.step(season, "undo")
    else:
        spell_id = spell_of(scene, season).id
        scene.month(spell_id, outcome="left", leave_reason="pay", left_on=str(scene.clock.today()))
    scene.session.refresh(scene.person)
    assert steady.ends_on is None
    assert scene.person.status is SeekerStatus.EMPLOYED
    assert scene.person.employer_name == steady.employer_name
