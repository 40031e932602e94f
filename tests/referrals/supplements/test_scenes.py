"""Each of the six supplements on the stored ledger, and when none applies, in words that are true."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.jobs.models import JobPosting
from app.referrals.spells import answering
from app.referrals.spells import service as spells
from app.referrals.spells.models import EmploymentSpell
from app.referrals.spells.schemas import AnswerIn, SpellIn
from app.referrals.supplements import service
from app.referrals.supplements.schemas import SupplementsOut
from app.referrals.terms import Evidence
from app.seekers.models import Person
from app.vetting.models import MinimumWageTier
from tests.employers.factories import plant_regions, verified_employer
from tests.jobs.factories import open_job
from tests.seekers import factories as given

SCENES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "scenes.json").read_text("utf-8"))
OFFICER = given.village_officer()


def plant(session: Session, cipher: FieldCipher, clock: FixedClock, scene: dict[str, Any]) -> Person:
    """The scene's postings, household, person and work in the database."""
    plant_regions(session)
    jobs: dict[str, JobPosting] = {}
    for number, form in enumerate(scene["jobs"]):
        kind = form.get("kind", "enterprise")
        firm = verified_employer(session, clock, f"耀州第{number}家", kind=kind)
        fields = {name: value for name, value in form.items() if name != "kind"}
        jobs[form["title"]] = open_job(session, clock, firm, **fields)
    home = given.household(session, cipher, clock)
    person = given.seeker(
        session, cipher, clock, home, status=scene.get("status", "seeking"), **scene["seeker"]
    )
    for number, status in enumerate(scene.get("household", ())):
        given.seeker(
            session,
            cipher,
            clock,
            home,
            name="王大山",
            status=status,
            id_number=given.id_number(sequence=31 + number),
        )
    if "work" in scene:
        start_work(session, cipher, clock, person, scene["work"], jobs)
    return person


def start_work(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    person: Person,
    work: dict[str, Any],
    jobs: dict[str, JobPosting],
) -> EmploymentSpell:
    """Work begun on 1 November, paid in that month what is told."""
    begun, keys = date(2026, 11, 1), {"cipher": cipher, "clock": clock}
    if "at" in work:
        spell = spells.open_referred_spell(
            *(session, SYSTEM, person, jobs[work["at"]]),
            starts_on=begun,
            wage_fen=work["promised"],
            evidence=Evidence.VISIT,
            **keys,
        )
    else:
        told = {name: value for name, value in work.items() if name not in ("promised", "got")}
        form = told | {"seeker_id": person.id, "starts_on": begun, "wage_fen": work.get("promised")}
        spell = spells.add_told_spell(session, SYSTEM, SpellIn.model_validate(form), **keys)
    if "got" in work:
        answer = AnswerIn.model_validate({"outcome": "in_post", "method": "phone", "wage_fen": work["got"]})
        answering.answer_month(session, SYSTEM, spell.id, answer, **keys)
    return spell


def ask(session: Session, person: Person, clock: FixedClock) -> SupplementsOut:
    return service.find_for(session, OFFICER, person.id, clock.today())


@pytest.mark.parametrize("scene", SCENES, ids=[scene["id"] for scene in SCENES])
def test_scene(session: Session, cipher: FieldCipher, clock: FixedClock, scene: dict[str, Any]) -> None:
    person = plant(session, cipher, clock, scene)
    told = ask(session, person, clock)
    assert told.income.state == scene["income"]
    found = {item.kind.value: {offer.job.title for offer in item.jobs} for item in told.items}
    assert found == {kind: set(titles) for kind, titles in scene["finds"].items()}
    steps = {
        step.label: [offer.job.title for offer in step.jobs]
        for item in told.items
        for step in item.certificates
    }
    assert steps == scene.get("certificates", {})
    first = {
        offer.job.title: offer.ask_first for item in told.items for offer in item.jobs if offer.ask_first
    }
    assert first == scene.get("ask_first", {})
    assert {item.kind for item in told.items}.isdisjoint(item.kind for item in told.not_now)
    assert len(told.items) + len(told.not_now) == 6
    said = [sentence for item in told.items for sentence in (item.why, item.looks_for, *item.changed)]
    said += [item.why for item in told.not_now]
    assert all(sentence.text and sentence.text_en for sentence in said)


