"""One asks, another answers, the first makes use of it; nobody is both."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.second_person import queries, service
from app.accounts.second_person.errors import (
    AskedBefore,
    ConfirmationNotFound,
    MorePeople,
    NotApproved,
    NotWaiting,
    OwnRequest,
)
from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind, ConfirmationState
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.errors import Forbidden, Invalid
from app.core.settings import Settings
from tests.accounts.situations import COUNTY, OTHER_COUNTY, TOWN, VILLAGE, add_regions, staff_member

EXPORT = ConfirmationKind.PEOPLE_EXPORT


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


class Office:
    """Two county officers, one of the next county, one of the township, one of the village."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        add_regions(session)
        self.first = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "first")
        self.second = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "second")
        self.far = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY, "far")
        self.town = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN, "town")
        self.village = staff_member(session, clock, Role.VILLAGE_OFFICER, VILLAGE, "village")
        self.city = staff_member(session, clock, Role.CITY_VIEWER, "610200", "city")


@pytest.fixture
def office(session: Session, clock: FixedClock) -> Office:
    return Office(session, clock)


def ask(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    actor: Actor,
    code: str = COUNTY,
    kind: ConfirmationKind = EXPORT,
    **more: object,
) -> Confirmation:
    given = {"people": 40, "reason": "上报省厅的季报", "detail": {"shape": "persons"}} | more
    return service.ask(session, cipher, clock, actor, kind, region_code=code, **given)  # type: ignore[arg-type]


def test_asked_approved_and_used_until_it_runs_out(
    session: Session, cipher: FieldCipher, clock: FixedClock, office: Office
) -> None:
    asked = ask(session, cipher, clock, office.first)
    assert queries.list_waiting(session, office.second, clock.now()) == [asked]
    assert queries.list_waiting(session, office.first, clock.now()) == []
    with pytest.raises(NotApproved):
        service.take(session, clock, office.first, asked.id, people=40)
    clock.move(timedelta(days=6))
    service.approve(session, cipher, clock, office.second, asked.id, "核对过")
    assert queries.list_waiting(session, office.second, clock.now()) == []
    for people in (40, 39):
        assert service.take(session, clock, office.first, asked.id, people=people).detail == {
            "shape": "persons"
        }
    with pytest.raises(MorePeople):
        service.take(session, clock, office.first, asked.id, people=41)
    with pytest.raises(ConfirmationNotFound):
        service.take(session, clock, office.second, asked.id, people=1)
    clock.move(timedelta(days=3))
    with pytest.raises(NotApproved):
        service.take(session, clock, office.first, asked.id, people=40)
    session.commit()
    said = session.scalars(select(AuditEntry.detail).where(AuditEntry.resource == "people_file")).all()
    assert len(said) == 2
    assert '"step":"asked"' in said[0]
    assert '"step":"approved"' in said[1]


def test_nobody_answers_themself_and_strangers_do_not_know_of_it(
    session: Session, cipher: FieldCipher, clock: FixedClock, office: Office
) -> None:
    asked = ask(session, cipher, clock, office.first, TOWN)
    for step in (service.approve, service.carry_out):
        with pytest.raises(OwnRequest):
            step(session, cipher, clock, office.first, asked.id)
    with pytest.raises(OwnRequest):
        service.refuse(session, cipher, clock, office.first, asked.id, "算了不导了")
    # Who exports masked only can't answer for numbers in full; the others are elsewhere or only count.
    for stranger in (office.far, office.town, office.village, office.city):
        assert queries.list_waiting(session, stranger, clock.now()) == []
        with pytest.raises(ConfirmationNotFound):
            service.approve(session, cipher, clock, stranger, asked.id)
    with pytest.raises(ConfirmationNotFound):
        service.withdraw(session, cipher, clock, office.second, asked.id)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            insert(Confirmation).values(
                kind=EXPORT,
                state=ConfirmationState.APPROVED,
                region_code=COUNTY,
                people=1,
                reason="自己点自己",
                answer_reason="",
                asked_by_id=office.first.user_id,
                answered_by_id=office.first.user_id,
                asked_at=clock.now(),
                expires_at=clock.now(),
            )
        )


def test_a_refusal_says_why_and_ends_it(
    session: Session, cipher: FieldCipher, clock: FixedClock, office: Office
) -> None:
    asked = ask(session, cipher, clock, office.first)
    with pytest.raises(Invalid):
        service.refuse(session, cipher, clock, office.second, asked.id, "不")
    service.refuse(session, cipher, clock, office.second, asked.id, "省厅没有要，13900002041 打过去问的")
    assert asked.state is ConfirmationState.REFUSED
    assert "13900002041" not in asked.answer_reason
    for late in (service.approve, service.carry_out):
        with pytest.raises(NotWaiting):
            late(session, cipher, clock, office.second, asked.id)
    with pytest.raises(NotWaiting):
        service.withdraw(session, cipher, clock, office.first, asked.id)
    with pytest.raises(NotApproved):
        service.take(session, clock, office.first, asked.id, people=1)
    assert queries.list_own(session, office.first) == [asked]


def test_what_was_withdrawn_or_ran_out_can_not_be_approved(
    session: Session, cipher: FieldCipher, clock: FixedClock, office: Office
) -> None:
    gone = ask(session, cipher, clock, office.first)
    service.withdraw(session, cipher, clock, office.first, gone.id)
    with pytest.raises(NotWaiting):
        service.approve(session, cipher, clock, office.second, gone.id)
    late = ask(session, cipher, clock, office.first)
    clock.move(timedelta(days=7))
    assert queries.list_waiting(session, office.second, clock.now()) == []
    with pytest.raises(NotWaiting):
        service.approve(session, cipher, clock, office.second, late.id)


def test_about_one_record_only_one_request_waits(
    session: Session, cipher: FieldCipher, clock: FixedClock, office: Office
) -> None:
    about = {"kind": ConfirmationKind.ERASURE, "subject_id": 7, "people": 1}
    asked = ask(session, cipher, clock, office.village, VILLAGE, **about)  # type: ignore[arg-type]
    with pytest.raises(AskedBefore):
        ask(session, cipher, clock, office.town, VILLAGE, **about)  # type: ignore[arg-type]
    assert queries.list_waiting(session, office.town, clock.now()) == [asked]
    clock.move(timedelta(days=7))
    ask(session, cipher, clock, office.town, VILLAGE, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(("reason", "error"), [("季报", Invalid), ("    ", Invalid)])
def test_asking_needs_a_reason_and_a_person(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    office: Office,
    reason: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        ask(session, cipher, clock, office.first, reason=reason)
    with pytest.raises(Forbidden):
        ask(session, cipher, clock, SYSTEM)


def test_of_many_answers_at_once_one_counts(own_database: Database, clock: FixedClock) -> None:
    cipher = FieldCipher("a key that is long enough for every test")
    with own_database.write() as session:
        office = Office(session, clock)
        asked_id = ask(session, cipher, clock, office.first).id

    def answer(number: int) -> bool:
        try:
            with own_database.write() as session:
                if number % 2:
                    service.approve(session, cipher, clock, office.second, asked_id)
                else:
                    service.refuse(session, cipher, clock, office.second, asked_id, "不用导这么多人")
        except NotWaiting:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(answer, range(8))) == 1
    with own_database.read() as session:
        steps = select(func.count()).where(AuditEntry.resource == "people_file")
        assert session.scalar(steps) == 2
