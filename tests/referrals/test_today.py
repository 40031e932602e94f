"""The officer's list of the day: what, in which order, of whose area, in how many statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from app.referrals import queries, shown
from app.referrals.queries import ReferralFilters
from app.referrals.terms import TodayKind
from app.referrals.today import list_today
from tests.referrals.situations import COUNTY, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given


@contextmanager
def counted(scene: Scene) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*facts: Any) -> None:
        statements.append(facts[2])

    connection = scene.session.connection()
    scene.session.flush()
    scene.session.expunge_all()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def busy_week(scene: Scene) -> None:
    """One of each kind, all due by now."""
    arrived = scene.at("onboard", scene.neighbour(), scene.posting())
    scene.at("no_show", scene.neighbour(), scene.posting())
    scene.clock.move(timedelta(days=1))
    scene.at("submitted", scene.neighbour(), scene.posting(profile="season"))
    scene.at("interview", scene.neighbour(), scene.posting())
    scene.at("hired", scene.neighbour(), scene.posting())
    scene.clock.move(timedelta(days=2))
    scene.push(person=scene.neighbour(), job=scene.posting())
    scene.clock.move(timedelta(days=4))
    assert arrived.spell_id


def test_what_is_due_first_stands_first(scene: Scene) -> None:
    busy_week(scene)
    items = list_today(scene.session, VILLAGE, scene.clock)
    assert {item.kind for item in items} == set(TodayKind) - {TodayKind.CONFIRM_DUE}
    assert [item.due_at for item in items] == sorted(item.due_at for item in items)
    assert all(item.person_name for item in items)
    overdue = [item for item in items if item.is_overdue(scene.clock.now())]
    assert len(overdue) >= 4
    for kind in TodayKind:
        only = list_today(scene.session, VILLAGE, scene.clock, kind=kind)
        assert [item.kind for item in only] == [item.kind for item in items if item.kind is kind]
    assert len(list_today(scene.session, VILLAGE, scene.clock, limit=2)) == 2


def test_of_whose_area(scene: Scene) -> None:
    busy_week(scene)
    count = len(list_today(scene.session, VILLAGE, scene.clock))
    for actor in (TOWNSHIP, COUNTY):
        assert len(list_today(scene.session, actor, scene.clock)) == count
        assert list_today(scene.session, actor, scene.clock, region_code=given.OTHER_VILLAGE) == []
    assert list_today(scene.session, scene.member, scene.clock) == []


def test_constant_numbers_of_statements(scene: Scene) -> None:
    counts = []
    for _ in range(2):
        busy_week(scene)
        with counted(scene) as statements:
            list_today(scene.session, TOWNSHIP, scene.clock)
            today = len(statements)
            rows, _ = queries.list_referrals(
                scene.session, TOWNSHIP, ReferralFilters(), scene.clock.now(), limit=50
            )
            shown.show_referrals(scene.session, TOWNSHIP, rows, scene.clock)
            counts.append((today, len(statements) - today))
        fresh = Scene(scene.session, scene.cipher, scene.clock, people_made=50)
        fresh.__dict__["employer"] = scene.session.merge(scene.employer)
        scene = fresh
    assert counts[0] == counts[1]
    assert counts[0][0] == 3
