"""收入不够，下一步帮什么: from a person's page to a pushed posting in three taps."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.referrals.spells import service as spells
from app.referrals.spells.schemas import SpellIn
from app.seekers.models import Person
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.officer_scene import Scene
from tests.web.staff.village import Village


@pytest.fixture
def scene(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village
) -> Iterator[Scene]:
    with database.write() as session:
        yield Scene(session, cipher, clock, village)
        session.flush()


def works_away(scene: Scene) -> Person:
    """Somebody in 深圳 who was promised less than they need."""
    person = scene.neighbour(wage_floor_fen=400000, profiles=["long"])
    told = SpellIn(
        seeker_id=person.id,
        employer_name="某电子厂",
        work_place="广东省深圳市南山区",
        title="普工",
        starts_on=date(2026, 11, 1),
        wage_fen=300000,
    )
    spells.add_told_spell(scene.session, SYSTEM, told, cipher=scene.cipher, clock=scene.clock)
    return person


def test_from_the_person_to_a_pushed_posting(desk: Desk, scene: Scene) -> None:
    person = works_away(scene)
    good = scene.posting(wage={"min_fen": 450000, "max_fen": 500000, "unit": "month"})
    scene.posting(title="熨烫工", wage={"min_fen": 420000, "max_fen": 430000, "unit": "month"})
    day = scene.posting(title="日结搬货", profile="day", wage={"min_fen": 20000, "unit": "day"})
    cheap = scene.posting(title="便宜活", wage={"min_fen": 200000, "max_fen": 200000, "unit": "month"})
    path = f"/staff/people/{person.id}/supplements"
    assert path in desk.see(f"/staff/people/{person.id}")
    assert path in desk.see(f"/staff/people/{person.id}/push")
    html = desk.see(path)
    for words in (
        "挣的不够",
        "深圳市",
        "本人说一月起码要 4,000 元，没到",
        "县外挣得少，看县里的活",
        "只看本县的活",
    ):
        assert words in html
    assert "一月最少也比现在多 1,500 元" in html
    assert good.title in html
    assert cheap.title not in html
    assert day.title in html
    assert "还推不了" in html
    assert f'name=job_id value="{good.id}"' in html
    assert f'name=job_id value="{day.id}"' not in html, "their own wish still shuts it"
    assert "/policies/training" in html
    shown = desk.follow(desk.send(html, path, job_id=str(good.id)))
    assert "推出去了" in shown
    assert "推过了：已推送" in shown
    assert "刚才那次已经记上了" in desk.follow(desk.send(html, path, job_id=str(good.id)))
    other = desk.see(path)
    refused = desk.refused(desk.send(other, path, job_id=str(cheap.id)), 409)
    assert "这个活推荐不了：工钱比你要的低" in refused


def test_somebody_without_work_is_led_to_the_postings(desk: Desk, scene: Scene) -> None:
    person = scene.neighbour()
    html = desk.see(f"/staff/people/{person.id}/supplements")
    assert "眼下没有活" in html
    assert f"/staff/people/{person.id}/push" in html


def test_outside_one_s_village_there_is_no_such_page(desk_of: Any, scene: Scene, village: Village) -> None:
    person = works_away(scene)
    desk_of(village.stranger).see(f"/staff/people/{person.id}/supplements", 404)
