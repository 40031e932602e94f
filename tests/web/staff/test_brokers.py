"""Giving people to a labour broker, and the broker's own list."""

from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.seekers.privacy.consents import record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from tests.accounts.situations import TOWN, staff_member
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import PHONE, Village


@pytest.fixture
def broker(database: RolledBackDatabase, clock: FixedClock, village: Village) -> Actor:
    with database.write() as session:
        return staff_member(session, clock, Role.BROKER, TOWN, "laochen")


def agree(
    database: RolledBackDatabase, clock: FixedClock, settings: Settings, village: Village, yes: bool = True
) -> None:
    said = ConsentIn(purpose=ConsentPurpose.SHARE_WITH_BROKERS, is_given=yes, method=ConsentMethod.VISIT)
    with database.write() as session:
        record_consent(session, village.officer, village.wife, said, cipher=cipher_of(settings), clock=clock)


def test_from_the_persons_page_to_the_brokers_list(
    database: RolledBackDatabase,
    clock: FixedClock,
    shared_settings: Settings,
    desk: Desk,
    desk_of: Any,
    village: Village,
    broker: Actor,
) -> None:
    page = f"/staff/people/{village.wife}/brokers"
    assert page in desk.see(f"/staff/people/{village.wife}")
    typed = {"broker_id": str(broker.user_id), "until_on": "2026-11-30"}
    refused = desk.refused(desk.send(desk.see(page), page, **typed), 409)
    assert "还没有同意" in refused
    agree(database, clock, shared_settings, village)
    late = desk.send(desk.see(page), page, **typed | {"until_on": "2026-11-01"})
    assert "一年以内" in desk.refused(late, 422)
    done = desk.follow(desk.send(desk.see(page), page, **typed))
    assert "交好了" in done
    assert "11 月 30 日" in done

    theirs = desk_of(broker)
    assert 'href="/staff/assigned"' in theirs.see("/staff")
    shown = theirs.see("/staff/assigned")
    assert "赵*霞" in shown
    assert "赵改霞" not in shown
    assert PHONE not in shown.replace(" ", "")
    opened = theirs.send(shown, f"/staff/assigned/{village.wife}/phone")
    assert PHONE in opened.text.replace(" ", "")
    with database.write() as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == broker.user_id)).all()
        assert [(e.resource, e.subject_id, e.role) for e in looks] == [("phone", village.wife, "broker")]
    # Nobody else's, and no page of the whole file.
    assert theirs.send(shown, f"/staff/assigned/{village.husband}/phone").status_code == 404
    assert theirs.client.get(f"/staff/people/{village.wife}").status_code == 404

    taken = desk.follow(desk.send(desk.see(page), f"{page}/end", broker_id=str(broker.user_id)))
    assert "收回了" in taken
    assert "眼下没有" in theirs.see("/staff/assigned")


def test_only_who_has_the_area_assigns(desk_of: Any, village: Village, broker: Actor) -> None:
    for actor in (village.stranger, broker):
        answer = desk_of(actor).client.get(f"/staff/people/{village.wife}/brokers")
        assert answer.status_code == 404
