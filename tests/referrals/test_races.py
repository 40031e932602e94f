"""Many at once: the last place goes to one, one decision counts, one intent makes one row."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.errors import AppError
from app.core.settings import Settings
from app.jobs.models import JobPosting
from app.referrals import by_link, moving, offering
from app.referrals.models import Referral, ReferralEvent
from app.referrals.schemas import Move, ReferralIn
from app.referrals.terms import ReferralAction, ReferralState
from tests.referrals.situations import TOWNSHIP, VILLAGE, Scene

HIRED, SUBMITTED = ReferralState.HIRED, ReferralState.SUBMITTED


class Crowd:
    """People at one posting, and what they try at the same instant."""

    def __init__(self, database: Database, cipher: FieldCipher, clock: FixedClock, size: int) -> None:
        self.database, self.cipher, self.clock = database, cipher, clock
        with database.write() as session:
            scene = Scene(session, cipher, clock)
            job = scene.posting(openings=1)
            self.job_id, self.member = job.id, scene.member
            self.people = [scene.neighbour().id for _ in range(size)]
            self.other_jobs = [scene.posting().id for _ in range(4)]

    def send_all(self) -> list[int]:
        """Everybody referred and submitted; returns the referrals."""
        made = []
        with self.database.write() as session:
            for person_id in self.people:
                data = ReferralIn(job_id=self.job_id, seeker_id=person_id)
                referral = offering.push_referral(session, VILLAGE, data, **self.keys)
                for action, form in (
                    ("interested", {"on_behalf": {"method": "phone", "consent": True}}),
                    ("submit", {}),
                ):
                    self.move(session, VILLAGE, referral.id, action, **form)
                made.append(referral.id)
        return made

    @property
    def keys(self) -> dict[str, Any]:
        return {"cipher": self.cipher, "clock": self.clock}

    def move(self, session: Session, actor: Actor, referral_id: int, action: str, **form: Any) -> None:
        move = Move.model_validate({"action": action, **form})
        moving.move_referral(session, actor, referral_id, move, **self.keys)

    def at_once(self, acts: list[Callable[[Session], None]]) -> Counter[str]:
        """Runs the acts in threads that start together, each in a transaction of its own, tried again where
        the database was busy."""
        start = Barrier(len(acts))

        def run(act: Callable[[Session], None]) -> str:
            start.wait()
            while True:
                try:
                    with self.database.write() as session:
                        act(session)
                    return "done"
                except AppError as error:
                    return error.code
                except IntegrityError:
                    return "integrity"
                except (OperationalError, PoolTimeout):
                    continue

        with ThreadPoolExecutor(len(acts)) as pool:
            return Counter(pool.map(run, acts))

    def states(self) -> Counter[ReferralState]:
        with self.database.read() as session:
            return Counter(session.scalars(select(Referral.state).where(Referral.job_id == self.job_id)))

    def places(self) -> tuple[int, int]:
        with self.database.read() as session:
            job = session.get_one(JobPosting, self.job_id)
            return job.held, job.filled


@pytest.fixture
def make_crowd(own_database: Database, own_settings: Settings, clock: FixedClock) -> Callable[[int], Crowd]:
    def make(size: int) -> Crowd:
        return Crowd(own_database, cipher_of(own_settings), clock, size)

    return make


def claim(crowd: Crowd, referral_id: int) -> Callable[[Session], None]:
    form = {"starts_on": str(crowd.clock.today()), "wage_fen": 300000}
    return lambda session: crowd.move(session, crowd.member, referral_id, "hire", **form)


def rounds(crowd: Crowd, count: int) -> None:
    referrals = crowd.send_all()
    for _ in range(count):
        outcomes = crowd.at_once([claim(crowd, number) for number in referrals])
        assert outcomes == {"done": 1, "job_full": len(referrals) - 1}
        assert crowd.states() == {HIRED: 1, SUBMITTED: len(referrals) - 1}
        assert crowd.places() == (1, 0)
        with crowd.database.write() as session:
            events = session.scalars(select(ReferralEvent).where(ReferralEvent.to_state == "hired")).all()
            assert len(events) == 1
            session.execute(delete(ReferralEvent).where(ReferralEvent.to_state == "hired"))
            back = {"state": SUBMITTED, "employer_answered_at": None, "starts_on": None, "wage_fen": None}
            session.execute(update(Referral).values(**back))
            session.execute(update(JobPosting).values(held=0))


def test_the_last_place_goes_to_one(make_crowd: Callable[[int], Crowd]) -> None:
    rounds(make_crowd(40), 1)


@pytest.mark.slow
def test_the_last_place_goes_to_one_a_thousand_times(make_crowd: Callable[[int], Crowd]) -> None:
    rounds(make_crowd(200), 1000)


def test_of_two_decisions_one_counts(make_crowd: Callable[[int], Crowd]) -> None:
    crowd = make_crowd(1)
    (number,) = crowd.send_all()
    refuse = {"reason": "full", "told_by": "phone"}
    acts = [
        claim(crowd, number),
        lambda session: crowd.move(session, TOWNSHIP, number, "refuse", **refuse),
        claim(crowd, number),
        lambda session: crowd.move(session, TOWNSHIP, number, "pool", told_by="phone"),
    ]
    outcomes = crowd.at_once(acts)
    assert outcomes["done"] in (1, 2), "after `pool` the firm may still decide"
    assert sum(crowd.states().values()) == 1
    with crowd.database.read() as session:
        steps = list(session.scalars(select(ReferralEvent.to_state).order_by(ReferralEvent.id)))[3:]
    assert len(steps) == outcomes["done"]
    assert steps in (["hired"], ["refused"], ["pooled", "hired"], ["pooled", "refused"])


def test_a_double_click_makes_one_row(make_crowd: Callable[[int], Crowd]) -> None:
    crowd = make_crowd(1)
    data = ReferralIn(job_id=crowd.job_id, seeker_id=crowd.people[0])
    pushes = [lambda s: offering.push_referral(s, VILLAGE, data, **crowd.keys) and None] * 8
    outcomes = crowd.at_once(pushes)
    assert outcomes == {"done": 1, "gate_closed": 7}
    assert crowd.states() == {ReferralState.OFFERED: 1}


def test_three_offers_stay_three(make_crowd: Callable[[int], Crowd]) -> None:
    crowd = make_crowd(1)

    def push(job_id: int) -> Callable[[Session], None]:
        data = ReferralIn(job_id=job_id, seeker_id=crowd.people[0])
        return lambda session: offering.push_referral(session, VILLAGE, data, **crowd.keys) and None

    outcomes = crowd.at_once([push(job_id) for job_id in (crowd.job_id, *crowd.other_jobs)])
    assert outcomes == {"done": 3, "gate_closed": 2}


def test_the_same_key_takes_one_step(make_crowd: Callable[[int], Crowd]) -> None:
    crowd = make_crowd(1)
    (number,) = crowd.send_all()
    view = {"told_by": "phone", "idempotency_key": "tap 9"}
    acts = [lambda session: crowd.move(session, TOWNSHIP, number, "view", **view)] * 6
    assert crowd.at_once(acts) == {"done": 6}
    with crowd.database.read() as session:
        assert len(session.scalars(select(ReferralEvent).where(ReferralEvent.action == "view")).all()) == 1


def test_the_same_tap_by_the_personal_link_takes_one_step(make_crowd: Callable[[int], Crowd]) -> None:
    """Tapped six times on a bad line: everybody is shown the one answer, nobody an error."""
    crowd = make_crowd(1)
    data = ReferralIn(job_id=crowd.job_id, seeker_id=crowd.people[0])
    with crowd.database.write() as session:
        number = offering.push_referral(session, VILLAGE, data, **crowd.keys).id
    yes = Move(action=ReferralAction.INTERESTED, idempotency_key="link:tap 1")
    acts = [lambda session: by_link.move_by_link(session, number, yes, **crowd.keys) and None] * 6
    assert crowd.at_once(acts) == {"done": 6}
    with crowd.database.read() as session:
        steps = session.scalars(select(ReferralEvent).where(ReferralEvent.action == "interested")).all()
        assert len(steps) == 1
