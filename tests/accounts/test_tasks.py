"""What is over is thrown away; what is in use stays."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts import queries, signing_in
from app.accounts.models import AccountEvent, PhoneCode, User, UserSession
from app.accounts.sessions import open_session
from app.accounts.tasks import FORGET, forget_what_is_over
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.ratelimit import RateHit
from app.core.tasks import TaskContext, registered_tasks
from tests.accounts.situations import HOME, PHONE, Outbox, officer_who_can_sign_in


def counts(database: Database) -> list[int]:
    with database.read() as session:
        tables = (PhoneCode, UserSession, RateHit)
        return [session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]


def forget(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        forget_what_is_over(TaskContext(session, clock), {})


def test_old_codes_sessions_and_hits_go(
    places: Database, clock: FixedClock, cipher: FieldCipher, outbox: Outbox
) -> None:
    officer = officer_who_can_sign_in(places, clock)
    signing_in.request_phone_code(places, clock, cipher, outbox, HOME, phone=PHONE, asker="browser")
    with places.write() as session:
        open_session(session, clock, session.get_one(User, officer))
    assert counts(places) == [1, 1, 3]
    forget(places, clock)
    assert counts(places) == [1, 1, 3]
    clock.move(timedelta(days=1, seconds=1))
    forget(places, clock)
    assert counts(places) == [0, 1, 0]
    clock.move(timedelta(days=31))
    with places.write() as session:
        token = open_session(session, clock, session.get_one(User, officer))
    forget(places, clock)
    assert counts(places) == [0, 1, 0]
    with places.read() as session:
        assert queries.find_by_session(session, token, clock.now())
        assert session.scalar(select(func.count()).select_from(AccountEvent))


def test_the_task_is_registered() -> None:
    assert registered_tasks()[FORGET] is forget_what_is_over
