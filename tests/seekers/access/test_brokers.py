"""交办经纪人 and firms: who sees a masked card and a phone, from when until when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Invalid
from app.seekers.access import cards, service
from app.seekers.access.errors import NoSuchBroker, NotAssigned
from app.seekers.errors import PersonNotFound
from app.seekers.models import Person
from app.seekers.privacy.errors import ConsentMissing
from app.seekers.privacy.terms import ConsentPurpose
from tests.employers.factories import SignIn, verified_employer
from tests.seekers.access.situations import broker, say
from tests.seekers.factories import (
    FAR_VILLAGE,
    OTHER_COUNTY,
    county_officer,
    household,
    id_number,
    seeker,
    village_officer,
)

UNTIL = date(2026, 11, 30)
S = "/api/v1/seekers"


def agreed(session: Session, clock: FixedClock, cipher: FieldCipher, **more: object) -> Person:
    person = seeker(session, cipher, clock, **more)
    say(session, clock, cipher, person.id, ConsentPurpose.SHARE_WITH_BROKERS)
    return person


def assign(
    session: Session, clock: FixedClock, cipher: FieldCipher, person: Person, to: Actor, until: date = UNTIL
) -> None:
    service.assign_broker(
        session, village_officer(), person.id, to.user_id or 0, until, cipher=cipher, clock=clock
    )


def seen(session: Session, actor: Actor, clock: FixedClock) -> list[int]:
    return [each.card.id for each in cards.list_assigned(session, actor, clock.now(), clock.today())]


def test_a_broker_has_the_person_through_the_day_and_not_a_moment_longer(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person, to = agreed(session, clock, cipher), broker(session, clock)
    assign(session, clock, cipher, person, to)
    assert seen(session, to, clock) == [person.id]
    # 23:59 in Beijing on the last day, then midnight.
    clock.move(timedelta(days=8, hours=14, minutes=59))
    assert clock.today() == UNTIL
    assert seen(session, to, clock) == [person.id]
    clock.move(timedelta(minutes=1))
    assert seen(session, to, clock) == []
    with pytest.raises(PersonNotFound):
        cards.get_reachable(session, to, person.id, clock.now())


def test_taken_back_it_ends_at_once(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    person, to = agreed(session, clock, cipher), broker(session, clock)
    assign(session, clock, cipher, person, to)
    clock.move(timedelta(hours=1))
    told = {"cipher": cipher, "clock": clock}
    service.end_assignment(session, village_officer(), person.id, to.user_id or 0, **told)
    assert seen(session, to, clock) == []
    with pytest.raises(NotAssigned):
        service.end_assignment(session, village_officer(), person.id, to.user_id or 0, **told)


def test_without_the_persons_yes_nothing_goes_and_a_no_ends_it(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person, to = seeker(session, cipher, clock), broker(session, clock)
    with pytest.raises(ConsentMissing):
        assign(session, clock, cipher, person, to)
    say(session, clock, cipher, person.id, ConsentPurpose.SHARE_WITH_BROKERS)
    assign(session, clock, cipher, person, to)
    assert seen(session, to, clock) == [person.id]
    say(session, clock, cipher, person.id, ConsentPurpose.SHARE_WITH_BROKERS, yes=False)
    assert seen(session, to, clock) == []


def test_again_with_another_day_it_is_the_same_assignment(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    person, to = agreed(session, clock, cipher), broker(session, clock)
    for day in (UNTIL, UNTIL + timedelta(days=5)):
        assign(session, clock, cipher, person, to, day)
    running = service.list_assignments(session, village_officer(), person.id, clock)
    assert [(each.broker_name, each.ends_at.date()) for each in running] == [("老陈", date(2026, 12, 5))]


def test_what_is_refused(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    person, to = agreed(session, clock, cipher), broker(session, clock)
    far = broker(session, clock, OTHER_COUNTY, "别县的")
    for day in (date(2026, 11, 21), date(2028, 1, 1)):
        with pytest.raises(Invalid):
            assign(session, clock, cipher, person, to, day)
    with pytest.raises(NoSuchBroker):
        assign(session, clock, cipher, person, far)
    for stranger in (village_officer(FAR_VILLAGE), to):
        with pytest.raises(PersonNotFound):
            service.assign_broker(
                session, stranger, person.id, to.user_id or 0, UNTIL, cipher=cipher, clock=clock
            )
    looking = Actor(9, "同事", (Grant(Role.COUNTY_OFFICER, "610204", is_read_only=True),))
    with pytest.raises(Forbidden):
        service.assign_broker(session, looking, person.id, to.user_id or 0, UNTIL, cipher=cipher, clock=clock)


def test_the_brokers_list_takes_the_same_statements_for_one_and_for_many(
    session: Session, clock: FixedClock, cipher: FieldCipher, shared_engine: Engine
) -> None:
    to, home = broker(session, clock), household(session, cipher, clock)
    counts = []
    for number in range(4):
        who = {"home": home, "name": "王兰", "id_number": id_number(sequence=20 + 2 * number)}
        assign(session, clock, cipher, agreed(session, clock, cipher, **who), to)
        session.flush()
        with counted(shared_engine) as statements:
            assert len(seen(session, to, clock)) == number + 1
        counts.append(len(statements))
    assert counts == [2, 2, 2, 2]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_broker_over_the_api(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher, sign_in: SignIn
) -> None:
    person, to = agreed(session, clock, cipher, limits=["night"]), broker(session, clock)
    session.commit()
    sign_in(village_officer())
    body = {"broker_user_id": to.user_id, "until_on": "2026-11-30"}
    assert client.post(f"{S}/{person.id}/brokers", json=body).status_code == 201
    sign_in(to)
    card = client.get(f"{S}/{person.id}").json()
    assert (card["name"], card["age"], card["age_band"]) == ("王*兰", 50, "50–54 岁")
    assert (card["is_masked"], card["can_do"]) == (True, None)
    hidden = {"phone", "id_number", "limits", "household_id", "class", "training_wish", "birth_on"}
    assert hidden & card.keys() == set()
    told = client.post(f"{S}/{person.id}/reveal", json={"field": "phone"})
    assert told.json() == {"field": "phone", "value": "13900002041"}
    for field in ("id_number", "health", "ledger"):
        asked = {"field": field, "reason": "核对身份办补贴"}
        assert client.post(f"{S}/{person.id}/reveal", json=asked).status_code in (403, 404)
    assert client.get(f"{S}/{person.id}/timeline").status_code == 404
    looks = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == to.user_id)).all()
    assert [(e.action, e.resource, e.role) for e in looks] == [("read", "phone", "broker")]


def test_a_firm_sees_who_applied_and_reveals_phones_within_its_quota(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher, sign_in: SignIn
) -> None:
    person = seeker(session, cipher, clock, limits=["night"], health={"健康状况": "腰不好"})
    firm = verified_employer(session, clock)
    boss = Actor(5, "厂长", (Grant(Role.EMPLOYER, employer_id=firm.id),))
    session.commit()
    sign_in(boss)
    assert client.get(f"{S}/{person.id}").status_code == 404
    for _ in range(2):
        service.tie_employer(session, person.id, firm.id, clock.now())
    session.commit()
    answer = client.get(f"{S}/{person.id}")
    card = answer.json()
    assert card["name"] == "王*兰"
    assert "搬重东西" in card["can_do"]
    assert "上夜班" not in card["can_do"]
    assert "腰不好" not in answer.text
    for _ in range(20):
        told = client.post(f"{S}/{person.id}/reveal", json={"field": "phone"})
        assert told.json()["value"] == "13900002041"
    assert client.post(f"{S}/{person.id}/reveal", json={"field": "phone"}).status_code == 429
    say(session, clock, cipher, person.id, ConsentPurpose.SHARE_WITH_EMPLOYERS, yes=False)
    session.commit()
    assert client.get(f"{S}/{person.id}").status_code == 404


def test_officers_ask_nothing_more_than_before(
    session: Session, clock: FixedClock, cipher: FieldCipher, shared_engine: Engine
) -> None:
    person = seeker(session, cipher, clock)
    with counted(shared_engine) as statements:
        now, today = clock.now(), clock.today()
        cards.show_card(session, county_officer(), person.id, now, today, cipher=cipher)
    assert len(statements) == 2
