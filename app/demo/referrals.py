"""送岗的样子: a few referrals and wishes of 柳树塬村, so that an officer's list of the day is not empty.

They go through the same services as real ones, at moments of the last two weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts.actor import Actor
from app.core.clock import Clock, FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import AppError
from app.demo import numbers
from app.jobs import queries as job_queries
from app.jobs.queries import JobFilters
from app.matching import service as matching
from app.referrals import offering
from app.referrals import queries as referral_queries
from app.referrals.models import Referral
from app.referrals.moving import move_referral
from app.referrals.queries import ReferralFilters
from app.referrals.schemas import Move, ReferralIn
from app.referrals.wishes import service as wishes
from app.referrals.wishes.schemas import WishIn
from app.referrals.wishes.service import Asked
from app.referrals.wishes.terms import WishWay
from app.regions import queries as region_queries
from app.regions.terms import Reach
from app.seekers import queries as seeker_queries
from app.seekers.queries import PeopleFilters
from app.seekers.terms import SeekerStatus

_YES = {"on_behalf": {"method": "phone", "consent": True}}
_TOLD = {"told_by": "phone"}
# How far each got, with how many days ago each step was: (action, days ago, what goes with it).
_LIVES: tuple[tuple[tuple[str, int, dict[str, Any]], ...], ...] = (
    (("push", 1, {}),),
    (("push", 4, {}),),
    (("push", 2, {}), ("interested", 1, _YES)),
    (("push", 9, {}), ("interested", 8, _YES), ("submit", 8, {})),
    (("push", 6, {}), ("interested", 5, _YES), ("submit", 5, {}), ("interview", 2, _TOLD)),
    (
        ("push", 14, {}),
        ("interested", 13, _YES),
        ("submit", 13, {}),
        ("hire", 10, _TOLD | {"wage_fen": 300_000}),
        ("arrive", 8, {"evidence": "visit"}),
    ),
)
_WISHES = (("张秀梅", WishWay.WANT), ("李冬生", WishWay.ASK))
_WISH_PHONE_SERIAL = 9_900


@dataclass(frozen=True)
class _Desk:
    session: Session
    village: Actor
    township: Actor
    cipher: FieldCipher
    clock: Clock

    def ago(self, days: int) -> FixedClock:
        return FixedClock(self.clock.now() - timedelta(days=days))


def load_referrals(session: Session, cipher: FieldCipher, clock: Clock, village_code: str) -> int:
    """Makes them where the village has none yet; returns how many referrals there are now. Does nothing
    without the demo's officers."""
    officers = [account_queries.find_staff(session, name) for name in ("village", "township")]
    if None in officers:
        return 0
    village, township = (
        account_queries.actor_of(session, officer, clock.now()) for officer in officers if officer
    )
    desk = _Desk(session, village, township, cipher, clock)
    made = sum(_live(desk, person_id, life) for person_id, life in zip(_people(desk), _LIVES, strict=False))
    if made:
        _wish(desk, village_code)
    return made


def _people(desk: _Desk) -> Iterator[int]:
    """People of the village who look for work and have no referral, in the order they were entered."""
    filters = PeopleFilters(status=SeekerStatus.SEEKING, seekers_only=True)
    found, _ = seeker_queries.list_people(
        desk.session, desk.village, filters, desk.clock.today(), limit=4 * len(_LIVES)
    )
    known, _ = referral_queries.list_referrals(
        desk.session, desk.village, ReferralFilters(), desk.clock.now(), limit=1
    )
    if not known:
        yield from (person.id for person in found)


def _live(desk: _Desk, person_id: int, life: tuple[tuple[str, int, dict[str, Any]], ...]) -> bool:
    """One referral as far as it got; False where nothing fits this person."""
    ranking = matching.match_seeker(desk.session, desk.village, person_id, desk.clock.today(), limit=1)
    if not ranking.items:
        return False
    data = ReferralIn(job_id=ranking.items[0].job.id, seeker_id=person_id)
    referral: Referral | None = None
    try:
        for action, days, more in life:
            if referral is None:
                referral = offering.push_referral(
                    desk.session, desk.village, data, cipher=desk.cipher, clock=desk.ago(days)
                )
            else:
                _move(desk, referral, action, days, more)
    except AppError:
        # A posting that is full or a gate that has shut since: the next person will do.
        return referral is not None
    return True


def _move(desk: _Desk, referral: Referral, action: str, days: int, more: dict[str, Any]) -> None:
    by = desk.village if action == "interested" else desk.township
    form: dict[str, Any] = {"action": action, **more}
    if action == "interview":
        form["starts_on"] = desk.clock.today() + timedelta(days=1)
    elif action == "hire":
        form["starts_on"] = desk.clock.today() - timedelta(days=8)
    move_referral(
        desk.session, by, referral.id, Move.model_validate(form), cipher=desk.cipher, clock=desk.ago(days)
    )


def _wish(desk: _Desk, village_code: str) -> None:
    """Two people asked at the poster this morning."""
    region = region_queries.get_region(desk.session, village_code)
    filters = JobFilters(region_code=region.code, within=Reach.COUNTY)
    jobs, _ = job_queries.list_open_jobs(desk.session, filters, desk.clock.today(), limit=len(_WISHES))
    for at, (job, (name, way)) in enumerate(zip(jobs, _WISHES, strict=False)):
        data = WishIn(name=name, phone=numbers.phone(_WISH_PHONE_SERIAL + at), way=way)
        asked = Asked(form_key=f"demo {at}", visitor=f"demo {at}", region_code=region.code)
        wishes.take_wish(desk.session, job.id, data, asked, cipher=desk.cipher, clock=desk.clock)
