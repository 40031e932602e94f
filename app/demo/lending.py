"""借人的样子: people at work in two firms of the demo county, seen there by an officer; two of them lent from
one to the other, of whom one should have been back. Through the services that everybody uses, in the past.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock, FixedClock
from app.core.crypto import FieldCipher
from app.jobs import queries as job_queries
from app.jobs.queries import JobFilters
from app.labour_sharing import service as sharing
from app.labour_sharing import staying
from app.labour_sharing.schemas import AgreementIn, FirmWord, NameIn, StayStep
from app.labour_sharing.terms import SharingSide
from app.referrals.spells import answering
from app.referrals.spells import service as spells
from app.referrals.spells.models import EmploymentSpell
from app.referrals.spells.schemas import AnswerIn
from app.referrals.terms import Channel, CheckOutcome, Evidence
from app.seekers import queries as seeker_queries
from app.seekers.queries import PeopleFilters
from app.seekers.terms import SeekerStatus

HOME: Final = "铜川和暖服饰有限公司"
HOST: Final = "小丘针织社区工厂"
_WORKERS: Final = {HOME: 6, HOST: 14}
_PAY_FEN: Final = (240_000, 260_000, 285_000, 310_000)


def load_lending(
    session: Session, cipher: FieldCipher, clock: Clock, firms: Mapping[str, int], county_code: str
) -> None:
    """Puts people to work at both firms and lends two. For a county in which nobody is lent yet."""
    began = FixedClock(clock.now() - timedelta(days=60))
    filters = PeopleFilters(region_code=county_code, status=SeekerStatus.SEEKING, seekers_only=True)
    people, _next = seeker_queries.list_people(session, SYSTEM, filters, clock.today(), limit=200)
    # The first ones are in other parts of the demo.
    waiting = iter(people[-sum(_WORKERS.values()) :])
    at_home: list[EmploymentSpell] = []
    for name, number in _WORKERS.items():
        jobs, _next = job_queries.list_open_jobs(
            session, JobFilters(employer_id=firms[name]), clock.today(), limit=1
        )
        for place, person in zip(range(number), waiting, strict=False):
            if not jobs:
                continue
            spell = spells.open_referred_spell(
                session,
                SYSTEM,
                person,
                jobs[0],
                starts_on=began.today(),
                wage_fen=_PAY_FEN[place % len(_PAY_FEN)],
                evidence=Evidence.VISIT,
                cipher=cipher,
                clock=began,
            )
            told = AnswerIn(
                outcome=CheckOutcome.IN_POST,
                method=Channel.VISIT,
                told_on=began.today() + timedelta(days=30),
                wage_fen=_PAY_FEN[place % len(_PAY_FEN)],
            )
            answering.answer_month(session, SYSTEM, spell.id, told, cipher=cipher, clock=clock)
            at_home += [spell] if name == HOME else []
    for spell, days in zip(at_home, (35, 45), strict=False):
        _lend(session, clock, firms, spell, days)


def _lend(
    session: Session, clock: Clock, firms: Mapping[str, int], spell: EmploymentSpell, days: int
) -> None:
    """Forty days ago, for so many days."""
    then = FixedClock(clock.now() - timedelta(days=40))
    form = AgreementIn(
        home_employer_id=firms[HOME],
        host_employer_id=firms[HOST],
        title="缝纫工",
        headcount=2,
        starts_on=then.today(),
        ends_on=then.today() + timedelta(days=days),
        wage_fen=320_000,
        terms_read=True,
    )
    agreement = sharing.propose_agreement(session, SYSTEM, form, then)
    for side in SharingSide:
        word = FirmWord(side=side, said_by=Channel.PAPER)
        sharing.agree(session, SYSTEM, agreement.id, word, then)
    stay = staying.name_worker(session, SYSTEM, agreement.id, NameIn(spell_id=spell.id), then)
    for step in (StayStep(action="consent", said_by=Channel.VISIT), StayStep(action="move")):
        stay = staying.step_stay(session, SYSTEM, stay.id, step, then)