def test_each_of_the_six_has_a_scene() -> None:
    assert {kind for scene in SCENES for kind, titles in scene["finds"].items() if titles} == {
        *("away", "park", "skill", "second", "short", "job")
    }


def test_every_figure_names_its_source(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    scene = SCENES[0]
    person = plant(session, cipher, clock, scene)
    told = ask(session, person, clock).income
    assert told.text == "11 月发了 3,200 元（回访时说的，实发）"
    assert [(measure.code, measure.is_short) for measure in told.measures] == [
        ("minimum", None),
        ("floor", True),
        ("promised", True),
    ]
    assert told.measures[0].text == "当地最低工资没有录，没法比"
    texts = {measure.code: measure.text for measure in told.measures}
    assert texts["floor"] == "本人说一月起码要 4,000 元，没到"
    assert texts["promised"] == "上岗时说好一月 4,500 元，没到"


def test_the_minimum_wage_of_the_place_of_work(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    work = {"title": "电焊工", "employer_name": "某修理铺", "work_place": "铜川市耀州区", "promised": 180000}
    person = plant(session, cipher, clock, {"jobs": [], "seeker": {}, "work": work})
    unknown = ask(session, person, clock).income
    assert (unknown.state, unknown.measures[0].is_short) == ("unknown", None)
    assert unknown.measures[0].text == "当地最低工资没有录，没法比"
    session.add(
        MinimumWageTier(
            province_code="61",
            effective_on=date(2026, 1, 1),
            name="三类",
            month_fen=195000,
            hour_fen=1900,
            areas=["610204"],
            rest=False,
            source="测试用的数",
            updated_at=clock.now(),
        )
    )
    session.flush()
    told = ask(session, person, clock).income
    assert (told.state, told.measures[0].figure_fen) == ("short", 195000)
    assert told.measures[0].text.startswith(
        "铜川市耀州区最低工资一月 1,950 元（三类地区，2026 年 1 月起），没到"
    )


def test_the_month_before_is_told_but_decides_nothing(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    work = {"title": "电焊工", "employer_name": "某铺", "work_place": "铜川市耀州区", "got": 300000}
    person = plant(session, cipher, clock, {"jobs": [], "seeker": {"wage_floor_fen": 200000}, "work": work})
    clock.at = clock.at.replace(month=12)
    spell = session.query(EmploymentSpell).one()
    answer = AnswerIn.model_validate({"outcome": "in_post", "method": "phone", "wage_fen": 260000})
    answering.answer_month(session, SYSTEM, spell.id, answer, cipher=cipher, clock=clock)
    told = ask(session, person, clock).income
    assert (told.pay_fen, told.state) == (260000, "enough")
    assert told.measures[-1].text == "比上月少了 400 元"


def test_the_household_is_told_as_far_as_it_is_known(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    scene = {"jobs": [], "seeker": {}, "status": "farming", "household": ["seeking", "farming"]}
    person = plant(session, cipher, clock, scene)
    assert ask(session, person, clock).household.text == "家里 16 岁以上 3 人，另外 1 人有活，1 人挣多少没记"
    other = next(one for one in session.query(Person).all() if one.status == "seeking")
    work = {"title": "电焊工", "employer_name": "某铺", "promised": 300000}
    start_work(session, cipher, clock, other, work, {})
    told = ask(session, person, clock)
    assert told.household.text == "家里 16 岁以上 3 人，另外 2 人有活，一月共 3,000 元，1 人挣多少没记"
    assert "second" in {item.kind for item in told.not_now}, "the welder is a second line"
